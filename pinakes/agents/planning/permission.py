"""Whether a model's plan may hold changes: the user's own words decide, as grammar reads them.

A prompt that shows names out of the library never yields a change, and a plan with a change was made without them:
whatever a folder is called, it can order nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.planning.clause import Mood
from pinakes.agents.planning.lexicons import load_lexicon, words_of
from pinakes.agents.planning.read import Part, read_turn
from pinakes.agents.planning.sureness import is_stated
from pinakes.agents.planning.text import clean, detect_language, masked
from pinakes.core.options import Approval
from pinakes.core.plans import AgentCard, Plan, PlanRequest

_READ = 0.35
"""From this share of its words in a language's lexicon on, a text is taken to be of that language: English turns have
0.75 (19 of 20 at least 0.5), most of other Romance, Germanic and Slavic languages under 0.3."""

_OWN_WORDS = 40
"""Longer messages hold pasted text as a rule."""


def changes(plan: Plan, cards: Sequence[AgentCard]) -> bool:
    """Return whether a step of a plan would change the library."""
    return bool(_mutating(cards) & {step.agent for step in plan.steps})


def may_change(request: PlanRequest, own: Plan, cards: Sequence[AgentCard]) -> bool:
    """Return whether a model may plan changes.

    Where grammar can tell, it has the last word: what it does not find to be an order is none. Of languages that it
    does not read, and of statements, in which an order may lie ("the contracts belong in Miller"), the model is
    believed, as the user is asked before anything is changed; where nobody is asked, it is not.

    Args:
        own: The local planner's plan.
    """
    if request.options.read_only:
        return False
    if changes(own, cards):
        return True
    if request.options.approval is Approval.NEVER:
        return False
    return not is_read(request.question) or is_statement(request)


def is_statement(request: PlanRequest) -> bool:
    """Return whether a message states something in the user's own words and asks nothing."""
    parts = read_turn(request)
    own = len(request.question.split()) <= _OWN_WORDS
    return own and any(map(is_stated, parts)) and not any(map(_asks_or_reports, parts))


def _asks_or_reports(part: Part) -> bool:
    clause = part.clause
    if clause.mood is Mood.QUESTION or clause.questioned or clause.negated:
        return True
    return any(part.lexicon.has(key, clause.plain) for key in ("mood.wh", "mood.speech"))


def is_read(question: str) -> bool:
    """Return whether the grammar of one of the lexicons reads a text."""
    plain = masked(clean(question))
    language = detect_language(plain)
    if language == "zh":
        return True
    lexicon, known = load_lexicon(language), words_of(language)
    words = [word.strip(".,;:!?¿¡()'\"") for word in plain.split()]
    return sum(word in known or lexicon.has("detect", word) for word in words) >= _READ * max(1, len(words))


def without_changes(plan: Plan, cards: Sequence[AgentCard]) -> Plan:
    """Return the plan without the steps that change; what waited for them waits for what they waited for."""
    mutating = _mutating(cards)
    needs = {step.id: step.depends_on for step in plan.steps}
    dropped = {step.id for step in plan.steps if step.agent in mutating}

    def kept(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(k for name in names for k in (kept(needs[name]) if name in dropped else (name,)))

    steps = tuple(
        step.model_copy(update={"depends_on": tuple(dict.fromkeys(kept(step.depends_on)))})
        for step in plan.steps
        if step.id not in dropped
    )
    return plan.model_copy(update={"steps": steps})


def _mutating(cards: Sequence[AgentCard]) -> set[str]:
    return {card.name for card in cards if card.mutates}
