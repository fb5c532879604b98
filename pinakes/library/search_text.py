"""The words a chunk is found by: what is embedded, and what is indexed as terms."""

from __future__ import annotations

import re

from pinakes.core.files import Chunk, FileRecord


def meaning_text(chunk: Chunk) -> str:
    """Return what the embedder reads: the chunk under its heading."""
    return _below(chunk.heading, chunk.text)


def term_text(chunk: Chunk, file: FileRecord) -> str:
    """Return what the term encoder reads: file name, title, heading and text, so that names are findable."""
    return "\n".join([file_words(file), _below(chunk.heading, chunk.text)])


def file_words(file: FileRecord) -> str:
    """Return the words of a file's name, without its extension, and of its title."""
    stem = re.sub(r"\.\w{1,5}$", "", file.filename)
    title = file.title or ""
    words = stem if title.casefold() in stem.casefold() else f"{stem} {title}"
    return f"{words} {file.content_category}" if file.content_category else words


def _below(heading: str, text: str) -> str:
    return text if not heading or text.lstrip().startswith(heading) else f"{heading}\n{text}"
