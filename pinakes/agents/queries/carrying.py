"""Limits on what files carry that no filter knows: a caption, keywords, a title, an author."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pinakes.agents.queries.found import pattern
from pinakes.core.files import FileFilter, FileRecord
from pinakes.library.library import Library
from pinakes.tools.scope import files_of


@dataclass(frozen=True)
class Carrying:
    """A limit that is checked file by file."""

    words: str
    holds: Callable[[FileRecord], bool]

    async def ids(self, library: Library, where: FileFilter) -> tuple[str, ...]:
        """Return which of the files that pass a filter carry it."""
        return tuple(f.id for f in await files_of(library, where) if self.holds(f))


_CARRIED: tuple[tuple[str, str, Callable[[FileRecord], bool]], ...] = (
    ("a caption", r"captions?|descriptions?", lambda f: bool(f.facts and f.facts.caption)),
    ("keywords", r"keywords?", lambda f: bool(f.facts and f.facts.keywords)),
    (
        "an author",
        r"(?:an?\s+)?(?:authors?|photographers?|creators?)",
        lambda f: bool(f.facts and f.facts.author),
    ),
    (
        "camera data",
        r"(?:camera|exif)(?:\s+(?:data|info\w*))",
        lambda f: bool(f.facts and f.facts.camera_model),
    ),
    ("a date", r"(?:a\s+)?dates?", lambda f: f.content_created_at is not None),
    ("a title", r"titles?", lambda f: bool(f.title)),
    ("tags", r"tags?", lambda f: bool(f.tags)),
    ("warnings", r"warnings?", lambda f: bool(f.warnings)),
)
_WITH = r"(?:(?:that|which)\s+)?(?:carr(?:y|ies)|with|have|has|having|bear|bears|include)\s+(?:an?\s+|any\s+|some\s+)?"
_WITHOUT = (
    r"(?:(?:that|which)\s+)?(?:without|lack|lacks|lacking|miss|misses|missing"
    r"|(?:carry|carries|with|have|has|having)\s+no)\s+(?:an?\s+|any\s+)?"
)


def read_carrying(text: str) -> tuple[Carrying | None, str]:
    """Return the limit that a text states, and the text without it."""
    for words, names, holds in _CARRIED:
        lacking = pattern(rf"{_WITHOUT}(?:{names})(?!\s+\w+ed\b)").search(text)
        match = lacking or pattern(rf"{_WITH}(?:{names})(?!\s+[\w-]+$)").search(text)
        if match:
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            if lacking:
                return Carrying(f"without {words}", _not(holds)), rest
            return Carrying(f"with {words}", holds), rest
    return None, text


def _not(holds: Callable[[FileRecord], bool]) -> Callable[[FileRecord], bool]:
    return lambda file: not holds(file)
