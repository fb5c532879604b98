"""Plain text files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from pinakes.core.files import Element, Reading
from pinakes.ingestion.options import ReadOptions
from pinakes.ingestion.readers.assemble import assemble, sensible_title
from pinakes.ingestion.readers.clean import clean
from pinakes.ingestion.readers.decode import read_text
from pinakes.ingestion.unstructured_offline import classify

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_RULE = re.compile(r"[=\-~*_#]{3,}")
_ITEM = re.compile(r"\s*(?:[-*•‣◦●○▪·–]\s+|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]\s+)\S")
_NUMBERED = re.compile(
    r"(?:\d+\.)*\d+\.?\s+[A-Z]|(?:chapter|section|part|appendix)\s+[\dIVXA-Z]", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?:;,…。]['\")\]”’]*$")
_CUT_WORD = re.compile(r"[^\W\d_]{2}-$")
_WRAP_AT = range(40, 251)  # widths that text is wrapped at by hand or by programs
_USUAL_WIDTH = 130
_LONGEST_HEADING = 80
_MOST_TITLE_LINES = 3


def read(path: Path, file_id: str, options: ReadOptions) -> Reading:
    """Read plain text: wrapped lines are joined again, headings and lists recognised.

    Raises EmptyFileError, CorruptFileError.
    """
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    return assemble(file_id, _elements(text), options).model_copy(update={"title": _title(text)})


def _title(text: str) -> str | None:
    """Return the heading that a text opens with; one that stands further down names a part of it."""
    opening = _BLANK.split(text.strip("\f\n"), maxsplit=1)[0]
    lines = [clean(line) for line in opening.split("\n") if line.strip()]
    if not lines or not _looks_like_heading(lines[0]):
        return None
    ruled = len(lines) > 1 and _RULE.fullmatch(lines[1]) is not None
    short = len(lines) <= _MOST_TITLE_LINES and all(len(line) <= _LONGEST_HEADING for line in lines)
    apart = len(lines) == 1 or (short and ": " not in lines[0])
    return sensible_title(lines[0]) if ruled or apart or lines[0].isupper() else None


def _elements(text: str) -> Iterator[Element]:
    pages = text.strip("\f").split("\f")
    for number, page in enumerate(pages, 1):
        blocks = [block for block in _BLANK.split(page.strip("\n")) if block.strip()]
        wrapped = _is_wrapped(page)
        for block in blocks:
            for paragraph, is_heading in _paragraphs(block, wrapped):
                yield _element(paragraph, is_heading, number if len(pages) > 1 else None)


def _is_wrapped(page: str) -> bool:
    """Whether lines end where the margin was, not where a thought ends."""
    lines = [line.rstrip() for line in page.split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    lengths = sorted(map(len, lines))
    widest = lengths[int(len(lines) * 0.95) - 1]
    if widest not in _WRAP_AT or median(lengths) < 0.6 * widest:
        return False
    open_ends = sum(1 for line in lines if not _SENTENCE_END.search(line))
    return widest <= _USUAL_WIDTH or open_ends > 0.4 * len(lines)


def _paragraphs(block: str, wrapped: bool) -> Iterator[tuple[str, bool]]:
    """Yield paragraphs of a block without blank lines, and whether each is marked as a heading."""
    lines = [line.rstrip() for line in block.split("\n") if line.strip()]
    if len(lines) > 1 and _RULE.fullmatch(lines[1].strip()) and len(lines[0]) <= _LONGEST_HEADING:
        yield lines[0], True
        lines = lines[2:]
    elif len(lines) > 1 and _is_capital_heading(lines[0]) and not lines[1].isupper():
        yield lines[0], True
        lines = lines[1:]
    lines = [line for line in lines if not _RULE.fullmatch(line.strip())]
    taken: list[str] = []
    for line in lines:
        if taken and _starts_new(line, taken, wrapped):
            yield _joined(taken), False
            taken = []
        taken.append(line)
    if taken:
        yield _joined(taken), False


def _starts_new(line: str, taken: list[str], wrapped: bool) -> bool:
    if _ITEM.match(line):
        return True
    if wrapped:
        indented = len(line) - len(line.lstrip()) > len(taken[-1]) - len(taken[-1].lstrip()) + 1
        return indented and not _ITEM.match(taken[0]) and bool(_SENTENCE_END.search(taken[-1]))
    long = len(line) > _USUAL_WIDTH or len(taken[-1]) > _USUAL_WIDTH
    return long and bool(_SENTENCE_END.search(taken[-1]))


def _joined(lines: list[str]) -> str:
    joined = [lines[0].strip()]
    for line in lines[1:]:
        follows = line.strip()
        if _CUT_WORD.match(joined[-1][-3:]) and follows[:1].islower():
            joined[-1] = joined[-1][:-1] + follows
        else:
            joined.append(follows)
    return "\n".join(joined)


def _element(paragraph: str, is_heading: bool, page: int | None) -> Element:
    text = clean(paragraph)
    if is_heading or _looks_like_heading(text):
        return Element(type="Title", text=text, page=page, level=1)
    kind = classify(text) if text else "UncategorizedText"
    if kind not in ("NarrativeText", "ListItem"):
        kind = "UncategorizedText"
    return Element(type=kind, text=text, page=page)


def _is_capital_heading(line: str) -> bool:
    return line.isupper() and _looks_like_heading(line.strip())


def _looks_like_heading(text: str) -> bool:
    if "\n" in text or len(text) > _LONGEST_HEADING or _SENTENCE_END.search(text) or _ITEM.match(text):
        return False
    words = text.split()
    if not any(len(word) > 2 and word.isalpha() for word in words):
        return False
    return text.isupper() or bool(_NUMBERED.match(text)) or (len(words) <= 8 and classify(text) == "Title")
