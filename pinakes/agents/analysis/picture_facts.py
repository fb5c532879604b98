"""What is recorded of pictures and read in them, as lines with marks."""

from __future__ import annotations

from collections.abc import Sequence

from pinakes.agents.analysis.picture_text import lines_of, telling_lines
from pinakes.agents.citing import Citations
from pinakes.agents.picture_words import (
    camera_of,
    colours_of,
    moment_of,
    place_of,
    shape_of,
    text_of,
    turned_of,
)
from pinakes.agents.queries.aspects import Aspect
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord, ImageFacts
from pinakes.library.library import Library

MOST_TOLD = 12
_MOST_READ = 5
_LONGEST_TEXT = 160
_BRIGHT = 0.65
"""Mean luma from which a picture is called bright."""


def facts_told(files: Sequence[FileRecord], aspects: Sequence[Aspect], cited: Citations) -> str:
    """Return the recorded facts that were asked for, a line a picture."""
    lines = []
    for file in files[:MOST_TOLD]:
        facts = file.facts
        told = [_fact(aspect, facts) for aspect in aspects if aspect in _FACTS] if facts else []
        lines.append(f"{_named(file, cited, '; '.join(told))} — {'; '.join(told)}.")
    return _listed(lines, len(files))


def _fact(aspect: Aspect, facts: ImageFacts) -> str:
    if aspect is Aspect.TIME:
        return f"taken {moment_of(facts)}" if facts.taken_at else "no time is recorded"
    if aspect is Aspect.PLACE:
        return f"taken at {place_of(facts)}" if facts.gps else "no place is recorded"
    if aspect is Aspect.CAMERA:
        return _camera(facts)
    if aspect is Aspect.SIZE:
        return shape_of(facts)
    if aspect is Aspect.TURNED:
        return turned_of(facts)
    return (
        f"main colours over the whole picture are {colours_of(facts)}"
        if facts.colours
        else "no colours were measured"
    )


_FACTS = frozenset({Aspect.TIME, Aspect.PLACE, Aspect.CAMERA, Aspect.SIZE, Aspect.TURNED, Aspect.COLOURS})


def _camera(facts: ImageFacts) -> str:
    camera = camera_of(facts)
    if not camera:
        return "no camera is recorded"
    settings = ", ".join(f"{name} {value}" for name, value in facts.exposure.items())
    lens = f" with {facts.lens}" if facts.lens else ""
    return f"taken with the {camera}{lens}{f' ({settings})' if settings else ''}"


async def text_told(question: str, files: Sequence[FileRecord], library: Library, cited: Citations) -> str:
    """Return the text in the pictures that bears on the question, a line a picture, cited where it stands."""
    told: list[str] = []
    silent: list[str] = []
    for file in files[:MOST_TOLD]:
        if len(told) == _MOST_READ:
            break
        lines = lines_of(await library.catalog.file_chunks(file.id))
        best = await telling_lines(question, lines, library.embedder)
        if not best:
            silent.append(file.filename)
            continue
        stretch = [line for line in best if line.chunk.id == best[0].chunk.id]
        evidence = cited.cite_chunk(
            file, best[0].chunk, stretch[0].start, stretch[-1].end, why="text in the picture"
        )
        read = " / ".join(line.text.strip() for line in best)
        told.append(f"{cited.mark(evidence).strip() or plain(file.filename)} reads “{plain(read)}”.")
    if not told and silent:
        return f"No text could be read in {', '.join(silent)}."
    return _listed(told, max(len(files) - len(silent), len(told)))


def described(files: Sequence[FileRecord], cited: Citations) -> str:
    """Return all that is recorded of each picture, a line a picture."""
    lines = [_description(file, cited) for file in files[:MOST_TOLD]]
    return _listed(lines, len(files))


def _description(file: FileRecord, cited: Citations) -> str:
    facts = file.facts
    if facts is None:
        return f"{_named(file, cited, 'not measured')} — nothing was measured."
    text = plain(text_of(facts))
    made = " ".join(
        part
        for part in (
            f"taken {moment_of(facts)}" if facts.taken_at else "",
            f"with the {camera_of(facts)}" if camera_of(facts) else "",
            f"at {place_of(facts)}" if facts.gps else "",
        )
        if part
    )
    first = ", ".join(p for p in (_worded(facts), made, f"{_looks(facts)} ({shape_of(facts)})") if p)
    shortened = f"{text[:_LONGEST_TEXT]}{'…' if len(text) > _LONGEST_TEXT else ''}"
    read = f"The text in it reads “{shortened}”." if text else "No text could be read in it."
    shows = file.description.text if file.description else ""
    seen = f"{file.description.model} described it: “{plain(shows)}” — " if shows and file.description else ""
    return f"{_named(file, cited, 'measured facts')} — {seen}{first}. {read}"


def _worded(facts: ImageFacts) -> str:
    """Return what people said of a picture."""
    caption = f"captioned “{plain(facts.caption)}”" if facts.caption else ""
    keywords = f"with the keywords {plain(', '.join(facts.keywords))}" if facts.keywords else ""
    return ", ".join(part for part in (caption, keywords) if part)


def _looks(facts: ImageFacts) -> str:
    """Return light, sharpness and colours, as measured."""
    light = (
        []
        if facts.brightness is None
        else ["dark" if facts.dark else "bright" if facts.brightness > _BRIGHT else "of middling light"]
    )
    sharp = [] if facts.sharpness is None else ["blurred" if facts.blurred else "sharp"]
    colours = [f"mainly {colours_of(facts)}"] if facts.colours else []
    return ", ".join([*sharp, *light, *colours]) or "not measured"


def _named(file: FileRecord, cited: Citations, why: str) -> str:
    """Return a picture's mark, which shows its name."""
    return cited.mark(cited.cite_file(file, why=why)).strip() or plain(file.filename)


def _listed(lines: Sequence[str], total: int) -> str:
    if len(lines) == 1 and total <= 1:
        return lines[0]
    more = [f"- … and {total - len(lines)} more"] if total > len(lines) else []
    return "\n".join([f"- {line}" for line in lines] + more)
