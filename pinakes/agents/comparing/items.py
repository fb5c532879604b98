"""What of a file can be set against something else: sentences, rows, lines in pictures, scenes, recorded facts."""

from __future__ import annotations

import re
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
        stated = any(fact.kind != "label" for fact in self.statement.facts)
        return stated or bool(self.statement.stance)

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
    once: dict[str, Item] = {}
    for item in found:
        once.setdefault(item.statement.text, item)
    return list(once.values())


def _of_chunk(file: FileRecord, chunk: Chunk) -> Iterator[Item]:
    if chunk.kind == "ocr" and file.media_type is MediaType.IMAGE and len(chunk.text) <= _SHORT_SIGN:
        yield from _of_sign(file, chunk)
        return
    for unit in units_of(file, [chunk]):
        if item := _of_unit(unit):
            yield item


def _of_sign(file: FileRecord, chunk: Chunk) -> Iterator[Item]:
    """Yield the lines of a sign, each that says something decisive with those above and below it."""
    start, said = 0, False
    lines = list(re.finditer(r"[^\n]*[^\W\d_\s\n][^\n]*|[^\n]*\d[^\n]*", chunk.text))
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        said = said or Item(file, Statement(line[0])).decisive
        if following is None or (said and not re.match(r"[^A-Za-zÀ-ÿ]*$", following[0])):
            text = chunk.text[start : line.end()].strip()
            if any(c.isalpha() for c in text):
                yield Item(file, Statement(text, chunk.heading), chunk, start, line.end())
            start, said = line.end() + 1, False


def _of_unit(unit: Unit) -> Item | None:
    if unit.kind == "row":
        return _of_row(unit)
    item = _placed(unit, Statement(unit.text, unit.chunk.heading))
    short = len(item.statement.words) < _FEWEST_WORDS and not item.statement.facts
    repeats = unit.text.casefold() in f"{unit.chunk.heading} {unit.file.title}".casefold()
    worth = (unit.telling or item.decisive) and not (short or repeats or unit.aside)
    return item if worth else None


def _of_row(unit: Unit) -> Item | None:
    cells = [f"{head}: {value}" if head else value for head, value in unit.cells if value]
    lettered = re.search(r"[^\W\d_]{2}", unit.cells[0][1]) is not None
    label = cells[0] if len(cells) > 1 and lettered else ""
    item = _placed(unit, Statement("; ".join(cells), unit.chunk.heading, label))
    return item if item.statement.words and len(cells) > 1 else None


def _placed(unit: Unit, statement: Statement) -> Item:
    return Item(unit.file, statement, unit.chunk, unit.start, unit.end)


def _recorded(file: FileRecord) -> Iterator[Item]:
    facts = file.facts
    if facts is None:
        return
    if facts.caption:
        yield Item(file, Statement(facts.caption))
    if facts.taken_at:
        yield Item(file, Statement(f"The photo was taken on {facts.taken_at:%Y-%m-%d}."), minor=True)
