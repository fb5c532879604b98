"""Text from files made safe to show, marks made unique, and places found for what is quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pinakes.core.chat import Passage
from pinakes.core.evidence import Evidence, mark_for, place_of
from pinakes.core.files import Locator
from pinakes.core.ids import MARK_PREFIX

LONGEST_QUOTE = 300


def plain(text: str) -> str:
    """Return text from a file on one line, with nothing in it that could act: no marks, links, pictures, tags."""
    line = " ".join(re.sub(r"(?<=\w)[-\u00ad]\s*\n\s*(?=[a-zß-öø-ÿ])", "", text).split())
    line = line.replace("[[", "[ [").replace("]]", "] ]").replace("](", "] (").replace("![", "! [")
    line = re.sub(r"<(?=[A-Za-z/!?])", "‹", line)
    return re.sub(r"^(?:[-*•‣◦▪>#|]+\s+)+", "", line)


def marks_for(evidence: Iterable[Evidence]) -> dict[str, int]:
    """Return for each file how many characters of its id a mark needs to be clear."""
    ids = sorted({e.file_id for e in evidence})
    lengths: dict[str, int] = {}
    for file_id in ids:
        others = [o for o in ids if o != file_id]
        length = MARK_PREFIX
        while length < len(file_id) and any(o.startswith(file_id[:length]) for o in others):
            length += 1
        lengths[file_id] = length
    return lengths


def mark(evidence: Evidence, lengths: dict[str, int]) -> str:
    """Return the mark of evidence, clear among all files of the answer."""
    return mark_for(evidence, prefix=lengths.get(evidence.file_id, MARK_PREFIX))


def cited(passage: Passage, start: int, end: int) -> Evidence:
    """Return a passage's evidence narrowed to a stretch of its text: quote, page and box."""
    quote = passage.text[start:end]
    if len(quote) > LONGEST_QUOTE:
        quote = quote[:LONGEST_QUOTE].rsplit(None, 1)[0]
    return passage.evidence.model_copy(update={"quote": quote, "locator": locate(passage, start, end)})


def locate(passage: Passage, start: int, end: int) -> Locator:
    """Return page and box of a stretch; a stretch over several pages is located by where it begins."""
    return place_of(passage.spans, start, end) or passage.evidence.locator
