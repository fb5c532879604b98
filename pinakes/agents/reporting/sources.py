"""The list of sources as it grows: what is cited first is number 1, and every sentence keeps its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pinakes.agents.reporting.document import Sentence, Source
from pinakes.agents.reporting.words import Words
from pinakes.core.display import place
from pinakes.core.evidence import Evidence
from pinakes.core.files import Box, FileRecord, MediaType

_Key = tuple[str, int | None, float | None]


@dataclass(frozen=True)
class Claim:
    """A sentence of a report and the evidence it stands on."""

    text: str
    evidence: tuple[Evidence, ...]


class Ledger:
    """Numbers sources in the order they are cited; a source is a page of a file, or a file without pages.

    Args:
        files: The files that may be cited, by id.
    """

    def __init__(self, files: Mapping[str, FileRecord], words: Words) -> None:
        self._files, self._words = files, words
        self._cited: dict[_Key, list[Evidence]] = {}
        self._claims: list[Claim] = []

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What the report says, in order."""
        return tuple(self._claims)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The list of sources."""
        return tuple(self._source(number, *item) for number, item in enumerate(self._cited.items(), 1))

    def sentence(self, text: str, evidence: Sequence[Evidence] = (), lead: str = "") -> Sentence:
        """Return a sentence with its marks; evidence of files that are gone is passed over."""
        known = [e for e in evidence if e.file_id in self._files]
        if known:
            self.claim(text, known)
        return Sentence(text, tuple(dict.fromkeys(self._number(e) for e in known)), lead)

    def claim(self, text: str, evidence: Sequence[Evidence]) -> None:
        """Keep what a sentence stands on without a mark in the text."""
        self._claims.append(Claim(text, tuple(evidence)))

    def _number(self, evidence: Evidence) -> int:
        where = evidence.locator
        key = (evidence.file_id, where.page if _has_pages(evidence) else None, where.start_s)
        self._cited.setdefault(key, []).append(evidence)
        return list(self._cited).index(key) + 1

    def _source(self, number: int, key: _Key, cited: Sequence[Evidence]) -> Source:
        file = self._files[key[0]]
        boxes = [e.locator.box for e in cited if e.locator.box is not None and _has_pages(e)]
        places: tuple[Box, ...] = tuple(dict.fromkeys(boxes))
        detail = self._words.place(key[1], places)
        if key[2] is not None:
            detail = place(cited[0].locator).removeprefix(", ")
        if file.media_type is MediaType.IMAGE and file.facts and file.facts.taken_at:
            detail = self._words.say("taken", f"{file.facts.taken_at:%Y-%m-%d}")
        return Source(
            number=number,
            file_id=file.id,
            filename=file.filename,
            title="" if file.media_type is MediaType.IMAGE else (file.title or ""),
            page=key[1],
            detail=detail,
            places=places,
        )


def _has_pages(evidence: Evidence) -> bool:
    return evidence.media_type is not MediaType.IMAGE
