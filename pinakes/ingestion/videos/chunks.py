"""A video as chunks: what is known of it, then its scenes, every line tied to its seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from pinakes.core.files import Chunk, Locator, Span, VideoFacts
from pinakes.core.ids import derived_id
from pinakes.ingestion.pieces import character_limit, cut_at_sentences, pieces_per_character
from pinakes.ingestion.videos.looking import SeenLine
from pinakes.ingestion.videos.subtitles import Cue
from pinakes.ingestion.videos.words import SAID, SEEN, scene_lead


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    where: Locator


def chunks_of(
    file_id: str,
    described: str,
    facts: VideoFacts,
    seen: Sequence[Sequence[SeenLine]],
    said: Sequence[Sequence[Cue]],
) -> tuple[Chunk, ...]:
    """Return the chunk of kind "facts" and those of kind "scene", some scenes in several; `seen`, `said` by scene."""
    chunks = [_chunk(file_id, 0, [_Line(described, Locator())], "facts")]
    for lines in _scenes(facts, seen, said):
        for group in _groups(lines):
            chunks.append(_chunk(file_id, len(chunks), group, "scene"))
    return tuple(chunks)


def _scenes(
    facts: VideoFacts, seen: Sequence[Sequence[SeenLine]], said: Sequence[Sequence[Cue]]
) -> Iterator[list[_Line]]:
    for number, scene in enumerate(facts.scenes):
        whole = Locator(start_s=scene.start_s, end_s=scene.end_s)
        lines = [_Line(scene_lead(number + 1, len(facts.scenes), scene), whole)]
        for name, parts in ((SEEN, _seen(seen[number])), (SAID, _said(said[number]))):
            lines += [_Line(name, whole), *parts] if parts else []
        yield lines


def _seen(lines: Sequence[SeenLine]) -> list[_Line]:
    return [_Line(s.line.text, Locator(start_s=s.start, end_s=s.end, box=s.line.box)) for s in lines]


def _said(cues: Sequence[Cue]) -> list[_Line]:
    return [_Line(" ".join(c.text.split()), Locator(start_s=c.start, end_s=c.end)) for c in cues]


def _groups(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield lines that together stay within the embedder's reach; the lead opens every group."""
    limit = character_limit(pieces_per_character(" ".join(line.text for line in lines), None))
    lead, group, size = lines[0], [lines[0]], len(lines[0].text)
    for line in chain.from_iterable(_cut(part, limit // 2) for part in lines[1:]):
        if size + len(line.text) > limit and len(group) > 1:
            yield group
            group, size = [lead], len(lead.text)
        group.append(line)
        size += len(line.text) + 1
    yield group


def _cut(line: _Line, limit: int) -> Iterator[_Line]:
    if len(line.text) <= limit:
        yield line
    else:
        yield from (_Line(text, line.where) for text in cut_at_sentences(line.text, limit))


def _chunk(file_id: str, ordinal: int, lines: Sequence[_Line], kind: str) -> Chunk:
    spans: list[Span] = []
    start = 0
    for line in lines:
        spans.append(Span(start=start, end=start + len(line.text), locator=line.where))
        start += len(line.text) + 1
    return Chunk(
        id=derived_id(file_id, str(ordinal)),
        file_id=file_id,
        ordinal=ordinal,
        text="\n".join(line.text for line in lines),
        kind=kind,
        spans=tuple(spans) if kind == "scene" else (),
    )
