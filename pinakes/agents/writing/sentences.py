"""Cuts a passage into sentences, list items and lines, each a stretch of the passage itself.

Offsets are kept, so that whatever is quoted occurs in the source to the letter. Rules, no model: a full stop ends
a sentence unless it follows an abbreviation, an initial or an ordinal; 。！？ always do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pinakes.agents.writing.lexicon import words


class Sentence(NamedTuple):
    """A stretch of a passage: `text[start:end]`; `kind` is prose, item (of a list) or line."""

    start: int
    end: int
    kind: str


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text in order; together they hold all its words."""
    return [s for start, end in _blocks(text) for s in _split_block(text, start, end)]


_BLANK = re.compile(r"\n[ \t\r\f\v]*\n\s*")
_ITEM = re.compile(r"\s*(?:[-*•‣◦▪–—·]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\[[ xX]\]|[☐☑☒✓])\s+\S")
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[¿¡]*[^\Wa-zß-öø-ÿ_]|\s*$)|[。！？；][”’」』）\"']*")
_WRAPPED = 45
"""Lines this long on the median are wrapped prose; shorter ones stand for themselves (labels, receipts)."""

_SHORT = 0.5
"""Share of the usual length under which a line is no full line of wrapped prose."""

_LONG_ITEM = 240
"""Characters up to which a list item is one unit, whatever stands in it."""


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BLANK.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _split_block(text: str, start: int, end: int) -> Iterator[Sentence]:
    for first, last, kind in _units(text, start, end):
        if kind == "line" or (kind == "item" and last - first <= _LONG_ITEM):
            yield from _trimmed(text, first, last, kind)
        else:
            yield from _split_prose(text, first, last, kind)


def _units(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield runs of lines that belong together, with their kind."""
    lines = [(m.start() + start, m.end() + start) for m in re.finditer(r"[^\n]+", text[start:end])]
    width = _median([b - a for a, b in lines[:-1]]) if len(lines) > 1 else 0
    wrapped = len(lines) < 2 or width >= _WRAPPED
    run: tuple[int, int, str] | None = None
    for first, last in lines:
        item = bool(_ITEM.match(text, first, last))
        if run and run[2] == "prose" and not item and _stands_alone(text, run, first, width):
            yield (*run[:2], "line")
            run = None
        if run and not item and (wrapped or run[2] == "item" or text[first:last].lstrip()[:1].islower()):
            run = (run[0], last, run[2])
            continue
        if run:
            yield run
        run = (first, last, "item" if item else "prose" if wrapped else "line")
    if run:
        yield run


def _stands_alone(text: str, run: tuple[int, int, str], following: int, width: float) -> bool:
    """Return whether a run is a heading that got in among wrapped lines: one short line, cut before a capital."""
    line = text[run[0] : run[1]].strip()
    short = "\n" not in line and len(line) < _SHORT * width and not re.search(r"[.!?:;,…-]$", line)
    return short and text[following:].lstrip(' \t"“(')[:1].isupper()


def _split_prose(text: str, start: int, end: int, kind: str) -> Iterator[Sentence]:
    begin = _after_bullet(text, start, end) if kind == "item" else start
    left = start
    for stop in _END.finditer(text, begin, end):
        if stop.end() < end and not _ends_sentence(text, begin, stop):
            continue
        yield from _trimmed(text, left, stop.end(), kind)
        left = stop.end()
    yield from _trimmed(text, left, end, kind)


def _after_bullet(text: str, start: int, end: int) -> int:
    found = _ITEM.match(text, start, end)
    return found.end() - 1 if found else start


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    if stop.group()[0] != "." or len(stop.group()) > 1:
        return True
    before = text[max(start, stop.start() - 24) : stop.start()].split()
    word = before[-1].lstrip("(\"'“‘«[") if before else ""
    if word.casefold() in words("abbreviations", "all") or re.fullmatch(r"[^\W\d_]", word):
        return False
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
        return (
            re.match(r"\s+(?:The|A|An|In|It|This|He|She|They|We|But|And)\b", text[stop.end() :]) is not None
        )
    following = text[stop.end() : stop.end() + 24].split()
    return not (re.fullmatch(r"\d{1,2}", word) and following and _is_ordinal_noun(following[0]))


def _is_ordinal_noun(word: str) -> bool:
    return any(word.startswith(noun) for noun in words("abbreviations", "ordinal_nouns"))


def _trimmed(text: str, start: int, end: int, kind: str) -> Iterator[Sentence]:
    piece = text[start:end]
    if any(c.isalnum() for c in piece):
        left = start + len(piece) - len(piece.lstrip())
        yield Sentence(left, start + len(piece.rstrip()), kind)


def _median(values: list[int]) -> float:
    return sorted(values)[len(values) // 2]
