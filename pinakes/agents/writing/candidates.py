"""The sentences of the passages at hand, with their features: lexical ones for all, meaning for the likeliest."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pinakes.agents.writing.irregular import based
from pinakes.agents.writing.lexicon import words
from pinakes.agents.writing.questions import LONGEST_SENTENCE, Question, densest_window
from pinakes.agents.writing.scoring import (
    Neighbourhood,
    Unit,
    found_score,
    idf_within,
    lexical_features,
    sentence_score,
)
from pinakes.agents.writing.sentences import split_sentences
from pinakes.agents.writing.tables import is_contents, row_words, table_rows
from pinakes.core.chat import Passage
from pinakes.ports.embedder import Embedder, TermEncoder

MOST_EMBEDDED = 16
"""Units whose meaning is compared with the question's: bounds the time to the first word."""

_SHORT_LINE = 40
_SOURCE = re.compile(r"\b(?:Retrieved|Archived|Accessed|Abgerufen|Consult\w+)\b")
_ADDRESS = re.compile(r"ttps?://|\bdoi:|\bISBN\b")
_FOOTNOTE = re.compile(
    r"^\s*\[?\d{1,3}[\].)]?\s+[A-ZÀ-Þ].*\([^()]*[^\W\d_][^()]*[,:][^()]*\b(?:1[6-9]|20)\d\d\)[\s.]*$",
    re.DOTALL,
)
_CITES = re.compile(
    r"\bPub\.\s?L\.|\b(?:arXiv|doi):|\bIn:? Proceedings\b|\bpp\. \d+[-–]\d+|\bibid\b", re.IGNORECASE
)
_SUFFIX = re.compile(r"\.\w{1,5}$")
_LONGEST_TITLE = 9
_VALUE = re.compile(r"\d\s?[%‰]|[€$£¥]\s?\d|\d\s?[€£¥]")
"""What makes a heading a statement of its own: "1.5 % bonus at all petrol stations"."""

_LOWEST, _HIGHEST = 0.02, 0.995

Terms = Mapping[int, float]


class Scored(NamedTuple):
    """A unit with its score among the others and the probability that it answers at all."""

    unit: Unit
    score: float
    found: float
    features: dict[str, float]


async def scored_units(
    question: Question, passages: Sequence[Passage], embedder: Embedder, encoder: TermEncoder
) -> list[Scored]:
    """Return the units of the passages, best first; only the likeliest ones, whose meaning was compared."""
    units = [unit for number, passage in enumerate(passages) for unit in units_of(number, passage)]
    if not units:
        return []
    features = await asyncio.to_thread(_lexical, units, passages, question, encoder)
    lists = {number for number, passage in enumerate(passages) if is_bibliography(passage.text)}
    lists |= {number for number, passage in enumerate(passages) if _is_under_sources(passage.heading)}
    lists |= {unit.passage for unit in units if unit.place == 0 and _FOOTNOTE.match(unit.text)}
    telling = [
        i
        for i, unit in enumerate(units)
        if unit.kind != "title"
        and unit.passage not in lists
        and not names_source(unit.text)
        and not _is_under_sources(unit.title)
        and not only_asks(unit.text.removeprefix(f"{unit.title}: "), question)
    ]
    likely = sorted(telling, key=lambda i: -sentence_score(features[i]))[:MOST_EMBEDDED]
    await _add_meaning(
        question, [units[i] for i in likely], [features[i] for i in likely], passages, embedder
    )
    scored = [
        Scored(units[i], sentence_score(features[i]), found_score(features[i]), features[i]) for i in likely
    ]
    return sorted(scored, key=lambda s: -s.score)


def units_of(number: int, passage: Passage) -> list[Unit]:
    """Return what can be quoted of a passage: a table's rows, else its sentences, items and lines."""
    if passage.html and (rows := table_rows(passage.html)):
        if is_contents(rows):
            return []
        head = rows[0]
        body = rows[1:] or rows
        return [Unit(number, i, 0, 0, row_words(head, row), "row") for i, row in enumerate(body)]
    stretches = _merged(passage.text, [(s.start, s.end, s.kind) for s in split_sentences(passage.text)])
    units: list[Unit] = []
    title = under = ""
    for place, (start, end, kind) in enumerate(stretches):
        shown = " ".join(passage.text[start:end].split())
        repeats = _is_title(shown, passage.heading) and not _VALUE.search(shown)
        last = place + 1 == len(stretches)
        names = kind == "prose" and not (repeats or last) and _names_what_follows(passage.text, start, end)
        text = f"{title}: {shown}" if title else shown
        known = "title" if repeats or names else kind
        units.append(Unit(number, place, start, end, text, known, title, under))
        title = shown if names else ""
        under = title or under
    return units


def only_asks(text: str, question: Question) -> bool:
    """Return whether a text has no word that its question has not: a heading, a label, a form's empty field."""
    said = {w.casefold() for w in re.findall(r"\w+", text)}
    return said <= question.words | words("words", "small") | words("words", "articles")


def _is_under_sources(heading: str) -> bool:
    last = heading.rsplit(" > ", 1)[-1].casefold().strip(" .:0123456789")
    return last in words("words", "sources")


def is_bibliography(text: str) -> bool:
    """Return whether a passage lists sources: it names what others say and says nothing itself."""
    return len(_SOURCE.findall(text)) >= 2 and len(_ADDRESS.findall(text)) >= 2


