"""What files say, for judging by content: their own words, never their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.core.files import FileRecord
from pinakes.library.library import Library

MOST_CHARACTERS = 6000
"""How much of a file is looked at: what it is about is said at its beginning."""

_CHUNKS = 12


@dataclass(frozen=True)
class Content:
    """What a file says.

    Attributes:
        heading: The title that stands in it, or a picture's caption; "" if it has none.
        text: Its words from the beginning, headings included.
    """

    file: FileRecord
    heading: str
    text: str

    @property
    def empty(self) -> bool:
        """Whether there are no words to judge by."""
        return not (self.heading or self.text).strip()

    @property
    def beginning(self) -> str:
        """Heading and first words, as much as an embedder reads."""
        return f"{self.heading}. {self.text[:1200]}" if self.heading else self.text[:1200]


async def contents_of(library: Library, files: Sequence[FileRecord]) -> list[Content]:
    """Return what each of these files says, in their order."""
    return [await _content(library, file) for file in files]


async def _content(library: Library, file: FileRecord) -> Content:
    chunks = await library.catalog.file_chunks(file.id, limit=_CHUNKS)
    said = [c.text for c in chunks if c.kind != "facts"]  # facts hold the file's name
    heading = next((c.heading.split(" > ")[0] for c in chunks if c.heading), "")
    if file.facts:
        heading = file.facts.caption or heading
        said += [*file.facts.keywords]
    return Content(file, heading, "\n".join(said)[:MOST_CHARACTERS])
