"""From material to a report: key points, sections, pictures where they belong, what was not found, sources."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysts.calling import field_words
from pinakes.agents.analysts.report_prose import Draft, ReportProse
from pinakes.agents.reporting.choosing import Quoted, about, bearing_on, choose_sentences
from pinakes.agents.reporting.claims import with_hashes
from pinakes.agents.reporting.document import Block, Figure, Report, Section, numbered
from pinakes.agents.reporting.figures import name_of, picture_figure
from pinakes.agents.reporting.findings import told_sections
from pinakes.agents.reporting.material import Found, Material, gather
from pinakes.agents.reporting.rendering import render
from pinakes.agents.reporting.sections import Desk, is_table, table_blocks
from pinakes.agents.reporting.sections import prose as quoting
from pinakes.agents.reporting.sources import Ledger
from pinakes.agents.reporting.subjects import by_subject
from pinakes.agents.reporting.told import paragraph_of
from pinakes.agents.reporting.wish import Length, Wish, read_wish
from pinakes.agents.reporting.words import Words
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.findings import ReportRef
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepResult
from pinakes.library.library import Library
from pinakes.ports.language_model import LanguageModel

_PROSE = {Length.BRIEF: 4, Length.USUAL: 6, Length.DETAILED: 9}
_A_PART = 6
_MOST_BESIDE = 2
_PICTURE_BELONGS, _PICTURE_APART = 0.45, 0.05
"""Cosine from which a picture stands in a section, and by how much it must be nearer to that than to the next."""


async def synthesise(
    library: Library,
    intent: str,
    inputs: Sequence[StepResult],
    *,
    formats: Sequence[str] = ("md",),
    now: datetime,
    options: TurnOptions | None = None,
    pointed: Sequence[str] = (),
    analyst: LanguageModel | None = None,
) -> tuple[Report, ReportRef]:
    """Write a report, keep its files in the library's blob store, and return it with the reference to them.

    Args:
        intent: The request, in the user's words.
        inputs: What earlier steps found; without any, the library is searched.
        formats: md, html, docx, pdf.
        now: The report's date is this day.
        options: Selections and folders that limit what may be used.
        pointed: Files that the request points to.
        analyst: Outlines the report and writes its sections; without it, sentences of the sources are quoted.

    Raises:
        ConfigurationError: A format needs a package that is not installed.
        ValidationError: There is no such format.
    """
    wish = read_wish(intent)
    material = await gather(library, wish, inputs, options or TurnOptions(), pointed)
    prose = None
    if analyst is not None:
        reader = field_words(options or TurnOptions())
        prose = ReportProse(analyst, intent, _PROSE[wish.length], reader)
    report, ledger = await _compose(library, wish, material, now, _titled(wish, inputs, material), prose)
    claims = await with_hashes(library, ledger.claims)
    ref = ReportRef(
        title=report.title, claims=claims, sections=tuple(s.heading for s in report.sections if s.level == 1)
    )
    return report, await keep(library, report, ref, formats)


async def keep(library: Library, report: Report, ref: ReportRef, formats: Sequence[str]) -> ReportRef:
    """Put a report's files and its manifest (format "json") into the blob store and return where they are."""
    made = dict(ref.formats)
    for format in formats:
        made[format] = await library.blobs.put(render(report, format))
    kept = ref.model_copy(update={"formats": made})
    manifest = json.dumps(kept.model_dump(mode="json"), ensure_ascii=False).encode()
    return kept.model_copy(update={"formats": {**made, "json": await library.blobs.put(manifest)}})


def _titled(wish: Wish, inputs: Sequence[StepResult], material: Material) -> str:
    if wish.title:
        return wish.title
    for result in inputs:
        if found := read_wish(result.intent).title:
            return found
    files = list(material.files.values())
    only = files[0].title if len(files) == 1 else None
    return only or Words(wish.language).say("report")


async def _compose(
    library: Library,
    wish: Wish,
    material: Material,
    now: datetime,
    title: str,
    prose: ReportProse | None,
) -> tuple[Report, Ledger]:
    words = Words(wish.language)
    desk = Desk(Ledger(material.files, words), words)
    sections: list[Section] = []
    missing: list[str] = []
    if wish.parts:
        sections += await _named_parts(library, wish, material, desk, missing, prose)
    elif material.found:
        sections += await by_subject(library, wish, material, desk, prose)
    for result in material.told:
        sections += await told_sections(result, wish, material.files, desk)
    sections = await _with_pictures(library, sections, material.pictures, desk)
    missing += _not_found(wish, material, sections, words)
    sources = desk.ledger.sources
    report = Report(
        title=title,
        language=wish.language,
        made=now.date(),
        scope=_scope(title, [s.file_id for s in sources], material, words),
        sections=numbered(tuple(sections)),
        sources=sources,
        missing=tuple(dict.fromkeys(missing)),
    )
    return report, desk.ledger


