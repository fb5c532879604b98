"""What kind of answer a question expects: read from its own words, in the languages of the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pinakes.agents.writing.lexicon import lists, ordered, phrase_pattern, words

_SHAPES = ("money", "number", "date", "person", "place", "reason")
_JOINING = frozenset({"date", "person", "place"})
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LONGEST_FOCUS = 3
_LONGEST_SUBJECT = 4


class Asked(NamedTuple):
    """What a question expects.

    Attributes:
        shape: money | number | date | person | place | reason, or "" when its words tell none.
        rule: Whether it asks what must, may or must not be.
        units: Beginnings of the units that its number has ("hour"), empty when any or none will do.
        subjects: What it wants explained ("What is a gland?"), as words, and its proper name alone; none when it asks
            for something else.
        focus: The words for what it asks of a thing, "serial" in "What is the serial number of the pump?"; nouns that
            only say the shape of an answer are left out.
        days: Days of the year that it names, as day and month.
        specifics: Numbers and names in it, casefolded, which an answer's surroundings should hold.
        kinds: What more it asks for: a purpose, how much more one thing is than another ("compared"), until when
            something has to be done ("due").
        mentioned: What it asks to be told something about, "holidays" in "Does it say anything about holidays?".
    """

    shape: str = ""
    rule: bool = False
    units: frozenset[str] = frozenset()
    subjects: tuple[tuple[str, ...], ...] = ()
    focus: tuple[str, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    specifics: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()


def read_asked(question: str, *, english: bool = True) -> Asked:
    """Return what a question expects; in other languages than English, capitals tell no names."""
    focused = _focus(question)
    focus = tuple(w for w in focused if w not in words("words", "shape_nouns"))[-_LONGEST_FOCUS:]
    return Asked(
        shape=_shape(question),
        rule=phrase_pattern("asks", "rule").search(question) is not None,
        units=_units(question),
        subjects=() if focused else _subjects(question),
        focus=focus,
        days=days_in(question),
        specifics=_specifics(question, english),
        kinds=frozenset(_kinds(question)),
        mentioned=frozenset(_mentioned(question)),
    )


def also_sought(question: str) -> str:
    """Return a beginning that an answer may have whose words are not those of its question, "" for most questions.

    "What is the siren for?" is answered by "The goal of the siren is to …".
    """
    kind = next(_kinds(question), "")
    if not kind:
        return ""
    bare = phrase_pattern("asks", kind).sub(" ", question)
    asking = words("words", "interrogatives") | words("words", "auxiliaries") | words("words", "articles")
    said = [
        w for w in re.findall(r"[\w-]+", bare) if w.casefold() not in asking | {"for", "do", "serve", "than"}
    ]
    return ordered("sought", kind)[0].format(" ".join(said)) if said else ""


def without_asking(question: str) -> str:
    """Return a question without the words that only ask what something is for: its answer has others."""
    bare = phrase_pattern("asks", "purpose").sub(" ", question)
    return bare if re.search(r"[^\W_]{4,}", bare) else question


def _kinds(question: str) -> Iterator[str]:
    """Yield what more a question asks for; "what is … for?" asks for a purpose."""
    ends_in_for = re.match(r"(?i)\W*what\b.*\bfor\s*\?\s*$", question, re.DOTALL)
    asked = re.sub(r"(?i)\bdue to\b", "", question)  # says why, not when
    for kind in lists("sought"):
        if phrase_pattern("asks", kind).search(asked) or (kind == "purpose" and ends_in_for):
            yield kind


def _shape(text: str) -> str:
    """Return the shape whose words come first in the question; "how many years" is a number, not a date."""
    found = [
        (match.start(), order, shape)
        for order, shape in enumerate(_SHAPES)
        for match in phrase_pattern("answers", shape).finditer(text)
        if shape not in _JOINING or not _only_joins(text, match)
    ]
    return min(found)[2] if found else ""


def _only_joins(text: str, match: re.Match[str]) -> bool:
    """Return whether a word only joins a clause to what was asked before: "What must we do when it rains?"."""
    before = [w.casefold() for w in _WORD.findall(text[: match.start()])]
    apart = re.search(r"(?:[,;.?]|\b(?:and|und|y|et))\s*\w*\s*$", text[: match.start()])
    return " " not in match.group() and not apart and bool(words("words", "interrogatives") & set(before))


def _units(text: str) -> frozenset[str]:
    counted = phrase_pattern("asks", "counted").search(text)
    if counted:
        return frozenset(map(_beginning, _until_small(text[counted.end() :])[:2]))
    kinds = [kind for kind in lists("measures") if phrase_pattern("measures", kind).search(text)]
    return frozenset(unit for kind in kinds for unit in words("units", kind))


def _beginning(noun: str) -> str:
    return noun[:-1] if noun.endswith("s") and len(noun) > 4 else noun


def _focus(text: str) -> list[str]:
    """Return the words for what a question asks of a thing, none when it asks what a thing is or does."""
    asks = phrase_pattern("asks", "owned").search(text)
    owned = re.search(r"(?:[^\W_]['’]s|s['’])\s+(.+)", text[asks.end() :]) if asks else None
    if owned:
        said = _until_small(owned[1])
        return [] if said and said[-1].endswith("ed") else said
    attribute = phrase_pattern("asks", "attribute").search(text)
    return _leading(text[attribute.end() :]) if attribute else []


def _leading(rest: str) -> list[str]:
    """Return the words up to one that binds them to a thing: "the price of …" is a price, "the pump used" is not."""
    said = _until_small(rest)
    following = [w.casefold() for w in _WORD.findall(rest)[len(said) :]]
    bound = len(following) > 1 and following[0] in words("words", "binding")
    return said if bound else []


def _until_small(text: str) -> list[str]:
    kept: list[str] = []
    for word in (w.casefold() for w in _WORD.findall(text)):
        if word in words("words", "small") or word.endswith(("'s", "’s")):
            break
        kept.append(word)
    return kept


def _subjects(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what a question wants explained, when it names a thing and asks what that is."""
    found = phrase_pattern("asks", "definition").match(text.strip())
    if not found:
        return ()
    said = _WORD.findall(text.strip()[found.end() :])
    while said and said[0].casefold() in words("words", "articles"):
        said.pop(0)
    thing: list[str] = []
    for word in said:
        if word.casefold() in words("words", "small") or (thing and word.endswith(("ed", "ing"))):
            break
        thing.append(word)
    if not thing or len(thing) > _LONGEST_SUBJECT or thing[-1].casefold() in words("words", "shape_nouns"):
        return ()
    named = tuple(w.casefold() for w in thing if w[0].isupper())
    whole = tuple(w.casefold() for w in thing)
    return (whole, named) if named and named != whole else (whole,)


