"""Lines read off pixels, joined into text and cut into chunks that keep every line's place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pinakes.core.files import Box, Chunk, Element, Locator, Span
from pinakes.core.ids import derived_id
from pinakes.ingestion.pieces import character_limit, pieces_per_character


def text_of(lines: Sequence[Element]) -> str:
    """Return the text of lines in reading order: paragraphs run on, words cut by a hyphen are whole again."""
    text = ""
    for before, line in zip([None, *lines], lines, strict=False):
        text = text + line.text if before is None else _appended(text, before, line)
    return text


def ocr_chunks(
    file_id: str, lines: Sequence[Element], *, first: int = 0, heading: str = ""
) -> Iterator[Chunk]:
    """Yield chunks of kind "ocr" within the embedder's reach, none across pages; ordinals count from `first`."""
    limit = character_limit(pieces_per_character(" ".join(line.text for line in lines), None))
    ordinal = first
    for page, members in groupby(lines, key=lambda line: line.page):
        for group in _groups(list(members), limit):
            text, spans = _with_spans(group)
            yield Chunk(
                id=derived_id(file_id, str(ordinal)),
                file_id=file_id,
                ordinal=ordinal,
                text=text,
                heading=heading,
                kind="ocr",
                page_start=page,
                page_end=page,
                spans=spans,
            )
            ordinal += 1


def _groups(lines: list[Element], limit: int) -> Iterator[list[Element]]:
    group: list[Element] = []
    size = 0
    for line in lines:
        if group and size + len(line.text) > limit:
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line.text) + 1
    if group:
        yield group


def _with_spans(lines: list[Element]) -> tuple[str, tuple[Span, ...]]:
    text = ""
    bounds: list[tuple[int, int]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        text = line.text if before is None else _appended(text, before, line)
        start = len(text) - len(line.text)
        if bounds:  # a hyphen that went shortens the line before
            bounds[-1] = (bounds[-1][0], min(bounds[-1][1], start))
        bounds.append((start, len(text)))
    return text, tuple(
        Span(start=start, end=end, locator=Locator(page=line.page, box=line.box))
        for (start, end), line in zip(bounds, lines, strict=True)
    )


def _appended(text: str, before: Element, line: Element) -> str:
    if before.box is None or line.box is None or before.page != line.page:
        return f"{text}\n{line.text}"
    if _same_row(before.box, line.box):
        return f"{text} {line.text}"
    if not _runs_on(before, before.box, line.box):
        return f"{text}\n{line.text}"
    if text.endswith("-") and text[-2:-1].isalpha() and line.text[:1].islower():
        return text[:-1] + line.text
    return f"{text} {line.text}"


_LONG_LINE = 30  # characters: shorter lines stand for themselves, as on signs, labels and whiteboards


def _same_row(a: Box, b: Box) -> bool:
    """Whether reading goes on to the right; sheets lie a little askew, so rows need not be quite level."""
    high = max(a[3] - a[1], b[3] - b[1])
    return b[0] > a[2] - 0.5 * high and abs((a[1] + a[3]) - (b[1] + b[3])) / 2 < 1.2 * high


def _runs_on(before: Element, a: Box, b: Box) -> bool:
    """Whether a line goes on in the next one: same size and column, close below, and not ended early."""
    high, low = max(a[3] - a[1], b[3] - b[1]), min(a[3] - a[1], b[3] - b[1])
    if len(before.text) < _LONG_LINE or low <= 0 or high > 1.5 * low:
        return False
    if b[1] < a[1] or b[1] - a[3] > 0.7 * high:
        return False
    left, right = max(a[0], b[0]), min(a[2], b[2])
    widest = max(a[2] - a[0], b[2] - b[0])
    return right - left > 0.5 * (b[2] - b[0]) and a[2] - a[0] > 0.8 * widest and a[2] > b[2] - 0.1 * widest
