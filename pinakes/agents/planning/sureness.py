"""How sure the local planner may be of a plan: shares measured on turns that nobody tuned it to."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.planning.clause import Mood
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.read import Part
from pinakes.agents.planning.steps import Draft
from pinakes.agents.planning.text import clean, masked
from pinakes.core.plans import PlanRequest, Step

SURE = 0.9
"""From here on plans are right in 97 of 100 everyday turns at least, so that asking a model would gain little.

In unusual words nine of ten are right. Turns of several clauses pass no level at which 98 of 100 are, so they are left
to a model.
"""

_SETTLED, _GUESSED = 0.98, 0.75  # all by grammar, all by meaning
# What each doubt leaves of that.
_STATED = (
    0.75  # neither question nor order nor a noun phrase of files: "I want the contracts to end up in Old"
)
_LEANING = 0.65  # it needs the turns before
_WORKED_ON = 0.93  # something is done with what is found
_MANY = 0.9  # several clauses or more than two steps
_OTHER_LANGUAGE = 0.95
_REFUSING = 0.9  # it says what is not wanted, too
_UNCUT = 0.9  # "… and then a short report" within one clause
_BY_GRAMMAR = 0.95
_REFERRING = ("refer.pronoun", "refer.ordinal", "refer.ones", "refer.possessive", "refer.more")


def confidence(drafts: Sequence[Draft], steps: Sequence[Step], request: PlanRequest) -> float:
    """Return how likely a plan is right, 0 to 1."""
    sure = min(draft.needs.sure for draft in drafts)
    parts = [draft.part for draft in drafts]
    share = _GUESSED + (_SETTLED - _GUESSED) * sure
    share *= _STATED if any(map(is_stated, parts)) else 1.0
    share *= _LEANING if _leans(parts, sure, request) else 1.0
    share *= _REFUSING if _refuses(request, parts[0].lexicon) else 1.0
    share *= _UNCUT if any(part.lexicon.has("join.uncut", part.clause.plain) for part in parts) else 1.0
    share *= _OTHER_LANGUAGE if any(part.lexicon.language != "en" for part in parts) else 1.0
    if len(parts) > 1 or len(steps) > 2:
        share *= _MANY
    elif len(steps) > 1:
        share *= _WORKED_ON
    return round(share, 2)


def _refuses(request: PlanRequest, lexicon: Lexicon) -> bool:
    return lexicon.has("mood.refusing", masked(clean(request.question)))


def is_stated(part: Part) -> bool:
    """Return whether a part is a statement; "photos of the harbour" and "thank you" are none."""
    if part.clause.mood is not Mood.STATEMENT or part.talk:
        return False
    return not any(part.lexicon.opens(f"kind.{kind.value}", part.clause.core) for kind in part.clause.kinds)


def _leans(parts: Sequence[Part], sure: float, request: PlanRequest) -> bool:
    """Return whether a turn may mean something that stands in the turns before."""
    if not request.history and not request.focus.file_ids:
        return False
    return sure < _BY_GRAMMAR or any(
        part.resolved.pointed
        or part.clause.joint
        or any(part.lexicon.has(key, part.clause.plain) for key in _REFERRING)
        for part in parts
    )
