"""Saved web pages that stand for their links: the main text, and what the page says of itself."""

from __future__ import annotations

from pathlib import Path

from pinakes.core.errors import EmptyFileError
from pinakes.core.files import Chunk, LinkFacts, Reading
from pinakes.core.ids import derived_id
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers import html
from pinakes.ingestion.readers.assemble import assemble, from_unstructured, sensible_title
from pinakes.ingestion.readers.page_facts import PageFacts, page_facts
from pinakes.ingestion.unstructured_offline import html_elements

_ENOUGH = 0.2  # of what the plain reader finds: with less, the main text was not recognised
_FEW = 400  # characters: so little has no parts worth telling apart


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read a saved page. Raises EmptyFileError, CorruptFileError."""
    source = html.page_source(path)
    known = page_facts(source, options.url)
    reading = _told(known, source, path, file_id, options)
    title = sensible_title(known.title) or reading.title
    facts = Chunk(
        id=derived_id(file_id, "0"),
        file_id=file_id,
        ordinal=0,
        text=describe(title, known.link),
        kind="facts",
    )
    moved = (c.model_copy(update=_moved(file_id, c.ordinal + 1)) for c in reading.chunks)
    return reading.model_copy(
        update={
            "title": title,
            "chunks": (facts, *moved) if facts.text else tuple(reading.chunks),
            "link": known.link,
            "content_created_at": known.link.published_at or reading.content_created_at,
        }
    )


def bookmark(file_id: str, facts: LinkFacts, title: str | None) -> Reading:
    """Return all that is known of a link whose page is not here: it is found by title and address."""
    words = " ".join(filter(None, (describe(title, facts), facts.url)))
    chunk = Chunk(id=derived_id(file_id, "0"), file_id=file_id, ordinal=0, text=words, kind="facts")
    return Reading(chunks=(chunk,), link=facts)


def describe(title: str | None, link: LinkFacts) -> str:
    """Return what a page says of itself in a few sentences."""
    site = f"{link.site} ({link.domain})" if link.site and link.domain else link.site or link.domain
    published = link.published_at
    parts = (
        title,
        f"From {site}" if site else None,
        f"By {', '.join(link.authors)}" if link.authors else None,
        f"Published on {published.day} {published:%B %Y}" if published else None,
        link.description,
        f"Keywords: {', '.join(link.keywords)}" if link.keywords else None,
    )
    return " ".join(text if text[-1] in ".!?…" else f"{text}." for text in parts if text)


def _told(known: PageFacts, source: str, path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Return a page's text; one that has none of its own may still say what it is about."""
    try:
        return _main_text(source, path, file_id, options)
    except EmptyFileError:
        if not known.link.description:
            raise
        return Reading(warnings=(_NO_TEXT,))


_NO_TEXT = "The page has no text of its own, only what it says of itself: it may be made by scripts."


def _moved(file_id: str, ordinal: int) -> dict[str, object]:
    return {"id": derived_id(file_id, str(ordinal)), "ordinal": ordinal}


def _main_text(source: str, path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Return the page's main text; where that is not recognised, all of its text."""
    plain = html.read(path, file_id, options)
    extracted = _extracted(source)
    if not extracted:
        return plain
    try:
        elements = from_unstructured(html_elements(extracted))
        main = assemble(file_id, elements, options, title=plain.title, language=plain.language)
    except EmptyFileError:
        return plain
    if _length(plain) < _FEW or _length(main) < _ENOUGH * _length(plain):
        return plain
    return main.model_copy(
        update={"content_created_at": plain.content_created_at, "warnings": plain.warnings}
    )


def _length(reading: Reading) -> int:
    return sum(len(element.text) for element in reading.elements)


def _extracted(source: str) -> str:
    """Return the main part of a page as HTML, empty without trafilatura or when it finds none."""
    try:
        from trafilatura import extract
    except ImportError:
        return ""
    found = extract(
        source,
        output_format="html",
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        favor_recall=True,
        with_metadata=False,
    )
    return found or ""
