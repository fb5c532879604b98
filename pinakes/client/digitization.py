"""What was read from a file, page by page: elements with their kinds and places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pinakes.core.errors import ResourceNotFoundError
from pinakes.core.files import Element, FileRecord, FileStatus, PageInfo
from pinakes.library.library import Library

_KINDS = {
    "Title": "heading",
    "NarrativeText": "paragraph",
    "UncategorizedText": "paragraph",
    "Text": "paragraph",
    "ListItem": "list_item",
    "Table": "table",
    "Header": "header",
    "Footer": "footer",
    "FigureCaption": "caption",
    "Formula": "formula",
    "CodeSnippet": "code",
    "OcrText": "text_line",
}
_PAIR = re.compile(r"(?P<key>[^\W\d][^:;,.!?\s]*(?:[ \t]+[^:;,.!?\s]+){0,4})\s*:\s+(?P<value>\S[^\n]{0,159})")
_MAY_BE_PAIRS = frozenset({"paragraph", "list_item", "text_line"})


async def digitized(library: Library, record: FileRecord) -> dict[str, Any]:
    """Return all pages of a file with their elements; a file without pages has one."""
    pages = await library.catalog.pages(record.id)
    elements = await library.catalog.page_elements(record.id)
    by_page: dict[int, list[Element]] = {page.number: [] for page in pages}
    for element in elements:
        by_page.setdefault(element.page or 1, []).append(element)
    known = {page.number: page for page in pages}
    if not by_page and record.status is FileStatus.COMPLETED:
        by_page[1] = []
    return {
        **status_of(record),
        "pages": [_page(number, known.get(number), found) for number, found in sorted(by_page.items())],
    }


async def digitized_page(library: Library, record: FileRecord, number: int) -> dict[str, Any]:
    """Return one page of a file. Raises ResourceNotFoundError where it has no such page."""
    pages = {page.number: page for page in await library.catalog.pages(record.id)}
    if (pages and number not in pages) or (not pages and number != 1):
        raise ResourceNotFoundError(
            f"The file has no such page; its last is {max(pages, default=1)}.",
            file_id=record.id,
            page_number=number,
        )
    found = await library.catalog.page_elements(record.id, number if pages else None)
    return {"file_id": record.id, **_page(number, pages.get(number), found)}


def status_of(record: FileRecord) -> dict[str, Any]:
    """Return how far reading a file came, without what was read."""
    return {
        "file_id": record.id,
        "filename": record.filename,
        "status": record.status.value,
        "page_count": record.page_count or (1 if record.status is FileStatus.COMPLETED else None),
        "error_message": record.failure.message if record.failure else None,
        "error_type": record.failure.code if record.failure else None,
    }


def _page(number: int, page: PageInfo | None, elements: Sequence[Element]) -> dict[str, Any]:
    return {
        "page_number": number,
        "width": page.width if page else None,
        "height": page.height if page else None,
        "ocr": page.ocr if page else False,
        "element_count": len(elements),
        "elements": [_element(n, element) for n, element in enumerate(elements)],
    }


def _element(number: int, element: Element) -> dict[str, Any]:
    kind = _KINDS.get(element.type, "paragraph")
    pair = _PAIR.fullmatch(element.text.strip()) if kind in _MAY_BE_PAIRS else None
    told: dict[str, Any] = {
        "index": number,
        "type": "key_value" if pair else kind,
        "category": element.type,
        "content": element.text,
        "bounding_box": list(element.box) if element.box else None,
        "confidence": element.confidence,
    }
    if pair:
        told |= {"key": pair["key"].strip(), "value": pair["value"].strip()}
    if element.html is not None:
        told["html"] = element.html
    if element.level is not None:
        told["level"] = element.level
    return told
