"""Files that tell of things in a state: what is damaged, leaking, worn; in sentences, rows, captions and signs.

No single wording finds them: texts say "burst", "had failed" or "corroded" where damaged equipment is asked for. So
passages with any of the words are read sentence by sentence, and those are kept that say so of what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysis.figures import counted, noun_of
from pinakes.agents.citing import Citations, result
from pinakes.agents.queries.conditions import Condition, read_condition
from pinakes.agents.queries.names import stem
from pinakes.agents.spec import AgentContext
from pinakes.agents.writing.marks import plain
from pinakes.core.evidence import Evidence
from pinakes.core.files import Chunk, ChunkHit, FileFilter, FileRecord, MediaType
from pinakes.core.plans import StepResult, Task

MOST_FILES = 10
_REACH = 150
_LONGEST = 240
_FEWEST_WORDS = 4
"""Words that a sentence of a document needs; a heading tells of no single thing."""

_CLOSE, _CLOSE_CAPTION = 0.2, 0.1
"""Cosine to what is asked for below which a sentence with such a word speaks of something else altogether; captions
leave out what their picture shows.
"""

_NEAR_BEST = 0.5
_ROW = 0.7
"""What a row of a table counts: limits and intervals are as likely in it as what has happened."""

_SENTENCE = re.compile(r"[^\n]+?(?:[.!?](?=\s|$)|(?=\n)|$)")
UNSEEN = "Pictures are found by their captions, names and text; what they show was not looked at."


@dataclass(frozen=True)
class _Told:
    """A sentence, and where it stands."""

    file: FileRecord
    chunk: Chunk
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.chunk.text[self.start : self.end]


async def in_condition(task: Task, ctx: AgentContext, where: FileFilter, topic: str) -> StepResult | None:
    """List the files that tell of things in the state asked for; None where no state is asked for, or none is told of.

    Args:
        where: The files that may be read.
        topic: The intent's describing words.
    """
    condition = read_condition(task.step.intent, topic)
    if condition is None:
        return None
    found = await _found(condition, ctx, where)
    if not found:
        return None
    cited = Citations(task)
    lines = [f"- “{_short(told.text)}”{cited.mark(_cite(cited, told, score))}" for score, told in found]
    what = counted(len(found), noun_of(sorted({told.file.media_type for _, told in found})))
    head = f"{what} {'tells' if len(found) == 1 else 'tell'} of this, the closest first:"
    pictured = any(told.file.media_type is MediaType.IMAGE for _, told in found)
    text = "\n\n".join(
        (head, "\n".join(lines), *((UNSEEN,) if pictured and ctx.models.vision is None else ()))
    )
    return result(task, text=text, file_ids=tuple(t.file.id for _, t in found), evidence=cited.evidence)


def _cite(cited: Citations, told: _Told, score: float) -> Evidence:
    return cited.cite_chunk(told.file, told.chunk, told.start, told.end, score=score)


async def _found(condition: Condition, ctx: AgentContext, where: FileFilter) -> list[tuple[float, _Told]]:
    """Return each file's best sentence and its cosine, the best first."""
    hits: dict[str, ChunkHit] = {}
    for query in (condition.words, condition.query):
        for hit in await ctx.library.search(query, limit=_REACH, where=where):
            hits[hit.chunk.id] = hit
    told = [one for hit in hits.values() for one in _sentences(hit, condition)]
    if not told:
        return []
    rows = await vectors_of([condition.query, *(one.text for one in told)], ctx.library.embedder)
    best: dict[str, tuple[float, _Told]] = {}
    for close, one in zip((rows[1:] @ rows[0]).tolist(), told, strict=True):
        score = close * (_ROW if one.chunk.kind == "table" else 1)
        least = _CLOSE_CAPTION if one.file.media_type is MediaType.IMAGE else _CLOSE
        if score >= least and score > best.get(one.file.id, (0.0, one))[0]:
            best[one.file.id] = (score, one)
    ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].file.filename))
    return [pair for pair in ranked if pair[0] >= _NEAR_BEST * ranked[0][0]][:MOST_FILES]


def _sentences(hit: ChunkHit, condition: Condition) -> Iterator[_Told]:
    chunk, file = hit.chunk, hit.file
    for part in _SENTENCE.finditer(chunk.text):
        sentence = part.group()
        if chunk.kind == "facts" and f"{file.filename}:" in sentence:
            continue  # its name is no sentence
        if _is_heading(sentence, chunk, file) or not condition.told_in(sentence):
            continue
        if condition.nouns <= _stems((sentence, chunk.heading, file.filename)):
            yield _Told(file, chunk, part.start(), part.end())


def _is_heading(sentence: str, chunk: Chunk, file: FileRecord) -> bool:
    words = re.findall(r"[^\W\d_]+", sentence)
    if file.media_type is MediaType.IMAGE:
        return not words
    return len(words) < _FEWEST_WORDS or sentence.strip(" #|") in chunk.heading


def _stems(texts: Sequence[str]) -> set[str]:
    return {stem(word) for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold())}


def _short(text: str) -> str:
    said = plain(" ".join(text.split()).strip("-*#| "))
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST].rsplit(' ', 1)[0]} …"
