"""The sections of a report by what its material is about: outlined by a model, else by the headings in the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from pinakes.agents.analysts.checking import Finding
from pinakes.agents.analysts.report_prose import Draft, ReportProse
from pinakes.agents.reporting.choosing import Quoted, choose_sentences
from pinakes.agents.reporting.document import Block, Section
from pinakes.agents.reporting.material import Found, Material
from pinakes.agents.reporting.outline import heading_of, outlined, place_in, shown_heading, title_of
from pinakes.agents.reporting.sections import Desk, is_table, led, listed, table_blocks
from pinakes.agents.reporting.sections import prose as quoting
from pinakes.agents.reporting.told import paragraph_of
from pinakes.agents.reporting.wish import Length, Wish
from pinakes.library.library import Library

_SENTENCES = {Length.BRIEF: 9, Length.USUAL: 28, Length.DETAILED: 42}
_SECTIONS = {Length.BRIEF: 2, Length.USUAL: 5, Length.DETAILED: 8}
_TABLES = {Length.BRIEF: 1, Length.USUAL: 3, Length.DETAILED: 5}
_KEY_POINTS = 3
_ENOUGH_FOR_KEY_POINTS = 10
_TABLE_NEAR_BEST = 0.88
_CENTRAL = 1.5


async def by_subject(
    library: Library, wish: Wish, material: Material, desk: Desk, prose: ReportProse | None
) -> list[Section]:
    """Return key points, and sections on what the material is about."""
    quoted = await choose_sentences(material.found, wish.topic, _SENTENCES[wish.length], library.embedder)
    points = _key_points(quoted) if len(quoted) >= _ENOUGH_FOR_KEY_POINTS else []
    rest = [q for q in quoted if not any(q is p for p in points)]
    tables = {t.chunk.id: (t, _heading_of_table(t)) for t in _tables(wish, material)}
    drafts = await prose.outlined(quoted, _SECTIONS[wish.length]) if prose else []
    written = await prose.written(drafts) if prose else []
    sections = [Section(desk.words.say("key_points"), (listed(points, desk),))] if points else []
    if drafts:
        return [*sections, *_by_model(drafts, written, tables, desk)]
    return [*sections, *await _by_headings(library, wish, rest, tables, desk)]


async def _by_headings(
    library: Library, wish: Wish, rest: Sequence[Quoted], tables: dict[str, tuple[Found, str]], desk: Desk
) -> list[Section]:
    """Return sections of quoted sentences, under the headings that they stand under in their files."""
    headings = {
        heading: place_in(table.file, table.chunk.ordinal) for table, heading in tables.values() if heading
    }
    outline = await outlined(rest, _SECTIONS[wish.length], library.embedder, headings)
    say = desk.words.say
    sections: list[Section] = []
    if outline.opening:
        sections.append(Section(say("overview"), tuple(quoting(outline.opening, desk))))
    for group in outline.subjects:
        blocks = [*quoting(group.members, desk), *_own_tables(tables, group.headings, desk)]
        sections.append(Section(title_of(group), tuple(blocks)))
    sections += _other_tables(tables, desk)
    if outline.rest:
        sections.append(Section(say("further"), tuple(led(outline.rest, desk))))
    return sections


def _by_model(
    drafts: Sequence[Draft],
    written: Sequence[list[Finding]],
    tables: dict[str, tuple[Found, str]],
    desk: Desk,
) -> list[Section]:
    """Return sections in a model's words; those it could not write quote their sources."""
    sections = []
    for (heading, members), findings in zip(drafts, written, strict=True):
        blocks = paragraph_of(findings, desk) or quoting(members, desk)
        blocks += _own_tables(tables, {heading_of(m) for m in members}, desk)
        sections.append(Section(heading, tuple(blocks)))
    return [*sections, *_other_tables(tables, desk)]


def _own_tables(tables: dict[str, tuple[Found, str]], headings: Collection[str], desk: Desk) -> list[Block]:
    """Return the tables that stand under some headings, taking them out of those left."""
    own = [key for key, (_, heading) in tables.items() if heading in headings]
    return table_blocks([tables.pop(key)[0] for key in own], desk)


def _other_tables(tables: dict[str, tuple[Found, str]], desk: Desk) -> list[Section]:
    left = tuple(table_blocks([table for table, _ in tables.values()], desk))
    return [Section(desk.words.say("in_figures"), left)] if left else []


def _heading_of_table(found: Found) -> str:
    return shown_heading(found.chunk.heading.rsplit(" > ", 1)[-1], found.file)


def _key_points(quoted: Sequence[Quoted]) -> list[Quoted]:
    """Return the sentences that are weighty and near to all the others, of one file no more than two."""
    middle = sum(q.vector for q in quoted) / len(quoted)
    ranked = sorted(quoted, key=lambda q: -(q.weight + _CENTRAL * float(q.vector @ middle)))
    points: list[Quoted] = []
    files: Counter[str] = Counter()
    for item in ranked:
        if files[item.unit.file.id] < 2 and len(points) < _KEY_POINTS:
            points.append(item)
            files[item.unit.file.id] += 1
    return points


def _tables(wish: Wish, material: Material) -> list[Found]:
    best = max((f.score for f in material.found), default=0.0)
    return [f for f in material.found if is_table(f) and f.score >= _TABLE_NEAR_BEST * best][
        : _TABLES[wish.length]
    ]
