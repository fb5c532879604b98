"""From elements to a finished reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pinakes.core.errors import EmptyFileError
from pinakes.core.files import Box, Element, PageInfo, Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.clean import clean, clean_code, one_line
from pinakes.ingestion.readers.language import guess_language
from pinakes.ingestion.readers.tables import rows_of, text_of
from pinakes.ingestion.split import split

_TYPES = "Title NarrativeText ListItem Table Header Footer FigureCaption UncategorizedText Formula CodeSnippet OcrText"
KNOWN_TYPES = frozenset(_TYPES.split())
_SAME = {
    "PageNumber": "Footer",
    "Image": "FigureCaption",
    "Figure": "FigureCaption",
    "Caption": "FigureCaption",
}
_JUNK_TITLE = re.compile(
    r"microsoft (word|powerpoint|excel)\b.*|untitled.*|(new |word )?document\d*|no title|title"
    r"|slide \d+|presentation\d*"
    r"|.*\.(docx?|pdf|indd|qxd|qxp|tex|dvi|html?|txt|rtf|odt|pptx?|xlsx?|jpe?g|png|tiff?|p65|pmd|fm|ps|eps)"
    r"|[\W\d_]*|\S*[/\\]\S*",
    re.IGNORECASE,
)
_SECTION = re.compile(r"\d{1,2}(?:\.\d+)*\.?\s")
_HEADING = re.compile(r"(?=.*[^\W\d_]{2})(?:\S+ ){0,13}\S*[^\s.,;:!?…]")
_PARTS = frozenset(
    (
        "table of contents",
        "contents",
        "index",
        "abstract",
        "introduction",
        "summary",
        "references",
        "appendix",
    )
)
_LONGEST_TITLE = 200
_TITLE_WITHIN = 12  # elements; a heading further down names a section, not the file


def from_unstructured(parts: Iterable[Any]) -> Iterator[Element]:
    """Yield our elements for unstructured's; tables get readable text, page breaks vanish."""
    level = 0
    for part in parts:
        element = _from_unstructured(part)
        if element is None:
            continue
        if element.type == "Title":
            level = element.level or 1
        elif _is_emphasised_heading(part, element):
            element = element.model_copy(update={"type": "Title", "level": level + 1})
        yield element


def _from_unstructured(part: Any) -> Element | None:
    kind, text, meta = str(part.category), str(part.text or ""), part.metadata
    if kind == "PageBreak" or not text.strip():
        return None
    rows = [cells for cells, _ in rows_of(meta.text_as_html)] if kind == "Table" and meta.text_as_html else []
    if kind == "Table" and max(map(len, rows), default=2) < 2:
        kind = "UncategorizedText"  # one column is a frame around text
    return Element(
        type=_known(kind),
        text=text_of(rows) or text,
        page=meta.page_number,
        html=meta.text_as_html if kind == "Table" else None,
        level=(meta.category_depth or 0) + 1 if kind == "Title" else None,
    )


def _is_emphasised_heading(part: Any, element: Element) -> bool:
    """A short line of its own, all bold or all capitals, that ends no sentence."""
    text = one_line(element.text)
    if element.type not in ("UncategorizedText", "NarrativeText") or not _HEADING.fullmatch(text):
        return False
    bold = "".join(part.metadata.emphasized_text_contents or ())
    tags = part.metadata.emphasized_text_tags or ()
    all_bold = bool(tags) and all("b" in tag or tag == "strong" for tag in tags)
    if all_bold and "".join(bold.split()) == "".join(text.split()):
        return True
    return text.isupper() and not text[-1].isdigit() and any(len(word) > 3 for word in text.split())


def assemble(
    file_id: str,
    elements: Iterable[Element],
    options: ReadOptions,
    *,
    title: str | None = None,
    language: str | None = None,
    pages: Sequence[PageInfo] = (),
    content_created_at: datetime | None = None,
    warnings: Sequence[str] = (),
) -> Reading:
    """Return the reading of a file: elements cleaned and bounded, chunks made, title and language settled.

    Raises EmptyFileError when there is no text, no page and no warning that would explain it.
    """
    notes = list(warnings)
    kept = _bounded(filter(None, map(_cleaned, elements)), options.max_characters, notes)
    if not kept and not pages and not notes:
        raise EmptyFileError("The file holds no text; add a file with content.")
    body = [e for e in kept if e.type not in ("Header", "Footer")]
    spoken = language or guess_language(e.text for e in body)
    return Reading(
        title=sensible_title(title) or _first_title(body),
        elements=tuple(kept),
        pages=tuple(pages),
        chunks=split(file_id, kept, language=spoken),
        language=spoken,
        content_created_at=content_created_at,
        warnings=tuple(notes),
    )


def sensible_title(title: str | None) -> str | None:
    """Return a title out of a file's metadata, or None when it is what a program left there."""
    text = one_line(title or "")
    return None if len(text) > _LONGEST_TITLE or _JUNK_TITLE.fullmatch(text) else text


def valid_box(box: Box | None) -> Box | None:
    """Return a box with its corners in order and within the page, or None when nothing of it is left."""
    if box is None:
        return None
    x0, x1 = sorted((min(max(box[0], 0.0), 1.0), min(max(box[2], 0.0), 1.0)))
    y0, y1 = sorted((min(max(box[1], 0.0), 1.0), min(max(box[3], 0.0), 1.0)))
    return (round(x0, 5), round(y0, 5), round(x1, 5), round(y1, 5)) if x1 - x0 > 1e-5 < y1 - y0 else None


def _known(kind: str) -> str:
    renamed = _SAME.get(kind, kind)
    return renamed if renamed in KNOWN_TYPES else "UncategorizedText"


def _cleaned(element: Element) -> Element | None:
    tidy = clean_code if element.type == "CodeSnippet" else clean
    text, box = tidy(element.text), valid_box(element.box)
    if not text:
        return None
    html = clean(element.html) if element.html else None
    if (text, box, html) == (element.text, element.box, element.html):
        return element
    return element.model_copy(update={"text": text, "box": box, "html": html})


def _bounded(elements: Iterable[Element], most: int, warnings: list[str]) -> list[Element]:
    kept: list[Element] = []
    left = most
    for element in elements:
        if len(element.text) > left:
            kept.append(element.model_copy(update={"text": element.text[:left], "html": None}))
            warnings.append(f"only the first {most:,} characters were read")
            break
        left -= len(element.text)
        kept.append(element)
    return [element for element in kept if element.text]


def _first_title(body: Sequence[Element]) -> str | None:
    first = body[:_TITLE_WITHIN]
    titles = [e for e in first if e.type == "Title" and _names_a_file(e.text)]
    if not titles:
        return None
    best = min(titles, key=lambda e: e.level or 1)
    return one_line(best.text) or None


def _names_a_file(heading: str) -> bool:
    plain = one_line(heading).casefold().rstrip(":")
    return bool(sensible_title(heading)) and plain not in _PARTS and not _SECTION.match(heading)
