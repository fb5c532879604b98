"""How values look in notebooks: HTML fragments, everything escaped, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from pinakes.core.evidence import MARK, Citation, resolve_marks
from pinakes.core.files import Locator

_SHOWN = re.compile(r"data:image/(?:jpeg|png|webp);base64,[A-Za-z0-9+/=]+")
_FRAME = "display:inline-block;margin:4px;text-align:center;font-size:11px;max-width:180px;vertical-align:top"


def bundle(plain: str, html: str) -> dict[str, str]:
    """Return what `_repr_mimebundle_` answers."""
    return {"text/plain": plain, "text/html": html}


def answer_html(
    content: str,
    citations: Sequence[Citation],
    refs: dict[str, Any],
    snippets: Mapping[str, str] | None = None,
) -> str:
    """Return an answer with numbered citations and the list of its sources.

    Args:
        snippets: Pictures of the places cited, as data URLs by mark.
    """
    numbers: dict[str, int] = {}
    parts, end = [], 0
    for match in MARK.finditer(content):
        parts.append(escape(content[end : match.start()]))
        parts.append(_citation_html(match, numbers, refs))
        end = match.end()
    parts.append(escape(content[end:]))
    body = "".join(parts).replace("\n\n", "</p><p>").replace("\n", "<br>")
    return f"<div><p>{body}</p>{_sources_html(numbers, citations, snippets or {})}</div>"


def gallery_html(pictures: Iterable[tuple[str, str | None, str]]) -> str:
    """Return thumbnails with names and captions; only inline pictures are shown, nothing is loaded."""
    cells = [
        f'<span style="{_FRAME}">{_thumbnail_html(url)}<br><b>{escape(name)}</b><br>{escape(caption)}</span>'
        for name, url, caption in pictures
    ]
    return f"<div>{''.join(cells)}</div>" if cells else ""


def table_html(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table."""
    head = "".join(f"<th style='text-align:left'>{escape(column)}</th>" for column in columns)
    lines = [
        "<tr>"
        + "".join(f"<td style='text-align:left'>{escape(_cell(value))}</td>" for value in row)
        + "</tr>"
        for row in rows
    ]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def tables_html(tables: Iterable[Mapping[str, Any]]) -> str:
    """Return the tables of an answer's metadata, each with what it tells."""
    return "".join(
        f"<p>{escape(str(table.get('words', '')))}</p>"
        + table_html([str(column) for column in table.get("columns", ())], table.get("rows", ()))
        for table in tables
    )


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds, with hours where there are any."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def place(locator: Locator) -> str:
    """Return where something stands, in words, with a leading comma; empty where nothing is known."""
    if locator.start_s is not None:
        return f", {clock(locator.start_s)}"
    return f", p. {locator.page}" if locator.page is not None else ""


def _citation_html(match: re.Match[str], numbers: dict[str, int], refs: dict[str, Any]) -> str:
    if match.group(1) == "ref":
        return escape(resolve_marks(match.group(0), refs))
    number = numbers.setdefault(match.group(0), len(numbers) + 1)
    return f"<sup>[{number}]</sup>"


def _sources_html(numbers: dict[str, int], citations: Sequence[Citation], snippets: Mapping[str, str]) -> str:
    first = {citation.mark: citation.evidence for citation in reversed(citations)}
    lines = [
        f"<li value={number}><b>{escape(first[mark].filename)}</b>{place(first[mark].locator)}"
        f"{_quote_html(first[mark].quote)}{_snippet_html(snippets.get(mark))}</li>"
        for mark, number in numbers.items()
        if mark in first
    ]
    return f"<ol style='font-size:12px;color:#666'>{''.join(lines)}</ol>" if lines else ""


def _quote_html(quote: str) -> str:
    return f": <i>“{escape(' '.join(quote.split()))}”</i>" if quote else ""


def _snippet_html(url: str | None) -> str:
    if url and _SHOWN.fullmatch(url):
        return f'<br><img src="{url}" style="max-width:100%;border:1px solid #ddd;margin:2px 0">'
    return ""


def _thumbnail_html(url: str | None) -> str:
    if url and _SHOWN.fullmatch(url):
        return f'<img src="{url}" style="max-width:160px;max-height:120px">'
    return ""


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
