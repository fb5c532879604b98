"""Reports as one HTML file that loads nothing: style and pictures are inside, all text is escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from pinakes.agents.reporting.document import (
    Bullets,
    Figure,
    Grid,
    Paragraph,
    Report,
    Sentence,
    Source,
    laid_out,
)
from pinakes.agents.reporting.words import Words

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def write(report: Report) -> bytes:
    """Return the report as UTF-8 HTML."""
    words = Words(report.language)
    body = [
        f"<h1>{escape(report.title)}</h1>",
        f'<p class="made">{escape(words.say("made", report.made.isoformat()))}</p>',
        f'<p class="scope">{escape(report.scope)}</p>',
        *_sections(report, words),
        *_missing(report, words),
        *_sources(report, words),
    ]
    style = files(__package__).joinpath("report.css").read_text("utf8")
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{style}</style>"
    )
    language = escape(report.language, quote=True)
    page = f'<!doctype html>\n<html lang="{language}"><head>{head}</head>\n<body>\n'
    return (page + "\n".join(body) + "\n</body></html>\n").encode()


def _sections(report: Report, words: Words) -> Iterator[str]:
    for section in report.sections:
        yield f"<h{section.level + 1}>{escape(section.heading)}</h{section.level + 1}>"
        for block in laid_out(section.blocks):
            if isinstance(block, tuple):
                yield f'<div class="pair">{"".join(_figure(figure, words) for figure in block)}</div>'
            else:
                yield _block(block, words)


def _block(block: Paragraph | Bullets | Grid | Figure, words: Words) -> str:
    if isinstance(block, Paragraph):
        return f'<p dir="auto">{" ".join(_sentence(s) for s in block.sentences)}</p>'
    if isinstance(block, Bullets):
        kind = "ol" if block.numbered else "ul"
        items = "".join(f'<li dir="auto">{_sentence(item)}</li>' for item in block.items)
        return f"<{kind}>{items}</{kind}>"
    return _grid(block, words) if isinstance(block, Grid) else _figure(block, words)


def _sentence(sentence: Sentence) -> str:
    lead = f"<b>{escape(sentence.lead)}</b> " if sentence.lead else ""
    cites = "".join(f' <a class="cite" href="#source-{n}">[{n}]</a>' for n in sentence.cites)
    return f"{lead}{escape(sentence.text)}{cites}"


def _grid(grid: Grid, words: Words) -> str:
    sides = [' class="number"' if grid.is_numeric(n) else "" for n in range(grid.columns)]

    def row(cells: tuple[str, ...], tag: str) -> str:
        told = zip(grid.filled(cells), sides, strict=True)
        return "<tr>" + "".join(f"<{tag}{side}>{escape(cell)}</{tag}>" for cell, side in told) + "</tr>"

    caption = f"<caption>{escape(words.say('table'))} {grid.number}: {_sentence(grid.caption)}</caption>"
    body = "".join(row(cells, "td") for cells in grid.rows)
    note = f'<p class="note">{escape(grid.note)}</p>' if grid.note else ""
    table = f"<table>{caption}<thead>{row(grid.head, 'th')}</thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>{note}'


def _figure(figure: Figure, words: Words) -> str:
    content = base64.b64encode(figure.content).decode()
    picture = (
        f'<img src="data:{figure.content_type};base64,{content}" width="{figure.width}" '
        f'height="{figure.height}" alt="{escape(figure.caption.text, quote=True)}">'
    )
    caption = f"{escape(words.say('figure'))} {figure.number}: {_sentence(figure.caption)}"
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def _missing(report: Report, words: Words) -> Iterator[str]:
    if report.missing:
        yield f"<h2>{escape(words.say('missing'))}</h2>"
        yield "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in report.missing) + "</ul>"


def _sources(report: Report, words: Words) -> Iterator[str]:
    if report.sources:
        yield f"<h2>{escape(words.say('sources'))}</h2>"
        yield f'<ol class="sources">{"".join(_source(source) for source in report.sources)}</ol>'


def _source(source: Source) -> str:
    title = f"{escape(source.title)} — " if source.title and source.title != source.filename else ""
    detail = f", {escape(source.detail)}" if source.detail else ""
    boxes = " ".join(",".join(f"{edge:.4f}" for edge in box) for box in source.places)
    place = f' data-page="{source.page}"' if source.page is not None else ""
    place += f' data-boxes="{boxes}"' if boxes else ""
    file = f' data-file="{escape(source.file_id, quote=True)}"'
    return f'<li id="source-{source.number}"{file}{place}>{title}<cite>{escape(source.filename)}</cite>{detail}</li>'
