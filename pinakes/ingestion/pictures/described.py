"""A model's description of a picture as chunks, so that searches find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pinakes.core.files import DESCRIBED_FROM, Chunk, Description, Locator, Region, Span
from pinakes.core.ids import derived_id
from pinakes.ingestion.pieces import character_limit, cut_at_sentences, pieces_per_character


def description_chunks(file_id: str, description: Description) -> tuple[Chunk, ...]:
    """Return chunks of kind "description", whose names of things know their place, and of kind "visible_text"."""
    chunks: list[Chunk] = []
    about = " ".join(_sentence(part) for part in (description.title, description.text) if part)
    about += f" Tags: {', '.join(description.tags)}." if description.tags else ""
    for text, regions in _with_regions(_cut(about), description.regions):
        chunks.append(_chunk(file_id, len(chunks), "description", text, regions))
    for text in _cut(description.visible_text):
        chunks.append(_chunk(file_id, len(chunks), "visible_text", text, ()))
    return tuple(chunks)


def _sentence(text: str) -> str:
    return text if text[-1] in ".!?…。" else f"{text}."


def _cut(text: str) -> list[str]:
    return list(cut_at_sentences(text, character_limit(pieces_per_character(text, None)))) if text else []


def _with_regions(texts: Sequence[str], regions: Sequence[Region]) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Yield the texts; the names of things in the picture follow the last one."""
    yield from ((text, ()) for text in texts[:-1])
    named = [region for region in regions if region.label]
    if not texts or not named:
        yield from ((text, ()) for text in texts[-1:])
        return
    text, spans = f"{texts[-1]} In it: ", list[Span]()
    for region in named:
        spans.append(
            Span(start=len(text), end=len(text) + len(region.label), locator=Locator(box=region.box))
        )
        text += f"{region.label}, "
    yield f"{text.removesuffix(', ')}.", tuple(spans)


def _chunk(file_id: str, number: int, kind: str, text: str, spans: tuple[Span, ...]) -> Chunk:
    ordinal = DESCRIBED_FROM + number
    return Chunk(
        id=derived_id(file_id, str(ordinal)),
        file_id=file_id,
        ordinal=ordinal,
        text=text,
        kind=kind,
        spans=spans,
    )
