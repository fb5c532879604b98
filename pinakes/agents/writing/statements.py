"""The sentences of an answer, the marks they carry, and which of them state something without evidence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pinakes.agents.analysts.values import unsupported_values
from pinakes.agents.writing.lexicon import phrase_pattern
from pinakes.agents.writing.sentences import split_sentences
from pinakes.core.evidence import MARK

_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"\n]+)\"|„([^„“”]+)[“”]|«\s*([^«»]+?)\s*»|「([^「」]+)」")
_QUOTED_WORDS = 4
_QUOTED_HAN = 8
_HEADING = re.compile(r"\s*(?:#{1,6}\s.*|(?:[-*+]\s+)?(\*\*|__)[^*_]+\1\s*:?|.*[:：])\s*")
_ITEM = re.compile(r"^\s*(?:[-*+]\s+)?\d{1,3}[.)]\s+")
_LEAST_LETTERS = 4


class Statement(NamedTuple):
    """A sentence, list item or table of an answer: `content[start:end]`, and the marks that belong to it."""

    start: int
    end: int
    marks: tuple[re.Match[str], ...] = ()

    def text(self, content: str) -> str:
        """Return the sentence as it stands in the content."""
        return content[self.start : self.end].strip()

    def words(self, content: str) -> str:
        """Return the sentence without its marks."""
        return re.sub(r" +([.,;:!?]|$)", r"\1", MARK.sub("", self.text(content))).strip(" -•|\n")


def statements(content: str) -> list[Statement]:
    """Return the sentences of a Markdown text in order, each with the marks in it or right after it."""
    masked = MARK.sub(lambda match: " " * len(match.group()), content)
    spans = list(_spans(masked))
    owned: list[list[re.Match[str]]] = [[] for _ in spans]
    for mark in MARK.finditer(content):
        if (owner := _owner(mark, spans, content)) is not None:
            owned[owner].append(mark)
    return [Statement(start, end, tuple(own)) for (start, end), own in zip(spans, owned, strict=True)]


def unsupported(
    content: str,
    begin: int,
    end: int,
    source_of: Callable[[re.Match[str]], str | None],
    known: str = "",
) -> tuple[str, ...]:
    """Return the sentences that state something without evidence, as they stand in the content.

    A quote, and a number, date or code, has to occur in what its sentence cites.

    Args:
        content: The answer.
        begin, end: The part of it that a model wrote.
        source_of: The text behind a mark, None when there is none.
        known: What may be said besides, such as the question and the names of files.
    """
    own = [s for s in statements(content) if begin <= s.start < end]
    return tuple(
        s.text(content) for s in own if _states(s, content) and not _stands(s, content, source_of, known)
    )


def quotes(text: str) -> list[str]:
    """Return what a text quotes, four words or more of it."""
    found = ("".join(match.groups(default="")) for match in _QUOTED.finditer(text))
    return [quote for quote in found if _is_long(quote)]


def holds_quote(quote: str, source: str) -> bool:
    """Return whether a source holds a quote, whatever the case, the kind of quotation marks, and what … leaves out."""
    plain = _plain(source)
    at = 0
    for part in re.split(r"…|\.{3}|\[\s*(?:…|\.{3})\s*\]", quote):
        found = plain.find(_plain(part), at)
        if found < 0:
            return False
        at = found + len(_plain(part))
    return True


def _stands(
    statement: Statement, content: str, source_of: Callable[[re.Match[str]], str | None], known: str
) -> bool:
    sources = [text for mark in statement.marks if (text := source_of(mark)) is not None]
    words = statement.words(content)
    if not sources or not all(any(holds_quote(q, source) for source in sources) for q in quotes(words)):
        return False
    return not unsupported_values(_ITEM.sub("", words), "\n".join([*sources, known]))


def _states(statement: Statement, content: str) -> bool:
    """Return whether a sentence claims something: no heading, question, greeting, and no word that nothing is there."""
    words = statement.words(content)
    if quotes(words):
        return True
    if sum(c.isalpha() for c in words) < _LEAST_LETTERS or words.rstrip('*_”"»)').endswith(("?", "？")):
        return False
    line = content[content.rfind("\n", 0, statement.start) + 1 : statement.end]
    if _HEADING.fullmatch(line) and not statement.marks:
        return False
    return not any(phrase_pattern("statements", name).search(words) for name in ("absent", "polite"))


def _spans(masked: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences line by line; the rows of a table are one."""
    table: tuple[int, int] | None = None
    for line in re.finditer(r"[^\n]+", masked):
        if line.group().lstrip().startswith("|"):
            joins = table is not None and masked[table[1] : line.start()] == "\n"
            table = (table[0] if table is not None and joins else line.start(), line.end())
            following = masked[line.end() + 1 : line.end() + 2]
            if following != "|":
                yield table
                table = None
            continue
        for sentence in split_sentences(line.group()):
            yield line.start() + sentence.start, line.start() + sentence.end


def _owner(mark: re.Match[str], spans: Sequence[tuple[int, int]], content: str) -> int | None:
    """Return which sentence a mark belongs to: the one around it, else that before it, else that after it."""
    before = [n for n, (start, _) in enumerate(spans) if start <= mark.start()]
    if not before:
        return 0 if spans else None
    last = before[-1]
    between = content[spans[last][1] : mark.start()]
    new_line = "\n" in between and not re.fullmatch(r"[\s>*-]*", MARK.sub("", _rest_of_line(content, mark)))
    return last + 1 if new_line and last + 1 < len(spans) else last


def _rest_of_line(content: str, mark: re.Match[str]) -> str:
    end = content.find("\n", mark.end())
    return content[mark.end() : end if end >= 0 else len(content)]


def _is_long(quote: str) -> bool:
    return len(quote.split()) >= _QUOTED_WORDS or sum(ord(c) > 0x2E80 for c in quote) >= _QUOTED_HAN


def _plain(text: str) -> str:
    joined = re.sub(r"(?<=\w)[-\u00ad]\s+(?=[^\W\d_])", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\W_]+", "", joined).casefold()
