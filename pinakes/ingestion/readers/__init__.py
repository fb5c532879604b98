"""One reader per kind of file, loaded when it is first needed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from pinakes.core.errors import CorruptFileError, PinakesError, UnsupportedFileError
from pinakes.core.files import Reading
from pinakes.ingestion.options import ReadOptions

READERS: dict[str, str] = {
    "pdf": "pinakes.ingestion.readers.pdf",
    "docx": "pinakes.ingestion.readers.docx",
    "text": "pinakes.ingestion.readers.text",
    "markdown": "pinakes.ingestion.readers.markdown",
    "html": "pinakes.ingestion.readers.html",
    "image": "pinakes.ingestion.readers.image",
    "link": "pinakes.ingestion.readers.link",
    "video": "pinakes.ingestion.readers.video",
}
"""The module behind each reader's name; it has `read(path, file_id, options) -> Reading`."""


def read(reader: str, path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read one file with the reader of that name.

    Raises UnsupportedFileError, EncryptedFileError, CorruptFileError or EmptyFileError.
    """
    if reader not in READERS:
        raise UnsupportedFileError(f"No reader is called {reader!r}; known are {', '.join(READERS)}.")
    module = import_module(READERS[reader])
    try:
        return cast(Reading, module.read(path, file_id, options))
    except (PinakesError, MemoryError, OSError):
        raise
    except Exception as error:  # parsers fail on hostile files in ways that nobody lists
        raise CorruptFileError(
            "The file is damaged or built in a way that cannot be read; save it again from its program.",
            detail=f"{type(error).__name__}: {error}"[:500],
        ) from error
