"""Word files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pinakes.core.errors import CorruptFileError, EncryptedFileError
from pinakes.core.files import Element, PageInfo, Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.assemble import assemble, from_unstructured
from pinakes.ingestion.readers.dates import aware
from pinakes.ingestion.readers.docx_flatten import flattened
from pinakes.ingestion.unstructured_offline import docx_elements

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted Word file is wrapped in one of these
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(re.escape(_STRICT) + rb"(\w+)/")
_MOST_UNPACKED = 1_500_000_000
_MOST_RATIO = 400


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read a Word file; pages are known where Word left its rendered page breaks.

    Raises EncryptedFileError, CorruptFileError, EmptyFileError.
    """
    has_pictures = _check(path)
    try:
        document = _open(path)
        title, created = _about(document)
        elements = list(_once(from_unstructured(docx_elements(flattened(document)))))
    except Exception as error:
        raise CorruptFileError(
            "The Word file is damaged; open and save it again.", detail=str(error)
        ) from error
    warnings = ["the file holds pictures and no text"] if has_pictures and not elements else []
    pages = _pages(elements)
    return assemble(
        file_id, elements, options, title=title, pages=pages, content_created_at=created, warnings=warnings
    )


def _about(document: Any) -> tuple[str | None, datetime | None]:
    """The title and date that a file tells of itself; python-docx makes up properties for one that has none."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    relations = document.part.package.rels.values()
    if not any(relation.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES for relation in relations):
        return None, None
    about = document.core_properties
    return about.title or None, aware(about.created or about.modified)


def _check(path: Path) -> bool:
    """Refuse what is no Word file or unpacks to absurd size; tell whether it holds pictures."""
    with path.open("rb") as stream:
        if stream.read(len(_OLE)) == _OLE:
            raise EncryptedFileError(
                "The Word file is encrypted or in the old .doc format; save it as plain .docx."
            )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise CorruptFileError(
            "The Word file is damaged; open and save it again.", detail=str(error)
        ) from error
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if unpacked > _MOST_UNPACKED or (unpacked > 100_000_000 and unpacked / packed > _MOST_RATIO):
        raise CorruptFileError(
            "The Word file unpacks to an absurd size, as a zip bomb does: save it anew in Word and add that.",
            size=unpacked,
        )
    return any("/media/" in part.filename for part in parts)


def _open(path: Path) -> Any:
    from docx import Document

    with zipfile.ZipFile(path) as archive:
        strict = _STRICT in archive.read("_rels/.rels")
    if strict:
        return Document(_transitional(path))
    with path.open("rb") as stream:
        return Document(stream)


def _transitional(path: Path) -> BytesIO:
    """The file in the usual dialect of its format: "strict" differs by the names of its namespaces."""
    stream = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith((".xml", ".rels")):
                content = _STRICT_NAME.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
            new.writestr(part.filename, content)
    stream.seek(0)
    return stream


def _once(elements: Iterator[Element]) -> Iterator[Element]:
    """Yield elements, each header and footer once however many sections repeat it."""
    seen: set[tuple[str, str]] = set()
    for element in elements:
        if element.type in ("Header", "Footer"):
            if (element.type, element.text) in seen:
                continue
            seen.add((element.type, element.text))
        yield element


def _pages(elements: list[Element]) -> list[PageInfo]:
    last = max((element.page or 0 for element in elements), default=0)
    return [PageInfo(number=number, width=0, height=0) for number in range(1, last + 1)]
