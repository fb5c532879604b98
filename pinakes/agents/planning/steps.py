"""From what each clause needs to steps with dependencies and stand-alone intents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pinakes.agents.planning.choose import Needs
from pinakes.agents.planning.clause import Mood, named_kinds
from pinakes.agents.planning.phrases import is_noun_phrase, side_of
from pinakes.agents.planning.read import Part
from pinakes.agents.planning.view import ANALYSIS, SEARCH
from pinakes.core.files import MediaType
from pinakes.core.plans import MAX_STEPS, PlanRequest, Step

MAX_INTENT = 2000


@dataclass(frozen=True)
class Draft:
    """A part of the turn and what it needs."""

    part: Part
    needs: Needs


@dataclass
class _Board:
    """Steps so far, and which of them the last clause ended with."""

    steps: list[Step] = field(default_factory=list)
    last: tuple[str, ...] = ()
    found: tuple[str, ...] = ()

    def add(self, agent: str, intent: str, depends_on: Sequence[str] = ()) -> str:
        intent = _cut(intent)
        for step in self.steps:
            if (step.agent, step.intent) == (agent, intent):
                return step.id
        step = Step(
            id=f"s{len(self.steps) + 1}",
            agent=agent,
            intent=intent,
            depends_on=tuple(dict.fromkeys(depends_on)),
        )
        self.steps.append(step)
        return step.id

    def leaves(self) -> tuple[str, ...]:
        needed = {name for step in self.steps for name in step.depends_on}
        return tuple(step.id for step in self.steps if step.id not in needed and step.agent != "chat")


def draft_steps(drafts: Sequence[Draft], request: PlanRequest) -> tuple[Step, ...]:
    """Return the steps of a turn, at most MAX_STEPS."""
    board = _Board()
    serious = [draft for draft in drafts if not draft.needs.chat] or list(drafts)[:1]
    for draft in serious:
        _add_part(board, draft, request)
    return _within_limit(board.steps)


def _add_part(board: _Board, draft: Draft, request: PlanRequest) -> None:
    part, needs = draft.part, draft.needs
    if needs.chat:
        board.add("chat", part.clause.text or part.resolved.text)
        return
    found = _searches(board, part, needs, request)
    board.found = tuple(found.values()) or board.found
    done = _analyses(board, part, needs, found)
    inputs = done or tuple(found.values()) or _inherited(board, part)
    board.last = _conclusions(board, part, needs, inputs) or board.last


def _inherited(board: _Board, part: Part) -> tuple[str, ...]:
    return board.last if part.inner else ()


def _searches(board: _Board, part: Part, needs: Needs, request: PlanRequest) -> dict[MediaType, str]:
    if (
        part.inner
        and board.last
        and _is_worked_on(needs)
        and not part.resolved.narrowed
        and not _adds_kinds(board, needs)
    ):
        return {}
    if needs.report and not needs.named and board.leaves():
        return {}
    if _in_focus(part, needs, request):
        return {}
    return {kind: board.add(SEARCH[kind], _search_intent(part, needs, kind)) for kind in needs.kinds}


def _adds_kinds(board: _Board, needs: Needs) -> bool:
    have = {step.agent for step in board.steps}
    return any(SEARCH[kind] not in have for kind in needs.kinds)


def _in_focus(part: Part, needs: Needs, request: PlanRequest) -> bool:
    """What the last answer showed needs no new search, unless it is being narrowed or joined with other kinds."""
    focus = request.focus
    return (
        bool(focus.file_ids)
        and part.resolved.pointed
        and not part.resolved.narrowed
        and bool(needs.analyses or needs.change)
        and not needs.cross
        and (focus.media_type is None or set(needs.kinds) <= {focus.media_type})
    )


def _is_worked_on(needs: Needs) -> bool:
    return bool(needs.analyses) or needs.change or needs.cross or needs.report or needs.analytics


def _search_intent(part: Part, needs: Needs, kind: MediaType) -> str:
    phrase = _sought(part, needs, kind)
    if phrase is None:
        return part.resolved.text
    if kind in named_kinds(phrase.lower(), part.lexicon):
        return f"Find {phrase}."
    return f"Find {kind.value}s about {phrase}."


def _sought(part: Part, needs: Needs, kind: MediaType) -> str | None:
    """The noun phrase to search for, where the clause itself asks for more than a search."""
    if not _is_worked_on(needs) or part.lexicon.language != "en":
        return None
    if needs.cross and not part.resolved.phrase:
        phrase = side_of(part.resolved.text, kind, part.lexicon)
    else:
        ordered = part.clause.mood in (Mood.ORDER, Mood.WISH) or part.resolved.phrase
        phrase = part.phrase if ordered else None
    return phrase if phrase and is_noun_phrase(phrase, part.lexicon) else None


def _analyses(board: _Board, part: Part, needs: Needs, found: dict[MediaType, str]) -> tuple[str, ...]:
    inherited = _inherited(board, part)
    if needs.change and inherited and not found:
        return ()
    done = [
        board.add(ANALYSIS[kind], part.resolved.text, [found[kind]] if kind in found else inherited)
        for kind in needs.analyses
    ]
    rest = [step for kind, step in found.items() if kind not in needs.analyses]
    return tuple(done + rest) if done else ()


def _conclusions(board: _Board, part: Part, needs: Needs, inputs: tuple[str, ...]) -> tuple[str, ...]:
    text, ends = part.resolved.text, inputs
    if needs.cross:
        ends = (board.add("cross_reference", text, inputs),)
    if needs.analytics:
        counted = board.found if needs.within else ()
        ends = (*ends, board.add("analytics", text, counted))
    ends += tuple(board.add(agent, text) for agent in needs.others)
    if needs.report:
        ends = (board.add("report_synthesis", text, board.leaves()),)
    if needs.change:
        ends = (board.add("folder_management", text, inputs),)
    return ends


def _cut(intent: str) -> str:
    return (
        intent
        if len(intent) <= MAX_INTENT
        else f"{intent[: MAX_INTENT - 1].rsplit(' ', 1)[0][: MAX_INTENT - 1]}…"
    )


def _within_limit(steps: list[Step]) -> tuple[Step, ...]:
    kept = steps[:MAX_STEPS]
    names = {step.id for step in kept}
    return tuple(
        step.model_copy(update={"depends_on": tuple(name for name in step.depends_on if name in names)})
        for step in kept
    )
