"""Evidence, numbered within a step, and the results that carry it."""

from __future__ import annotations

from typing import Any

from pinakes.core.evidence import Evidence, mark_for, place_of
from pinakes.core.files import Chunk, ChunkHit, FileRecord, Locator, MediaType
from pinakes.core.plans import StepResult, StepStatus, Task

MOST_EVIDENCE = 50
LONGEST_QUOTE = 300


class Citations:
    """The evidence of one step; the same place is cited once, and at most `MOST_EVIDENCE` places are kept."""

    def __init__(self, task: Task) -> None:
        self._step_id = task.step.id
        self._by_place: dict[tuple[Any, ...], Evidence] = {}

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What was cited, in order."""
        return tuple(self._by_place.values())

    def cite_file(
        self,
        file: FileRecord,
        *,
        why: str = "",
        quote: str = "",
        locator: Locator | None = None,
        score: float = 1.0,
    ) -> Evidence:
        """Cite a file as a whole, or a place in it."""
        return self._keep(
            Evidence(
                id=self._next_id(),
                media_type=file.media_type,
                file_id=file.id,
                filename=name_of(file),
                quote=quote[:LONGEST_QUOTE],
                locator=locator or Locator(),
                score=score,
                why=why,
                url=file.link.url if file.link else None,
            )
        )

    def cite_chunk(
        self, file: FileRecord, chunk: Chunk, start: int, end: int, *, why: str = "", score: float = 1.0
    ) -> Evidence:
        """Cite characters `start` to `end` of a chunk."""
        return self._keep(
            Evidence(
                id=self._next_id(),
                media_type=file.media_type,
                file_id=file.id,
                filename=name_of(file),
                chunk_id=chunk.id,
                quote=chunk.text[start : min(end, start + LONGEST_QUOTE)],
                locator=locate(chunk, start, end),
                score=score,
                why=why,
                url=file.link.url if file.link else None,
            )
        )

    def cite_hit(self, hit: ChunkHit, *, why: str = "") -> Evidence:
        """Cite a search hit: the stretch of its chunk around the words that matched."""
        start, end = matched_stretch(hit)
        return self.cite_chunk(hit.file, hit.chunk, start, end, why=why, score=hit.score)

    def mark(self, evidence: Evidence) -> str:
        """Return the in-text mark, preceded by a space, or nothing when the evidence was not kept."""
        return f" {mark_for(evidence)}" if evidence.id in {e.id for e in self.evidence} else ""

    def _next_id(self) -> str:
        return f"{self._step_id}.{len(self._by_place) + 1}"

    def _keep(self, evidence: Evidence) -> Evidence:
        where = evidence.locator if evidence.chunk_id is None else None
        place = (evidence.file_id, evidence.chunk_id, evidence.quote, where)
        if place not in self._by_place and len(self._by_place) >= MOST_EVIDENCE:
            return evidence.model_copy(update={"id": ""})
        return self._by_place.setdefault(place, evidence)


def name_of(file: FileRecord) -> str:
    """Return what a file is called in an answer: a saved page by its title."""
    return file.title if file.media_type is MediaType.LINK and file.title else file.filename


def locate(chunk: Chunk, start: int, end: int) -> Locator:
    """Return page and box of a stretch of a chunk; the box joins what stands on its first page."""
    return place_of(chunk.spans, start, end) or Locator(page=chunk.page_start)


def matched_stretch(hit: ChunkHit) -> tuple[int, int]:
    """Return where in a hit's chunk the matched words stand closest together; without any, its beginning."""
    text, lowered = hit.chunk.text, hit.chunk.text.lower()
    places = sorted(
        (at, at + len(word)) for word in hit.matched_terms if (at := lowered.find(word.lower())) >= 0
    )
    if not places:
        return 0, min(len(text), LONGEST_QUOTE)
    first = places[0][0]
    last = max(stop for start, stop in places if start <= first + LONGEST_QUOTE - 40)
    start = max(text.rfind("\n", 0, first) + 1, _after(text, ". ", first), _word_start(text, first - 80))
    stop = min((i for i in (text.find("\n", last), text.find(". ", last) + 1) if i > 0), default=len(text))
    return start, min(stop, start + LONGEST_QUOTE)


def _after(text: str, sign: str, end: int) -> int:
    found = text.rfind(sign, 0, end)
    return found + len(sign) if found >= 0 else 0


def _word_start(text: str, at: int) -> int:
    return 0 if at <= 0 else text.find(" ", at) + 1


def result(task: Task, status: StepStatus = StepStatus.OK, **fields: Any) -> StepResult:
    """Return a step's result."""
    return StepResult(
        step_id=task.step.id, agent=task.step.agent, intent=task.step.intent, status=status, **fields
    )


def nothing(task: Task, *notes: str, text: str = "") -> StepResult:
    """Return the result of a step that found nothing, and say why."""
    return result(task, StepStatus.EMPTY, text=text, notes=tuple(n for n in notes if n))
