"""What a model heard in a video as chunks, every line tied to its seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pinakes.core.files import HEARD_FROM, Chunk, Locator, Span
from pinakes.core.ids import derived_id
from pinakes.ingestion.pieces import character_limit, cut_at_sentences, pieces_per_character
from pinakes.ingestion.videos.words import SAID
from pinakes.ports.language_model import Utterance


def transcript_chunks(file_id: str, said: Sequence[Utterance]) -> tuple[Chunk, ...]:
    """Return the utterances as chunks of kind "scene", each beginning as the lines of subtitles do."""
    limit = character_limit(pieces_per_character(" ".join(u.text for u in said), None))
    return tuple(_chunk(file_id, number, group) for number, group in enumerate(_groups(said, limit)))


def _groups(said: Sequence[Utterance], limit: int) -> Iterator[list[Utterance]]:
    group: list[Utterance] = []
    size = 0
    for line in (part for utterance in said for part in _cut(utterance, limit // 2)):
        if group and size + len(line.text) > limit:
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line.text) + 1
    if group:
        yield group


def _cut(utterance: Utterance, limit: int) -> Iterator[Utterance]:
    text = " ".join(utterance.text.split())
    for part in cut_at_sentences(text, limit) if text else ():
        yield utterance.model_copy(update={"text": part})


def _chunk(file_id: str, number: int, lines: Sequence[Utterance]) -> Chunk:
    whole = Locator(start_s=lines[0].start, end_s=lines[-1].end)
    text, spans = SAID, [Span(start=0, end=len(SAID), locator=whole)]
    for line in lines:
        where = Locator(start_s=line.start, end_s=line.end)
        spans.append(Span(start=len(text) + 1, end=len(text) + 1 + len(line.text), locator=where))
        text += f"\n{line.text}"
    ordinal = HEARD_FROM + number
    return Chunk(
        id=derived_id(file_id, str(ordinal)),
        file_id=file_id,
        ordinal=ordinal,
        text=text,
        kind="scene",
        spans=tuple(spans),
    )