def _specifics(text: str, english: bool) -> frozenset[str]:
    told = re.findall(r"[^\W_]+", text)
    named = [w for w in told[1:] if w[0].isupper() and w.casefold() not in _grammar()] if english else []
    coded = [w for w in told if any(c.isdigit() for c in w)]
    return frozenset(w.casefold() for w in [*named, *coded])


def _mentioned(text: str) -> list[str]:
    """Return the words for that of which a question asks what is said, or whether it is mentioned."""
    found = phrase_pattern("asks", "mentioned").search(text)
    said = re.findall(r"[^\W_]+", text[found.end() :]) if found else []
    while said and said[0].casefold() in words("words", "articles"):
        said.pop(0)
    return [w.casefold() for w in said if w.casefold() not in _grammar()]


def days_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return the days of the year that a text names in words: "15 February", "March 3rd"."""
    named = re.findall(r"(\d{1,2})(?:st|nd|rd|th|\.)?(?: de)? ([^\W\d_]{3,})", text)
    named += [
        (day, name) for name, day in re.findall(r"([^\W\d_]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?!\d)", text)
    ]
    found = ((int(day), month) for day, name in named if (month := month_of(name)))
    return tuple(dict.fromkeys((day, month) for day, month in found if 1 <= day <= 31))


def month_of(word: str) -> int:
    """Return the number of the month that a word names or shortens, 0 if it names none."""
    known = words("words", "months")
    said = word.casefold()
    if word == "may":  # the verb
        return 0
    if said not in known and not any(len(said) <= 4 and name.startswith(said) for name in known):
        return 0
    begins = ordered("words", "month_beginnings")
    return next((n for n, forms in enumerate(begins, 1) if said[:3] in forms.split()), 0)


def _grammar() -> frozenset[str]:
    return words("words", "small") | words("words", "interrogatives")
