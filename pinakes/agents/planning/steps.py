"""From what each clause needs to steps with dependencies and stand-alone intents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pinakes.agents.planning.choose import Needs
from pinakes.agents.planning.clause import Mood, named_kinds
from pinakes.agents.planning.foreign import changed_phrase
from pinakes.agents.planning.phrases import is_noun_phrase, sides_of, uncounted
from pinakes.agents.planning.read import Part
from pinakes.agents.planning.text import clean
from pinakes.agents.planning.topic import sentence_case
from pinakes.agents.planning.view import ANALYSIS, SEARCH
from pinakes.core.files import MediaType
from pinakes.core.plans import MAX_STEPS, PlanRequest, Step

MAX_INTENT = 2000


@dataclass(frozen=True)
class Draft:
    """A part of the turn and what it needs."""

    part: Part
    needs: Needs


_Found = dict[MediaType, tuple[str, ...]]


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

    def ending(self, agent: str) -> Step | None:
        """Return the step of an agent that no other step waits for."""
        waited_for = {name for step in self.steps for name in step.depends_on}
        return next((s for s in self.steps if s.agent == agent and s.id not in waited_for), None)

    def replace(self, step: Step, intent: str, depends_on: Sequence[str] = ()) -> str:
        """Give a step another intent and more inputs; it comes after those."""
        needed = dict.fromkeys((*step.depends_on, *(name for name in depends_on if name != step.id)))
        self.steps.remove(step)
        self.steps.append(step.model_copy(update={"intent": _cut(intent), "depends_on": tuple(needed)}))
        return step.id

    def leaves(self) -> tuple[str, ...]:
        needed = {name for step in self.steps for name in step.depends_on}
        return tuple(step.id for step in self.steps if step.id not in needed and step.agent != "chat")


def draft_steps(drafts: Sequence[Draft], request: PlanRequest) -> tuple[Step, ...]:
    """Return the steps of a turn, at most MAX_STEPS."""
    board = _Board()
    serious = [draft for draft in drafts if not draft.needs.chat]
    if not serious:
        board.add("chat", clean(request.question) or "…")  # "Hi! What can you do?" is answered as a whole
    for draft in serious:
        _add_part(board, draft, request)
    return _within_limit(board.steps)


def _add_part(board: _Board, draft: Draft, request: PlanRequest) -> None:
    part, needs = draft.part, draft.needs
    report = board.ending("report_synthesis") if part.keeps else None
    if report is not None:
        board.replace(report, part.resolved.text)
        return
    found = _searches(board, part, needs, request)
    board.found = _flat(found) or board.found
    done = _analyses(board, part, needs, found)
    joined = _inherited(board, part) if needs.cross else ()
    inputs = done or (*joined, *_flat(found)) or _inherited(board, part)
    board.last = _conclusions(board, part, needs, inputs) or board.last


def _flat(found: _Found) -> tuple[str, ...]:
    return tuple(step for steps in found.values() for step in steps)


def _inherited(board: _Board, part: Part) -> tuple[str, ...]:
    if not part.inner:
        return ()
    changed = any(step.id in board.last and step.agent == "folder_management" for step in board.steps)
    return board.found if changed else board.last


def _searches(board: _Board, part: Part, needs: Needs, request: PlanRequest) -> _Found:
    if (
        part.inner
        and board.last
        and _is_worked_on(needs)
        and not part.resolved.narrowed
        and not _adds_kinds(board, needs)
    ):
        return _other_side(board, part, needs)
    if needs.report and not needs.named and board.leaves():
        return {}
    if _in_focus(part, needs, request) or _follows(board, part, needs):
        return {}
    intents = {kind: _search_intents(part, needs, kind) for kind in needs.kinds}
    return {
        kind: _found_before(board, part, needs, kind)
        or tuple(board.add(SEARCH[kind], one) for one in intents[kind])
        for kind in needs.kinds
    }


def _follows(board: _Board, part: Part, needs: Needs) -> bool:
    """ "… and move them to Archive" names nothing to search for."""
    return part.inner and needs.change and bool(board.last) and not part.clause.kinds


def _found_before(board: _Board, part: Part, needs: Needs, kind: MediaType) -> tuple[str, ...]:
    """What a clause checks against without naming it, an earlier one has found: "… and do the photos comply?"."""
    if not needs.cross or kind in part.clause.kinds:
        return ()
    return tuple(step.id for step in board.steps if step.agent == SEARCH[kind])


def _other_side(board: _Board, part: Part, needs: Needs) -> _Found:
    """ "… and check them against the bank statement": what they are held against is still to be found."""
    if not needs.cross or part.lexicon.language != "en":
        return {}
    sides = {kind: sides_of(part.resolved.text, kind, part.lexicon) for kind in needs.kinds}
    other = {k: [s for s in found if part.resolved.phrase not in s] for k, found in sides.items()}
    return {
        kind: tuple(board.add(SEARCH[kind], _to_find(side, kind, part)) for side in found)
        for kind, found in other.items()
        if found
    }


def _to_find(phrase: str, kind: MediaType, part: Part) -> str:
    named = kind in named_kinds(phrase.lower(), part.lexicon)
    if whatever := part.lexicon.opens("select.whatever", phrase.lower()):
        phrase = phrase[whatever.end() :].strip()
    elif every := part.lexicon.opens("select.all_of", phrase.lower()):
        return f"Find {kind.value}s {phrase[every.end() :].strip()}."
    return f"Find {phrase}." if named else f"Find {kind.value}s about {phrase}."


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


def _search_intents(part: Part, needs: Needs, kind: MediaType) -> list[str]:
    if needs.change and part.lexicon.language != "en" and not part.resolved.pointed:
        phrase = changed_phrase(part.clause, part.lexicon)
        return [f"Find {phrase}."] if phrase else [part.resolved.text]
    found = [_to_find(phrase, kind, part) for phrase in _sought(part, needs, kind)]
    return found or [part.resolved.text]


def _sought(part: Part, needs: Needs, kind: MediaType) -> list[str]:
    """The noun phrases to search for, where the clause itself asks for more than a search."""
    if not _is_worked_on(needs) or part.lexicon.language != "en":
        return []
    phrases = sides_of(part.resolved.text, kind, part.lexicon) if needs.cross else ()
    if not phrases and not (needs.cross and not part.resolved.phrase):
        ordered = part.clause.mood in (Mood.ORDER, Mood.WISH) or bool(part.resolved.phrase)
        ordered = ordered or (kind in needs.analyses and _names_sources(part, kind))
        phrases = (needs.subject or part.phrase,) if ordered or needs.subject else ()
    if kind in needs.analyses and not needs.change:
        phrases = tuple(uncounted(phrase, part.lexicon) for phrase in phrases)
    return [phrase for phrase in phrases if phrase and is_noun_phrase(phrase, part.lexicon)]


def _names_sources(part: Part, kind: MediaType) -> bool:
    """ "What did the two invoices come to together?" is told by the invoices, whose words its own are not."""
    told = any(
        part.lexicon.has(f"act.{key}", part.resolved.text.lower()) for key in ("superlative", "ranked")
    )
    return told and kind in named_kinds(part.phrase.lower(), part.lexicon)


def _analyses(board: _Board, part: Part, needs: Needs, found: _Found) -> tuple[str, ...]:
    inherited = _inherited(board, part)
    looked = any(step.agent in ANALYSIS.values() for step in board.steps)
    if needs.change and inherited and not found and looked:
        return ()
    done = [
        board.add(ANALYSIS[kind], part.resolved.text, found.get(kind, inherited)) for kind in needs.analyses
    ]
    rest = [step for kind, steps in found.items() if kind not in needs.analyses for step in steps]
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
        ends = (_change(board, part, inputs),)
    return ends


def _change(board: _Board, part: Part, inputs: tuple[str, ...]) -> str:
    """One set of changes a turn, so that a human is asked once."""
    before = board.ending("folder_management")
    if part.lexicon.has("change.excepting", part.resolved.text.lower()):
        inputs = (*board.found, *inputs)  # what is kept is told from all that was found
    if before is None:
        return board.add("folder_management", part.resolved.text, inputs)
    own = sentence_case(part.clause.text, part.clause) if part.resolved.asked else part.resolved.text
    return board.replace(before, f"{before.intent} {own}", inputs)


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
