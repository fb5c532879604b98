"""What of a file can be set against something else: sentences, rows, lines in pictures, scenes, recorded facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pinakes.agents.analysis.units import Unit, units_of
from pinakes.agents.citing import Citations
from pinakes.agents.comparing.statements import Statement
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, FileRecord, MediaType

_SHORT_SIGN = 240
"""Characters up to which the text in a picture is one statement."""

_FEWEST_WORDS = 2


@dataclass(frozen=True, eq=False)
class Item:
    """A statement and where it stands: characters `start` to `end` of a chunk, or recorded of a whole file.

    `minor` items (when a picture was taken) count where they decide something, and are not missed otherwise.
    """

    file: FileRecord
    statement: Statement
    chunk: Chunk | None = None
    start: int = 0
    end: int = 0
    minor: bool = False

    @property
    def decisive(self) -> bool:
        """Whether it has a value, a permission or a prohibition, so that it can decide something."""
        return bool(self.statement.facts or self.statement.stance)

    @property
    def meaning(self) -> str:
        """Its words under the nearest heading, for comparing by meaning."""
        heading = self.statement.heading.rsplit(" > ", 1)[-1]
        return f"{heading}: {self.statement.text}" if heading else self.statement.text

    def cite(self, cited: Citations, why: str, score: float) -> Evidence:
        """Cite it where it stands."""
        if self.chunk is not None:
            return cited.cite_chunk(self.file, self.chunk, self.start, self.end, why=why, score=score)
        quote = "" if self.minor else self.statement.text
        return cited.cite_file(self.file, why=why, quote=quote, score=score)


def items_of(file: FileRecord, chunks: Sequence[Chunk]) -> list[Item]:
    """Return what can be set against something else of a file's chunks, each wording once."""
    found = [item for chunk in chunks for item in _of_chunk(file, chunk)]
    if file.media_type is MediaType.IMAGE:
        found += _recorded(file)
    return list({item.statement.text: item for item in reversed(found)}.values())[::-1]


def _of_chunk(file: FileRecord, chunk: Chunk) -> Iterator[Item]:
    text = chunk.text.strip()
    if chunk.kind == "ocr" and file.media_type is MediaType.IMAGE and len(text) <= _SHORT_SIGN:
        if any(c.isalpha() for c in text):
            yield Item(file, Statement(text, chunk.heading), chunk, 0, len(chunk.text))
        return
    for unit in units_of(file, [chunk]):
        if item := _of_unit(unit):
            yield item


def _of_unit(unit: Unit) -> Item | None:
    cells = [f"{head}: {value}" if head else value for head, value in unit.cells if value]
    text = "; ".join(cells) if unit.kind == "row" else unit.text
    item = Item(unit.file, Statement(text, unit.chunk.heading), unit.chunk, unit.start, unit.end)
    short = len(item.statement.words) < _FEWEST_WORDS
    worth = unit.kind == "row" or unit.telling or item.decisive
    return item if worth and not (short and not item.statement.facts) and not unit.aside else None


def _recorded(file: FileRecord) -> Iterator[Item]:
    facts = file.facts
    if facts is None:
        return
    if facts.caption:
        yield Item(file, Statement(facts.caption))
    if facts.taken_at:
        yield Item(file, Statement(f"The photo was taken on {facts.taken_at:%Y-%m-%d}."), minor=True)