async def _named_parts(
    library: Library,
    wish: Wish,
    material: Material,
    desk: Desk,
    missing: list[str],
    prose: ReportProse | None,
) -> list[Section]:
    """Return the sections that were asked for by name; those without any finding are missing."""
    drafts: list[Draft] = []
    tables: list[list[Found]] = []
    said: list[Quoted] = []
    shown: set[str] = set()
    for part, found in zip(wish.parts, material.parts, strict=True):
        bearing = await bearing_on(part, found, library.embedder)
        topic = f"{part} {wish.topic}".strip()
        likely = await choose_sentences(bearing, topic, 2 * _A_PART, library.embedder, said)
        drafts.append((part, (await about(part, likely, library.embedder))[:_A_PART]))
        tables.append([f for f in bearing if is_table(f) and f.chunk.id not in shown][:2])
        shown |= {f.chunk.id for f in tables[-1]}
        said += drafts[-1][1]
    written = await prose.written([d for d in drafts if d[1]]) if prose else []
    by_part = dict(zip((part for part, quoted in drafts if quoted), written, strict=False))
    sections: list[Section] = []
    for (part, quoted), own in zip(drafts, tables, strict=True):
        blocks = paragraph_of(by_part.get(part, ()), desk) or quoting(quoted, desk)
        blocks += table_blocks(own, desk)
        if blocks:
            sections.append(Section(part, tuple(blocks)))
        else:
            missing.append(desk.words.say("nothing_on", part))
    return sections


async def _with_pictures(
    library: Library, sections: list[Section], pictures: Sequence[FileRecord], desk: Desk
) -> list[Section]:
    """Return the sections with pictures at the ends of those they belong to, the others in a section of their own."""
    closed = {desk.words.say("key_points"), desk.words.say("further")}
    open_to = [n for n, s in enumerate(sections) if s.level == 1 and s.heading not in closed]
    homes = await _homes(library, sections, open_to, pictures)
    own: dict[int | None, list[FileRecord]] = {}
    for file, home in zip(pictures, homes, strict=True):
        full = len(own.get(home, ())) >= _MOST_BESIDE
        own.setdefault(None if full else home, []).append(file)
    placed = list(sections)
    for home in sorted(h for h in own if h is not None):
        figures = await _figures(library, own[home], desk)
        placed[home] = replace(placed[home], blocks=(*placed[home].blocks, *figures))
    loose = await _figures(library, own.get(None, []), desk)
    return [*placed, Section(desk.words.say("in_pictures"), loose)] if loose else placed


async def _figures(library: Library, files: Sequence[FileRecord], desk: Desk) -> tuple[Block, ...]:
    made = [await picture_figure(library, file, desk) for file in files]
    return tuple(figure for figure in made if figure is not None)


async def _homes(
    library: Library, sections: Sequence[Section], open_to: Sequence[int], pictures: Sequence[FileRecord]
) -> list[int | None]:
    """Return for each picture the place of the section that is nearest to what is known of it, None if none is."""
    if not open_to or not pictures:
        return [None for _ in pictures]
    told = [f"{sections[n].heading}: {_first_words(sections[n])}" for n in open_to]
    known = [f"{name_of(f)}. {f.facts.visible_text[:200] if f.facts else ''}" for f in pictures]
    vectors = await vectors_of([*told, *known], library.embedder)
    near = vectors[len(told) :] @ vectors[: len(told)].T
    return [_home(row.tolist(), open_to) for row in near]


def _home(near: list[float], places: Sequence[int]) -> int | None:
    first, *others = sorted(near, reverse=True)
    clear = not others or first - others[0] >= _PICTURE_APART
    return places[near.index(first)] if first >= _PICTURE_BELONGS and clear else None


def _first_words(section: Section) -> str:
    sentences = [s.text for b in section.blocks for s in getattr(b, "sentences", getattr(b, "items", ()))]
    return " ".join(sentences)[:400]


def _not_found(wish: Wish, material: Material, sections: Sequence[Section], words: Words) -> list[str]:
    lines = [words.say("failed_step", r.error.message if r.error else r.agent) for r in material.lost]
    figures = any(isinstance(b, Figure) for s in sections for b in s.blocks)
    if material.sought_pictures and not figures and wish.pictures is not False and not material.empty:
        lines.append(words.say("no_pictures", wish.topic))
    return lines


def _scope(title: str, cited: Sequence[str], material: Material, words: Words) -> str:
    kinds = Counter(material.files[i].media_type for i in dict.fromkeys(cited))
    named = [
        words.count(key, kinds[kind])
        for kind, key in (
            (MediaType.DOCUMENT, "documents"),
            (MediaType.IMAGE, "pictures"),
            (MediaType.LINK, "links"),
            (MediaType.VIDEO, "videos"),
        )
        if kinds[kind]
    ]
    if not named and material.files:
        named = [words.count("files", len(material.files))]
    return (
        words.say("scope", title, sources=words.joined(named)) if named else words.say("scope_empty", title)
    )
