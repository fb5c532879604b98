"""Markdown files."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from pinakes.core.files import Element, Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.assemble import assemble, from_unstructured
from pinakes.ingestion.readers.dates import parse_date
from pinakes.ingestion.readers.decode import read_text
from pinakes.ingestion.unstructured_offline import markdown_elements

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_WORD = re.compile(r"(?m)^(?!\s*\[[^\]]*\]:)[^<]*\w")  # neither a tag nor where a link leads
_FIELD = re.compile(r"^(title|date|created|published)\s*:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_LIST_AFTER_TEXT = re.compile(
    r"(?m)^(?![ \t]*(?:[-*+]|\d+[.)])[ \t])([^\n|`#>]+)\n(?=[ \t]{0,3}(?:[-*+]|\d+[.)])[ \t])"
)


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read a Markdown file; front matter gives title and date. Raises EmptyFileError, CorruptFileError."""
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    front, body = _front_matter(text)
    elements = list(from_unstructured(_parts(_LIST_AFTER_TEXT.sub(r"\1\n\n", body))))
    if not elements and _WORD.search(body):  # nested too deeply for the parser
        elements = [Element(type="UncategorizedText", text=line) for line in body.splitlines()]
    return assemble(file_id, elements, options, title=front.get("title"), content_created_at=_date(front))


def _parts(body: str) -> list[Any]:
    try:
        return markdown_elements(body)
    except AttributeError:  # its parser cannot stand a text without any words
        return []


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(text)
    if not match or ":" not in match.group(1):
        return {}, text
    fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(match.group(1))}
    return fields, text[match.end() :]


def _date(front: dict[str, str]) -> datetime | None:
    return parse_date(front.get("date") or front.get("created") or front.get("published") or "")
