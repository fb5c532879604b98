"""Holds what a model says against the passages that it names: what they do not bear out is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pinakes.agents.analysis.units import units_of
from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.agents.analysts.excerpts import Excerpt
from pinakes.agents.analysts.forms import Source
from pinakes.agents.analysts.quoting import stretch_of
from pinakes.agents.analysts.values import unsupported_values
from pinakes.agents.citing import LONGEST_QUOTE
from pinakes.agents.planning.text import detect_language, masked
from pinakes.agents.queries.calendar_words import MONTHS, WEEKDAYS
from pinakes.agents.writing.marks import plain
from pinakes.core.evidence import MARK

_GROUNDED = 0.3
"""Share of a finding's content words that its passages must have too."""

_QUOTED_WORDS = 3
_FIRST_LETTERS = 4
_LANGUAGE_SAMPLE = 600
_ADDRESS = re.compile(r"https?:|www\.|mailto:|\]\(|data:\w+/", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"«„]([^”\"»“]{3,})[”\"»“]")
_NAME = re.compile(r"(?<=[\w,;] )[A-ZÀ-Þ][^\W\d_]{2,}(?!\w)")
_OWN_MARK = re.compile(rf"\s*(?:{MARK.pattern}|[\[(][DPLR]\d+(?:[,;]?\s*[DPLR]\d+)*[\])])")
_ASKING = re.compile(r"[?？]\W*$")


@dataclass(frozen=True)
class Place:
    """Characters `start` to `end` of an excerpt; `quoted` where the model copied them."""

    excerpt: Excerpt
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True)
class Finding:
    """What a model says and its passages bear out; `kind` and `value` are as its form has them."""

    text: str
    places: tuple[Place, ...]
    kind: str = ""
    value: str = ""

    @property
    def file_ids(self) -> tuple[str, ...]:
        """The files it rests on, in order."""
        return tuple(dict.fromkeys(p.excerpt.file.id for p in self.places))


@dataclass
class Sieve:
    """Lets through what passages bear out.

    Args:
        excerpts: What a model was shown, by id.
        request: What was asked: names in it may be used.

    Attributes:
        dropped: Why each thing that was said did not pass.
    """

    excerpts: Mapping[str, Excerpt]
    request: str = ""
    dropped: list[str] = field(default_factory=list)

    def passed(
        self, text: str, sources: Iterable[Source], *, kind: str = "", value: str = ""
    ) -> Finding | None:
        """Return what was said with its places, None where nothing bears it out."""
        said = tidied(text)
        places = self.places(f"{value} {said}", sources)
        return self._checked(Finding(said, tuple(places), kind, tidied(value)))

    def merged(self, text: str, parts: Sequence[Finding], *, kind: str = "") -> Finding | None:
        """Return what was said of several findings, with all their places, None where they do not bear it out."""
        places = dict.fromkeys(place for part in parts for place in part.places)
        return self._checked(Finding(tidied(text), tuple(places), kind))

    def _checked(self, finding: Finding) -> Finding | None:
        why = _why_not(finding, self.request) if finding.places else "no source holds it"
        if not why:
            return finding
        self.dropped.append(why)
        return None

    def places(self, text: str, sources: Iterable[Source]) -> list[Place]:
        """Return where the sources of a text stand: known ids alone, quotes only where they are quotes."""
        found: list[Place] = []
        for source in sources:
            excerpt = self.excerpts.get(source.id.strip(" []()").upper())
            place = _place(excerpt, source.quote, text) if excerpt else None
            if place is not None and place not in found:
                found.append(place)
        return found


def tidied(text: str) -> str:
    """Return a model's words safe to show, without marks or ids that it wrote itself: marks are made by code alone."""
    return plain(re.sub(r"\s+([.,;:])", r"\1", _OWN_MARK.sub("", text))).strip()


def _place(excerpt: Excerpt, quote: str, text: str) -> Place | None:
    if not any(c.isalnum() for c in quote):
        return _nearest(excerpt, text)
    if _ASKING.search(quote):  # a question holds nothing
        return None
    found = stretch_of(quote, excerpt.chunk.text)
    return Place(excerpt, *found, quoted=True) if found else None


def _nearest(excerpt: Excerpt, text: str) -> Place:
    """Return the sentence of a passage that has most words of a text."""
    said = set(content_stems(text))
    units = units_of(excerpt.file, [excerpt.chunk])
    best = max(units, key=lambda u: len(said & set(content_stems(u.text))), default=None)
    if best is None:
        return Place(excerpt, 0, min(len(excerpt.chunk.text), LONGEST_QUOTE), quoted=False)
    return Place(excerpt, best.start, best.end, quoted=False)


@dataclass(frozen=True)
class _Grounds:
    """The words that a finding may rest on."""

    excerpts: tuple[Excerpt, ...]
    request: str

    @cached_property
    def text(self) -> str:
        """The passages with the headings and names they stand under."""
        names = {f"{e.file.title or ''} {e.file.filename} {e.chunk.heading}" for e in self.excerpts}
        return "\n".join([*(e.chunk.text for e in self.excerpts), *sorted(names)])

    def speaks_as(self, text: str) -> bool:
        """Return whether the passages are in the language of a text."""
        sample = " ".join(e.chunk.text[:_LANGUAGE_SAMPLE] for e in self.excerpts[:2])
        return detect_language(masked(text)) == detect_language(masked(sample))


def _why_not(finding: Finding, request: str) -> str:
    """Return why a finding may not be told, "" where it may."""
    said = f"{finding.value}: {finding.text}" if finding.value else finding.text
    grounds = _Grounds(tuple(dict.fromkeys(p.excerpt for p in finding.places)), request)
    if not any(c.isalnum() for c in said):
        return "it says nothing"
    if _ADDRESS.search(said):
        return "it holds an address"
    if values := unsupported_values(said, grounds.text):
        return f"no source says {values[0]}"
    if any(stretch_of(quote, grounds.text) is None for quote in _QUOTED.findall(said) if " " in quote):
        return "it quotes what no source says"
    return _ungrounded(said, finding, grounds)


def _ungrounded(said: str, finding: Finding, grounds: _Grounds) -> str:
    """Return why a text goes beyond its passages; in another language than theirs words cannot tell, quotes must."""
    stems = set(content_stems(said))
    held = set(content_stems(grounds.text))
    share = len(stems & held) / len(stems) if stems else 1.0
    if share >= 1.0:
        return ""
    if not grounds.speaks_as(said):
        quoted = any(p.quoted and p.end - p.start > 2 * _QUOTED_WORDS for p in finding.places)
        return "" if share >= _GROUNDED or quoted else "no source is quoted for it"
    if share < _GROUNDED:
        return "its words are not those of its sources"
    name = _foreign_name(said, f"{grounds.text} {grounds.request}")
    return f"no source names {name}" if name else ""


def _foreign_name(said: str, source: str) -> str:
    """Return a name within a text that its source does not have; languages that write all nouns large are exempt."""
    if detect_language(masked(said)) not in {"en", "es", "fr"}:
        return ""
    known = {w.casefold()[:_FIRST_LETTERS] for w in re.findall(r"\w{3,}", source)}
    for name in _NAME.findall(said):
        folded = name.casefold()
        if folded[:_FIRST_LETTERS] not in known and folded not in MONTHS and folded not in WEEKDAYS:
            return str(name)
    return ""