def names_source(text: str) -> bool:
    """Return whether a unit only says where something can be read: an address, a footnote, an entry of sources."""
    looked_up = _SOURCE.search(text) and _ADDRESS.search(text)
    numbered = re.match(r"\s*\[?\d{1,3}[\].)]?\s+[^\W\d_]", text) and _CITES.search(text)
    return bool(looked_up or numbered or _FOOTNOTE.match(text))


def _names_what_follows(text: str, start: int, end: int) -> bool:
    """Return whether a stretch is a title: a short line of its own that does not end like a sentence."""
    line = text[start:end]
    alone = (start == 0 or text[start - 1] == "\n") and text[end : end + 2] == "\n\n"
    short = len(line.split()) <= _LONGEST_TITLE and "\n" not in line
    bare = re.sub(r"^\s*(?:\d+\.)*\d+\s+(?![%‰€$£])", "", line)
    return alone and short and not re.search(r"\d|[:;,.!?…。！？]$|: ", bare)


def _is_title(text: str, heading: str) -> bool:
    """Return whether a unit only repeats its heading, or a part of the way to it."""
    plain_text = text.casefold().strip(" .:")
    return bool(heading) and any(plain_text == part.casefold().strip(" .:") for part in heading.split(" > "))


def _merged(text: str, stretches: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Join short lines that follow each other: a label and its value say little apart."""
    joined: list[tuple[int, int, str]] = []
    for start, end, kind in stretches:
        if kind == "line" and joined and joined[-1][2] == "line" and _near(text, joined[-1], start):
            joined[-1] = (joined[-1][0], end, "line")
        else:
            joined.append((start, end, kind))
    return joined


def _near(text: str, before: tuple[int, int, str], start: int) -> bool:
    return before[1] - before[0] < _SHORT_LINE and "\n\n" not in text[before[1] : start]


def _lexical(
    units: Sequence[Unit], passages: Sequence[Passage], question: Question, encoder: TermEncoder
) -> list[dict[str, float]]:
    own = _weights(encoder, [unit.text.removeprefix(f"{unit.title}: ") for unit in units])
    headings = _weights(encoder, [p.heading for p in passages])
    names = _weights(encoder, [_SUFFIX.sub("", p.evidence.filename) for p in passages])
    whole = _weights(encoder, [p.text for p in passages])
    idf = idf_within([{**w, **h} for w, h in zip(whole, headings, strict=True)], list(question.terms))
    found: list[dict[str, float]] = []
    for i, unit in enumerate(units):
        before = own[i - 1] if unit.place else {}
        is_last = i + 1 == len(units) or units[i + 1].passage != unit.passage
        around = Neighbourhood(
            own=own[i],
            before=before,
            after={} if is_last else own[i + 1],
            heading=headings[unit.passage],
            name=names[unit.passage],
            passage=whole[unit.passage],
            passage_score=log_odds(passages[unit.passage].evidence.score),
            first=unit.place == 0,
            title=passages[unit.passage].heading.rsplit(" > ", 1)[-1],
            dated=_surroundings(passages[unit.passage]),
        )
        found.append(lexical_features(unit, around, question, idf))
    return found


def _surroundings(passage: Passage) -> str:
    return f"{passage.evidence.filename} {passage.heading} {passage.text}"


def log_odds(probability: float) -> float:
    """Return the log-odds of a calibrated score, kept finite."""
    p = min(max(probability, _LOWEST), _HIGHEST)
    return math.log(p / (1 - p))


async def _add_meaning(
    question: Question,
    units: Sequence[Unit],
    features: Sequence[dict[str, float]],
    passages: Sequence[Passage],
    embedder: Embedder,
) -> None:
    alone = [_core(_named(unit, passages[unit.passage]), question) for unit in units]
    contexts = [_in_context(unit, passages[unit.passage]) for unit in units]
    texts = list(dict.fromkeys([*alone, *contexts]))
    asked = await embedder.aembed_query(question.text)
    vectors = dict(zip(texts, await embedder.aembed_documents(texts), strict=True))
    for known, one, wide in zip(features, alone, contexts, strict=True):
        known["meaning"] = question.trust.as_english(_dot(asked, vectors[one]))
        known["meaning_in_context"] = question.trust.as_english(_dot(asked, vectors[wide]))


def _named(unit: Unit, passage: Passage) -> str:
    """Return a table's row under the table's name, without which its cells say little; other units as they are."""
    name = passage.heading.rsplit(" > ", 1)[-1]
    return f"{name}: {unit.text}" if unit.kind == "row" and name else unit.text


def _core(text: str, question: Question) -> str:
    """Return the part of a text that bears on the question; all of it unless it is overlong."""
    said = text.split()
    if len(said) <= LONGEST_SENTENCE:
        return text
    first, last = densest_window(said, question, LONGEST_SENTENCE)
    return " ".join(said[first:last])


def _in_context(unit: Unit, passage: Passage) -> str:
    """Return a unit after what stands before it, the heading where nothing does."""
    if unit.kind == "row" or not passage.text[: unit.start].strip():
        return f"{passage.heading}: {unit.text}" if passage.heading else unit.text
    before = split_sentences(passage.text[: unit.start])
    if not before:
        return unit.text
    return " ".join(passage.text[before[-1].start : unit.end].split())


def _weights(encoder: TermEncoder, texts: Sequence[str]) -> list[Terms]:
    return [dict(zip(v.indices, v.values, strict=True)) for v in encoder.encode([based(t) for t in texts])]


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
