"""Sections from sentences: what stands under like headings belongs together, under a heading that a person wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.agents.reporting.choosing import Quoted, heading_above
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord
from pinakes.ports.embedder import Embedder

_LONGEST_HEADING = 60
_SAME_HEADING = 0.6
"""Cosine from which two headings open the same section: "Cost" and "What it costs"."""

_STRUCTURAL = frozenset(
    content_stems(
        "introduction overview summary abstract results method methods discussion conclusion conclusions background"
        " general contents notes details description remarks einleitung überblick zusammenfassung ergebnisse fazit"
        " introducción resumen resultados conclusiones introduction résumé résultats conclusion"
    )
)
"""Headings that say which part of a text they open, not what it is about."""


@dataclass
class Group:
    """Sentences that stand under like headings."""

    headings: Counter[str] = field(default_factory=Counter)
    members: list[Quoted] = field(default_factory=list)
    places: list[float] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """How much its sentences count together."""
        return sum(member.weight for member in self.members)

    @property
    def place(self) -> float:
        """Where in their files its sentences stand, 0 to 1: beginnings come before ends."""
        return sum(self.places) / len(self.places)

    def add(self, heading: str, place: float, member: Quoted | None = None) -> None:
        """Take in a sentence, or a table, that stands under a heading."""
        self.headings[heading] += 1
        self.places.append(place)
        if member is not None:
            self.members.append(member)

    def take(self, other: Group) -> None:
        """Take over another group's sentences."""
        self.members += other.members
        self.headings += other.headings
        self.places += other.places


@dataclass(frozen=True)
class Outline:
    """Sentences by section: those that open the report, the subjects, and single ones left over."""

    opening: list[Quoted]
    subjects: list[Group]
    rest: list[Quoted]


async def outlined(
    quoted: Sequence[Quoted], most: int, embedder: Embedder, tables: Mapping[str, float]
) -> Outline:
    """Return the sentences in sections, at most so many with a subject, in reading order.

    Args:
        tables: Headings that tables stand under, and where in their files: they make sections of their own.
    """
    groups: dict[str, Group] = {}
    opening: list[Quoted] = []
    for item in quoted:
        heading = heading_of(item)
        if not heading:
            opening.append(item)
            continue
        chunk = item.unit.chunk
        place = place_in(item.unit.file, chunk.ordinal + item.unit.start / max(1, len(chunk.text)))
        groups.setdefault(heading.casefold(), Group()).add(heading, place, item)
    for heading, place in tables.items():
        groups.setdefault(heading.casefold(), Group()).add(heading, place)
    joined = await _joined(list(groups.values()), embedder)
    tabled = [g for g in joined if any(h in tables for h in g.headings)]
    told = [g for g in joined if len(g.members) > 1 and g not in tabled]
    subjects = [*tabled, *sorted(told, key=lambda g: (-g.weight, g.place))][: max(most, len(tabled))]
    rest = [m for g in joined if g not in subjects for m in g.members]
    return Outline(opening, sorted(subjects, key=lambda g: (g.place, title_of(g))), rest)


async def _joined(groups: list[Group], embedder: Embedder) -> list[Group]:
    """Return groups with those joined whose headings mean the same."""
    vectors = await vectors_of([title_of(g) for g in groups], embedder)
    kept: list[int] = []
    for n, group in enumerate(groups):
        same = next((k for k in kept if float(vectors[k] @ vectors[n]) >= _SAME_HEADING), None)
        if same is None:
            kept.append(n)
        else:
            groups[same].take(group)
    return [groups[k] for k in kept]


def place_in(file: FileRecord, ordinal: float) -> float:
    """Return where in a file something stands, 0 to 1."""
    return ordinal / max(1, file.chunk_count)


def heading_of(item: Quoted) -> str:
    """Return the heading that a sentence stands under, without its number; "" where it only names the file."""
    return shown_heading(heading_above(item.unit), item.unit.file)


def shown_heading(last: str, file: FileRecord) -> str:
    """Return a heading as a section may bear it, "" where it says nothing of its subject."""
    heading = plain(re.sub(r"^\s*(?:(?:\d+\.)*\d+\.?|[A-Z]\.|[IVX]+\.)\s+", "", last)).rstrip(" .:")
    said = set(content_stems(heading))
    if not 2 < len(heading) <= _LONGEST_HEADING or _names_file(heading, file) or said <= _STRUCTURAL:
        return ""
    if heading.isupper():
        heading = heading.capitalize()
    return heading[:1].upper() + heading[1:]


def _names_file(heading: str, file: FileRecord) -> bool:
    """Return whether a heading says little else than the file's name or title."""
    said = set(content_stems(heading))
    names = (set(content_stems(name)) for name in (file.title or "", file.filename))
    return any(said and said <= name and 2 * len(said) > len(name) for name in names)


def title_of(group: Group) -> str:
    """Return a group's heading: the one most of its sentences stand under."""
    return group.headings.most_common(1)[0][0]
