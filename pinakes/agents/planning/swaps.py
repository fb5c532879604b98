"""Asking the last question of something else: "and the motor?" after "when was the pump installed?"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pinakes.agents.planning.clause import named_kinds
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.topic import EDGE, Topic, bare_phrase

_NEAR = 3
_TIMES = frozenset({"before", "after", "since", "until"})
_CODE = re.compile(r"(?<!\w)(?:[a-z]{1,4}[-.]?\d+[\w.-]*|\d+(?:[.,]\d+)*)(?!\w)", re.IGNORECASE)
_TIME = re.compile(r"(?<!\w)(?:in|on|during|since|before|after|until|at|of) (?P<time>[^?]*\d[^?]*)$")
_Span = tuple[int, int]


def swapped(topic: Topic, new: str, lexicon: Lexicon) -> str:
    """Return the topic's question with the part that `new` parallels replaced by it, or with `new` added."""
    question = topic.question.rstrip(EDGE)
    new = _dated(question, new, lexicon)
    closing = topic.question[len(question) :].strip() or "."
    for parallel in (
        _degree_span,
        _kind_span,
        _code_span,
        _preposition_span,
        _head_span,
        _article_span,
        _bare_span,
    ):
        span = parallel(question, new, lexicon)
        if span is not None:
            return question[: span[0]] + new + question[span[1] :] + closing
    joint = " " if lexicon.opens("refer.fragment", new.lower()) else ", and "
    return f"{question}{joint}{new}{closing}"


def renamed(question: str, name: str) -> str:
    """Return a question of one thing among its kind, asked of another: "the Bergset invoice"; empty without a name."""
    thing = r"(?i:\b(?:the|our|my|this|that)) ((?:[A-Z0-9][\w-]*\s)+)(?=[a-z])"
    span = _last_group(re.finditer(thing, question))
    return f"{question[: span[0]]}{name} {question[span[1] :]}" if span else ""


def _last_group(matches: Iterable[re.Match[str]]) -> _Span | None:
    return max((match.span(1) for match in matches), default=None)


def code_said_last(question: str) -> str:
    """Return the last code with letters and digits in a question, "P-104"; empty without one."""
    codes = [m.group() for m in _CODE.finditer(question) if m.group()[0].isalpha()]
    return codes[-1].rstrip(".-") if codes else ""


def _dated(question: str, new: str, lexicon: Lexicon) -> str:
    """ "Before that" is before the time that was asked about last."""
    told = list(_TIME.finditer(question))
    if not told or not lexicon.is_all("refer.earlier", new.lower()):
        return new
    return f"{new.split()[0]} {told[-1]['time']}"


def _degree_span(question: str, new: str, lexicon: Lexicon) -> _Span | None:
    """ "The fewest" stands for "the most", "the oldest" for "the newest"."""
    if not lexicon.is_all("refer.degree", new.lower()):
        return None
    return _last(lexicon.hits("refer.degree", question.lower()))


def _kind_span(question: str, new: str, lexicon: Lexicon) -> _Span | None:
    bare = bare_phrase(new.lower())
    kinds = named_kinds(bare, lexicon)
    if len(kinds) != 1 or not lexicon.is_all(f"kind.{kinds[0].value}", bare):
        return None
    olds = named_kinds(question.lower(), lexicon)
    if not olds:
        return None
    match = lexicon.find(f"kind.{olds[0].value}", question.lower())
    return match.span() if match else None


def _code_span(question: str, new: str, lexicon: Lexicon) -> _Span | None:
    """ "P-105" stands for "P-104", "clause 5" for "clause 4": codes of one shape after the same words."""
    code = _CODE.search(new)
    if code is None:
        return None
    alike = (m for m in _CODE.finditer(question) if _shape(m.group()) == _shape(code.group()))
    span = _last(alike)
    if span is None:
        return None
    lead = new[: code.start()].lower()
    return (span[0] - len(lead), span[1]) if question[: span[0]].lower().endswith(lead) else None


def _shape(code: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", "9", code.lower()))


def _preposition_span(question: str, new: str, lexicon: Lexicon) -> _Span | None:
    match = lexicon.opens("refer.fragment", new.lower())
    if match is None:
        return None
    if match.group() in _TIMES and (told := list(_TIME.finditer(question))):
        return told[-1].start(), len(question)
    starts = [m for m in lexicon.hits("refer.fragment", question.lower()) if m.group() == match.group()]
    return (starts[-1].start(), len(question)) if starts else None


def _head_span(question: str, new: str, lexicon: Lexicon) -> _Span | None:
    """ "The M10 bolts" stands for "the M8 bolts": both end in the same noun."""
    if len(new.split()) < 2 or lexicon.opens("refer.fragment", new.lower()):
        return None
    head = re.escape(new.split()[-1].lower())
    pattern = rf"(?<!\w)(?:(?:the|a|an|my|our) )?(?:[\w-]+ ){{0,2}}?{head}(?!\w)"
    return _last(re.compile(pattern).finditer(question.lower()))


def _article_span(question: str, new: str, lexicon: Lexicon) -> _Span | None:
    """ "The motor" stands for the last noun with an article."""
    if not lexicon.opens("frame.article", new.lower()):
        return None
    return _last(lexicon.hits("frame.articled", question.lower()))


def _bare_span(question: str, new: str, lexicon: Lexicon) -> _Span | None:
    """ "And boots?" after "… mention gloves?": the noun after the last preposition or verb of saying."""
    place = _last(lexicon.hits("frame.before_noun", question.lower()))
    if lexicon.opens("refer.fragment", new.lower()):
        return None
    if place is None or len(new.split()) > _NEAR or len(question[place[1] :].split()) > _NEAR:
        return None
    return place[1] + 1, len(question)


def _last(matches: Iterable[re.Match[str]]) -> _Span | None:
    return max((match.span() for match in matches), default=None)
