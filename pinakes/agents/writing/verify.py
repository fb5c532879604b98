"""Checks on an answer: every mark has evidence, every quote stands in its source."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from pinakes.core.evidence import MARK, Citation, Evidence


class Checked(NamedTuple):
    """A text without marks that lack evidence, the citations of the others, and how many were dropped."""

    text: str
    citations: tuple[Citation, ...]
    dropped: int


def occurs(quote: str, source: str) -> bool:
    """Return whether a quote stands in a source, whatever the whitespace and the hyphens at line ends."""
    return _squeezed(quote) in _squeezed(source)


def check_marks(text: str, evidence: Sequence[Evidence], refs: Collection[str] = ()) -> Checked:
    """Drop the marks of a text that no evidence stands behind, and cite the evidence of the others.

    Args:
        text: A text with marks, by an agent or a model.
        evidence: What its marks may refer to.
        refs: Keys that `[[ref:KEY]]` may have.
    """
    citations: list[Citation] = []
    parts: list[str] = []
    end = dropped = 0
    for match in MARK.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        if match.group(1) == "ref" and match.group(2) in refs:
            parts.append(match.group(0))
        elif match.group(1) != "ref" and (behind := _behind(match, evidence)):
            parts.append(match.group(0))
            sentence = sentence_before(text, match.start())
            citations.append(Citation(mark=match.group(0), evidence=behind, sentence=sentence))
        else:
            parts[-1] = parts[-1].rstrip(" ")
            dropped += 1
    return Checked("".join([*parts, text[end:]]), tuple(citations), dropped)


_KINDS = {"img": "image", "doc": "document", "link": "link", "video": "video"}


def _behind(match: re.Match[str], evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the evidence that a mark means: of that file, and of that page or second where it says one."""
    kind, key = _KINDS[match.group(1)], match.group(2)
    of_file = [e for e in evidence if e.file_id.startswith(key) and e.media_type == kind]
    if len({e.file_id for e in of_file}) != 1:
        return None
    if second := re.search(r"\|t:(\d+(?:\.\d+)?)", match.group(3)):
        return next((e for e in of_file if e.locator.start_s == float(second[1])), of_file[0])
    page = re.search(r"\|p:(\d+)", match.group(3))
    if page is None:
        return of_file[0]
    return next((e for e in of_file if e.locator.page == int(page[1])), of_file[0])


def sentence_before(text: str, end: int) -> str:
    """Return the sentence that ends at a place of a text, without marks; empty where a line begins."""
    line = MARK.sub("", text[:end]).rstrip().rsplit("\n", 1)[-1].strip(" -•|")
    return re.split(r"(?<=[.!?。！？])\s+(?=\S)", line)[-1].strip()


def _squeezed(text: str) -> str:
    joined = re.sub(r"(?<=\w)[-\u00ad]\s+(?=[^\W\d_])", "", text)
    return re.sub(r"\s+", "", joined)
