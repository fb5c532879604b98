"""Markdown files."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from pinakes.core.files import Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.assemble import assemble, from_unstructured
from pinakes.ingestion.readers.dates import parse_date
from pinakes.ingestion.readers.decode import read_text
from pinakes.ingestion.unstructured_offline import markdown_elements

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|date|created|published)\s*:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_LIST_AFTER_TEXT = re.compile(
    r"(?m)^(?![ \t]*(?:[-*+]|\d+[.)])[ \t])([^\n|`#>]+)\n(?=[ \t]{0,3}(?:[-*+]|\d+[.)])[ \t])"
)


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read a Markdown file; front matter gives title and date. Raises EmptyFileError, CorruptFileError."""
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    front, body = _front_matter(text)
    elements = from_unstructured(markdown_elements(_LIST_AFTER_TEXT.sub(r"\1\n\n", body)))
    return assemble(file_id, elements, options, title=front.get("title"), content_created_at=_date(front))


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(text)
    if not match or ":" not in match.group(1):
        return {}, text
    fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(match.group(1))}
    return fields, text[match.end() :]


def _date(front: dict[str, str]) -> datetime | None:
    return parse_date(front.get("date") or front.get("created") or front.get("published") or "")
