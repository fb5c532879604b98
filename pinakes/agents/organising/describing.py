"""Which files answer a description: surely, by their labels or the signs of their kind; or perhaps, by their text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.contents import contents_of
from pinakes.agents.organising.papers import calls_itself
from pinakes.agents.organising.vectors import words_of
from pinakes.core.files import FileFilter, FileRecord, MediaType
from pinakes.library.library import Library
from pinakes.tools.search import FLOOR, FileMatch, by_file

SURE_SCORE = 0.7
"""Calibrated score that a passage needs, besides all the words, to stand for its file.

Below it, on the example library, files come in that only mention what is asked for.
"""

_MOST_READ = 2000
_SIGNS = 2
_SHORT = 250
"""Words beyond which a paper with signs of a receipt on it is something else."""

_FEW_CHUNKS = 3
_DENSE = 0.04
"""Share of words that are signs on a paper of a kind."""

_AGAIN = 1 / 60
"""How often a word stands in a text that is about it, per word: once in ten lines."""

_LABEL = 10
_ABOUT = re.compile(
    r"\b(?:about|of|on|with|showing|mentioning|concerning|regarding|related|über|von|mit|sobre|de|con|sur|avec)\b|关于",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Described:
    """Files that surely answer a description, and such as may."""

    sure: list[FileRecord]
    unsure: list[FileRecord]


async def matching(
    topic: str, said: str, library: Library, among: Sequence[FileRecord], where: FileFilter
) -> Described:
    """Return the files among some that a description fits.

    Args:
        topic: The describing words.
        said: The whole words: with "about" or "of", a text that says all of it is enough.
        where: A filter that these files pass, for the search.
    """
    wanted = set(words_of(topic))
    sure = await surely_matching(topic, library, among)
    about = len(wanted) > 1 or bool(_ABOUT.search(said))
    unsure: dict[str, FileRecord] = {}
    known = {f.id for f in among}
    for match in by_file(await library.search(topic, limit=100, where=where, threshold=FLOOR)):
        if match.file.id in known and match.file.id not in sure:
            stands = about and _says_all(match, wanted) and await _dwells(match.file, wanted, library)
            (sure if stands else unsure)[match.file.id] = match.file
    return Described([f for f in among if f.id in sure], list(unsure.values()))


async def surely_matching(topic: str, library: Library, among: Sequence[FileRecord]) -> dict[str, FileRecord]:
    """Return by id the files among some that are labelled so or bear the signs of a kind, else call themselves so."""
    wanted = set(words_of(topic))
    sure = {f.id: f for f in among if wanted <= labels_of(f)}
    sure |= {f.id: f for f in await _by_signs(topic, library, among) if f.id not in sure}
    return sure or {f.id: f for f in await _by_name_of_kind(topic, library, among)}


def labels_of(file: FileRecord) -> set[str]:
    """Return the words that a file is called or labelled by: name, tags, keywords, a short title or caption."""
    facts = file.facts
    labels = [re.sub(r"\.\w{1,5}$", "", file.filename), *file.tags, *(facts.keywords if facts else ())]
    said = (file.title or "", (facts.caption or "") if facts else "")
    labels += [text for text in said if len(text.split()) <= _LABEL]  # a longer one is text, not a label
    labels += [label.replace("-", " ") for label in labels if "-" in label]
    spaced = (re.sub(r"(?<=[a-z])(?=[A-Z])|[_\d]", " ", label) for label in labels)
    return {word for label in spaced for word in words_of(label)}


async def _by_signs(topic: str, library: Library, among: Sequence[FileRecord]) -> list[FileRecord]:
    """Return the files that carry the signs of a kind of paper ("receipt": a total, cash, tax)."""
    kind = next((lexicon.KINDS[w] for w in topic.casefold().split() if w in lexicon.KINDS), None)
    if not kind or len(topic.split()) > 1:
        return []
    pictures = [f for f in among if f.facts and f.facts.visible_text]
    found = [f for f in pictures if _bears(f.facts.visible_text if f.facts else "", kind)]
    short = [f for f in among if f.media_type is MediaType.DOCUMENT and f.chunk_count <= _FEW_CHUNKS]
    return found + [c.file for c in await contents_of(library, short) if _bears(c.text, kind)]


async def _by_name_of_kind(topic: str, library: Library, among: Sequence[FileRecord]) -> list[FileRecord]:
    """Return the documents that call themselves a kind of paper, in whichever language ("Rechnungen": "Invoice")."""
    kind = next((k for w in (topic.casefold(), *words_of(topic)) if (k := lexicon.PAPERS.get(w))), "")
    if not kind or len(topic.split()) > 1:
        return []
    papers = [f for f in among if f.media_type is MediaType.DOCUMENT][:_MOST_READ]
    return [c.file for c in await contents_of(library, papers) if calls_itself(kind, c)]


def _bears(text: str, kind: lexicon.Kind) -> bool:
    """Tell whether a short text is dense with a kind's signs, and bears no other kind's name."""
    words = list(words_of(text))
    other = any(words_of_name in words for words_of_name in kind.others)
    signs = sum(word in kind.signs for word in words)
    distinct = len(kind.signs & set(words))
    return (
        not other
        and bool(kind.shows.search(text))
        and len(words) <= _SHORT
        and distinct >= min(_SIGNS, len(kind.signs))
        and signs >= _DENSE * len(words)
    )


async def _dwells(file: FileRecord, wanted: set[str], library: Library) -> bool:
    """Tell whether a text is about something, rather than to mention it: in its heading, or again and again."""
    (content,) = await contents_of(library, [file])
    if wanted <= set(words_of(content.heading)):
        return True
    words = list(words_of(content.text))
    return all(words.count(word) >= max(1, len(words) * _AGAIN) for word in wanted)


def _says_all(match: FileMatch, wanted: set[str]) -> bool:
    return any(hit.score >= SURE_SCORE and wanted <= set(words_of(hit.chunk.text)) for hit in match.hits)
