"""Word files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pinakes.core.errors import CorruptFileError, EncryptedFileError
from pinakes.core.files import Element, PageInfo, Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.assemble import assemble, from_unstructured
from pinakes.ingestion.readers.dates import aware
from pinakes.ingestion.unstructured_offline import docx_elements

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted Word file is wrapped in one of these
_MOST_UNPACKED = 1_500_000_000
_MOST_RATIO = 400


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read a Word file; pages are known where Word left its rendered page breaks.

    Raises EncryptedFileError, CorruptFileError, EmptyFileError.
    """
    has_pictures = _check(path)
    title, created = _properties(path)
    try:
        elements = list(_elements(path))
    except Exception as error:
        raise CorruptFileError(
            "The Word file is damaged; open and save it again.", detail=str(error)
        ) from error
    warnings = ["the file holds pictures and no text"] if has_pictures and not elements else []
    pages = _pages(elements)
    return assemble(
        file_id, elements, options, title=title, pages=pages, content_created_at=created, warnings=warnings
    )


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
            "The Word file unpacks to an absurd size; it may be a zip bomb.", size=unpacked
        )
    return any("/media/" in part.filename for part in parts)


def _properties(path: Path) -> tuple[str | None, datetime | None]:
    from docx import Document

    try:
        properties = Document(str(path)).core_properties
        return properties.title or None, aware(properties.created or properties.modified)
    except Exception as error:
        raise CorruptFileError(
            "The Word file is damaged; open and save it again.", detail=str(error)
        ) from error


def _elements(path: Path) -> Iterator[Element]:
    yield from from_unstructured(docx_elements(path))


def _pages(elements: list[Element]) -> list[PageInfo]:
    last = max((element.page or 0 for element in elements), default=0)
    return [PageInfo(number=number, width=0, height=0) for number in range(1, last + 1)]
