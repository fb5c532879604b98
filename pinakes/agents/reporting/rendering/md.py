"""Reports as Markdown, pictures inlined under their text so that it stays readable."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from pinakes.agents.reporting.document import Bullets, Figure, Grid, Paragraph, Report, Sentence, Source
from pinakes.agents.reporting.words import Words

_ACTIVE = re.compile(r"([\\`*_\[\]<|~$])")
_STARTS = re.compile(r"^(#+|>|[-+=](?=\s|$|[-=])|\d+(?=[.)](?:\s|$)))")


def write(report: Report) -> bytes:
    """Return the report as UTF-8 Markdown."""
    words = Words(report.language)
    blocks = [
        f"# {escaped(report.title)}",
        f"*{escaped(words.say('made', report.made.isoformat()))}*",
        escaped(report.scope),
        *_sections(report, words),
        *_missing(report, words),
        *_sources(report, words),
        *_pictures(report),
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def escaped(text: str) -> str:
    """Return words in which nothing is Markdown or HTML; on one line."""
    line = " ".join(text.split())
    line = _ACTIVE.sub(r"\\\1", line).replace("&", "&amp;")
    return _STARTS.sub(lambda m: f"{m[1]}\\" if m[1][0].isdigit() else f"\\{m[1]}", line)


def _sections(report: Report, words: Words) -> Iterator[str]:
    for section in report.sections:
        yield f"{'#' * (section.level + 1)} {escaped(section.heading)}"
        for block in section.blocks:
            yield _block(block, words)


def _block(block: Paragraph | Bullets | Grid | Figure, words: Words) -> str:
    if isinstance(block, Paragraph):
        return " ".join(_sentence(s) for s in block.sentences)
    if isinstance(block, Bullets):
        marks = [f"{n}." if block.numbered else "-" for n in range(1, len(block.items) + 1)]
        return "\n".join(f"{m} {_sentence(i)}" for m, i in zip(marks, block.items, strict=True))
    if isinstance(block, Grid):
        return _grid(block, words)
    caption = f"{words.say('figure')} {block.number}: {_sentence(block.caption)}"
    return f"![{escaped(block.caption.text)}][figure-{block.number}]\n\n*{caption}*"


def _sentence(sentence: Sentence) -> str:
    lead = f"**{escaped(sentence.lead)}** " if sentence.lead else ""
    cites = "".join(f" \\[{number}\\]" for number in sentence.cites)
    return f"{lead}{escaped(sentence.text)}{cites}"


def _grid(grid: Grid, words: Words) -> str:
    head = _row(grid.filled(grid.head))
    rule = "|" + "".join(" ---: |" if grid.is_numeric(n) else " --- |" for n in range(grid.columns))
    rows = [_row(grid.filled(row)) for row in grid.rows]
    caption = f"*{words.say('table')} {grid.number}: {_sentence(grid.caption)}*"
    note = f"\n\n{escaped(grid.note)}" if grid.note else ""
    return "\n".join([f"{caption}\n", head, rule, *rows]) + note


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def _missing(report: Report, words: Words) -> Iterator[str]:
    if report.missing:
        yield f"## {words.say('missing')}"
        yield "\n".join(f"- {escaped(line)}" for line in report.missing)


def _sources(report: Report, words: Words) -> Iterator[str]:
    if report.sources:
        yield f"## {words.say('sources')}"
        yield "\n\n".join(_source(source) for source in report.sources)


def _source(source: Source) -> str:
    title = f"{escaped(source.title)} — " if source.title and source.title != source.filename else ""
    detail = f", {escaped(source.detail)}" if source.detail else ""
    return f"\\[{source.number}\\] {title}*{escaped(source.filename)}*{detail}"


def _pictures(report: Report) -> Iterator[str]:
    lines = [
        f"[figure-{b.number}]: data:{b.content_type};base64,{base64.b64encode(b.content).decode()}"
        for b in report.blocks
        if isinstance(b, Figure)
    ]
    if lines:
        yield "\n".join(lines)
