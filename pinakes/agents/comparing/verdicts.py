"""What one statement says of another: it supports it, contradicts it, or is only related.

Nothing but a value, a date, an amount, a code, a permission or a denial decides, and only of the same matter: false
contradictions are the worst mistake, so whatever speaks for two different matters leaves a pair undecided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pinakes.agents.comparing import lexicon
from pinakes.agents.comparing.facts import Fact
from pinakes.agents.comparing.fitting import comparable, fit_of
from pinakes.agents.comparing.intervals import Fit
from pinakes.agents.comparing.kinship import Kinship
from pinakes.agents.comparing.statements import Statement
from pinakes.core.findings import Verdict

_TOPIC = 0.45
"""Share of the fewer words that two rules must have in common to be about one thing."""

_CLOSE = 0.5
_VERY_CLOSE = 0.7
_SAME_WORDS = 0.85
_FEWEST_WORDS = 4
_NUMBERED = re.compile(r"(?:\b(?:no|nr|number|nummer|serial|batch|lot|code|id|ref\w*)\b\W*)$")
_BOTH = {
    "allowed": "both allow it",
    "forbidden": "both forbid it",
    "required": "both demand it",
    "optional": "both leave it open",
}
_CLASH = frozenset(
    map(frozenset, (("allowed", "forbidden"), ("required", "forbidden"), ("required", "optional")))
)


@dataclass(frozen=True)
class Judgement:
    """A verdict, and what decided it in a few words; `sure` where values clash or the words are the same."""

    verdict: Verdict
    why: str = ""
    sure: bool = False


_UNDECIDED = Judgement(Verdict.RELATED)


def judge(left: Statement, right: Statement, nearness: float, kinship: Kinship) -> Judgement:
    """Return what two statements say of each other; `nearness` is the cosine of their meaning."""
    if _in_same_words(left, right):
        return Judgement(Verdict.SUPPORTS, "in the same words", sure=True)
    if _of_different_things(left, right) or _of_different_rows(left, right, kinship):
        return _UNDECIDED
    by_value = _by_values(left, right, nearness, kinship)
    if by_value.verdict is not Verdict.RELATED:
        return by_value
    return (
        _by_stance(left, right, nearness, kinship) or _by_denial(left, right, nearness, kinship) or _UNDECIDED
    )


def may_decide(left: Statement, right: Statement) -> bool:
    """Return whether anything in two statements could decide, before their words are compared."""
    if left.stance and right.stance:
        return True
    if any(comparable(a, b, left, right) for a in left.facts for b in right.facts):
        return True
    stated = any(_states_of(left, pair) and _states_of(right, pair) for pair in lexicon.OPPOSITES)
    return stated or left.denied != right.denied


def words_to_learn(left: Statement, right: Statement) -> frozenset[str]:
    """Return the words that only one of two statements has."""
    return left.context ^ right.context


def _in_same_words(left: Statement, right: Statement) -> bool:
    """Return whether two sentences are one, but for spaces, marks and what a reading by OCR joins to them."""
    short, long = sorted((left.tokens, right.tokens), key=len)
    figures = [sorted(f.said for f in s.facts) for s in (left, right)]
    same = len(short & long) >= _SAME_WORDS * len(long) and left.denied == right.denied
    return len(short) >= _FEWEST_WORDS and same and figures[0] == figures[1]


def _of_different_things(left: Statement, right: Statement) -> bool:
    return _siblings(left, right) or _labels_differ(left, right) or _codes_differ(left, right)


def _of_different_rows(left: Statement, right: Statement, kinship: Kinship) -> bool:
    """Return whether a row is of something that the other side does not speak of."""
    if left.named and right.named:
        only_a = kinship.unmatched(left.named, right.named)
        only_b = kinship.unmatched(right.named, left.named)
        return bool(only_a and only_b) or only_a == left.named or only_b == right.named
    return any(
        own.named and kinship.unmatched(own.named, other.context) == own.named
        for own, other in ((left, right), (right, left))
    )


def _siblings(left: Statement, right: Statement) -> bool:
    """Return whether they speak of different ones of a set, as of summer and winter."""
    for family in lexicon.SIBLINGS:
        ours, theirs = _sides(left, family), _sides(right, family)
        if ours and theirs and not ours & theirs:
            return True
    return False


def _sides(statement: Statement, family: tuple[frozenset[str], ...]) -> set[int]:
    return {i for i, side in enumerate(family) if side & statement.tokens} or {
        i for i, side in enumerate(family) if side & statement.heading_tokens
    }


def _labels_differ(left: Statement, right: Statement) -> bool:
    ours, theirs = _labelled(left), _labelled(right)
    return any(not ours[noun] & theirs[noun] for noun in ours.keys() & theirs.keys())


def _labelled(statement: Statement) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for fact in statement.facts:
        if fact.kind == "label":
            found.setdefault(fact.dimension, set()).add(fact.said.casefold())
    return found


def _codes_differ(left: Statement, right: Statement) -> bool:
    """Return whether both name codes and none is shared; not where the code itself is what is stated."""
    ours, theirs = ({f.said.casefold() for f in s.facts if f.kind == "code"} for s in (left, right))
    return bool(ours and theirs) and not ours & theirs and not (_states_code(left) and _states_code(right))


def _states_code(statement: Statement) -> bool:
    return any(f.kind == "code" and _NUMBERED.search(statement.before(f)) for f in statement.facts)


@dataclass(frozen=True)
class _Finding:
    fit: Fit
    same: bool
    left: Fact
    right: Fact

    @property
    def words(self) -> str:
        if self.fit is Fit.DIFFERENT:
            return f"{_said(self.left)} is not {_said(self.right)}"
        joined = "is the same as" if self.left.said != self.right.said else "in both"
        if self.fit is Fit.WITHIN:
            joined = "fits"
        return f"{_said(self.left)} {joined}{'' if joined == 'in both' else ' ' + _said(self.right)}"


def _said(fact: Fact) -> str:
    return " ".join(fact.said.split())


def _by_values(left: Statement, right: Statement, nearness: float, kinship: Kinship) -> Judgement:
    found = _findings(left, right, nearness, kinship)
    other_days = any(f.left.kind == "date" and f.fit is Fit.DIFFERENT for f in found)
    if other_days and any(f.left.kind != "date" for f in found):
        return _UNDECIDED  # values of different days
    clashes = [f for f in found if f.fit is Fit.DIFFERENT and f.same]
    agreed = [f for f in found if f.fit in {Fit.EQUAL, Fit.WITHIN}]
    if len(clashes) > 1 and len(clashes) == len(found):
        return _UNDECIDED  # where nothing agrees, it is of two things
    if clashes and nearness >= _CLOSE - 0.1:
        return Judgement(Verdict.CONTRADICTS, clashes[0].words, sure=True)
    if agreed and not clashes:
        return Judgement(Verdict.SUPPORTS, agreed[0].words)
    return _UNDECIDED


def _findings(left: Statement, right: Statement, nearness: float, kinship: Kinship) -> list[_Finding]:
    """Return which value is set against which, those of surely the same attribute first; each value once."""
    options = [
        _Finding(known, same, ours, theirs)
        for ours in left.stated
        for theirs in right.stated
        if comparable(ours, theirs, left, right) and _states(left, ours, right, theirs)
        for same, loose in [_attribute(left, ours, right, theirs, nearness, kinship)]
        for known in [fit_of(ours, theirs)]
        if same or (loose and known is Fit.EQUAL)
    ]
    options.sort(key=lambda f: (f.same, f.fit is Fit.EQUAL, f.fit is Fit.WITHIN), reverse=True)
    found: list[_Finding] = []
    for option in options:
        if not any(option.left is f.left or option.right is f.right for f in found):
            found.append(option)
    return found


def _states(left: Statement, ours: Fact, right: Statement, theirs: Fact) -> bool:
    """Return whether values are stated; a code that only names the thing is not."""
    if ours.kind != "code":
        return True
    if ours.said.casefold() == theirs.said.casefold():
        return bool(_NUMBERED.search(left.before(ours)) or _NUMBERED.search(right.before(theirs)))
    return bool(_NUMBERED.search(left.before(ours)) and _NUMBERED.search(right.before(theirs)))


def _attribute(
    left: Statement, ours: Fact, right: Statement, theirs: Fact, nearness: float, kinship: Kinship
) -> tuple[bool, bool]:
    """Return whether two values are of one attribute, and whether they may be."""
    a, b = left.near(ours), right.near(theirs)
    only_a, only_b = kinship.unmatched(a, right.context), kinship.unmatched(b, left.context)
    shared = (len(a) - len(only_a)) + (len(b) - len(only_b))
    same = shared > 0 and not (only_a and only_b)
    loose = shared > 0 and nearness >= _CLOSE
    if ours.kind in {"number", "count"}:
        return same, same
    return same, loose


def _by_stance(left: Statement, right: Statement, nearness: float, kinship: Kinship) -> Judgement | None:
    if not (left.stance and right.stance):
        return None
    only_a, only_b = (
        kinship.unmatched(left.words, right.context),
        kinship.unmatched(right.words, left.context),
    )
    shared = min(len(left.words) - len(only_a), len(right.words) - len(only_b))
    fewer = min(len(left.words), len(right.words)) or 1
    wholly = shared == fewer >= 2  # headings may part in meaning what the words join
    if shared / fewer < _TOPIC or (nearness < _CLOSE and not wholly):
        return None
    if left.stance == right.stance:
        return Judgement(Verdict.SUPPORTS, _BOTH[left.stance])
    clash = frozenset((left.stance, right.stance)) in _CLASH and not (only_a and only_b)
    return Judgement(Verdict.CONTRADICTS, f"{left.stance} here, {right.stance} there") if clash else None


def _by_denial(left: Statement, right: Statement, nearness: float, kinship: Kinship) -> Judgement | None:
    if nearness < _CLOSE or left.stance or right.stance:
        return None
    only_a, only_b = (
        kinship.unmatched(left.words, right.context),
        kinship.unmatched(right.words, left.context),
    )
    states = [_states_of(left, pair) | {-s for s in _states_of(right, pair)} for pair in lexicon.OPPOSITES]
    opposed = [s for s in states if s in ({1}, {-1})]  # one side each: a word here, its opposite there
    agreed = [
        pair for pair in lexicon.OPPOSITES if _states_of(left, pair) == _states_of(right, pair) != set()
    ]
    opposing = {w for pair in lexicon.OPPOSITES for side in pair for w in side}
    rest_a, rest_b = only_a - opposing, only_b - opposing
    shared = len(left.words) - len(only_a)
    if shared < 1 or (rest_a and rest_b):
        return None
    turned = (bool(opposed) + (left.denied != right.denied)) % 2 == 1
    if opposed or (agreed and (turned or nearness >= _VERY_CLOSE)):
        decided = (
            (Verdict.CONTRADICTS, "the opposite state") if turned else (Verdict.SUPPORTS, "the same state")
        )
        return Judgement(*decided)
    if turned and len(rest_a) + len(rest_b) <= 1 and shared > 1:
        return Judgement(Verdict.CONTRADICTS, "one denies what the other says")
    return None


def _states_of(statement: Statement, pair: tuple[frozenset[str], ...]) -> set[int]:
    """Return 1 where the first of two opposite states is said, -1 for the second."""
    return {sign for sign, side in zip((1, -1), pair, strict=True) if side & statement.tokens}
