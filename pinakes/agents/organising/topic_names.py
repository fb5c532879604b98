"""What a group of files is called: the kind of paper that most of them are, else the word that says best what it is.

A name is a noun that most of the group's files use and others hardly do. Frequency times rarity (class-based TF-IDF;
Grootendorst, 2022) finds what stands out, and likeness of meaning to the group (after KeyBERT, Grootendorst, 2020)
what is said of it: units, places on a page and turns of phrase stand out as well, but mean nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pinakes.agents.organising import lexicon
from pinakes.agents.organising.contents import Content
from pinakes.agents.organising.papers import paper_kind
from pinakes.agents.organising.vectors import unit_rows, words_of
from pinakes.agents.queries.calendar_words import MONTHS, WEEKDAYS
from pinakes.agents.queries.lexicon import DOCUMENT_WORDS, EXTENSIONS, NOUNS, STOP
from pinakes.agents.queries.names import stem
from pinakes.ports.embedder import Embedder

_TYPICAL = 0.5
"""Share of a group's files that use the word it is named by."""

_LIFT = 1.3
"""How much oftener than in all files they use it."""

_ONE_KIND = 2 / 3
"""Share of a group's files that are papers of one kind, from which it is named by that."""

_PAIR = 1.6
"""What a pair of words says more than either of them, if it is said about as often."""

_HEAD = 0.3
"""Share of its occurrences in which a noun has no further word of its phrase after it."""

_COUNTED = 0.5
"""Share of its occurrences beside a number, from which a word is a unit or a currency."""

_MOST = 30
_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_][\w'’-]*|[^\w\s]|\n")
_WORD = re.compile(r"[^\W\d_]")
_NAMELESS = frozenset(stem(w) for w in (*STOP, *NOUNS, *DOCUMENT_WORDS, *MONTHS, *WEEKDAYS, *lexicon.FORMS))
_ENDINGS = frozenset(ending.lstrip(".") for endings in EXTENSIONS.values() for ending in endings)


async def named_groups(
    contents: Sequence[Content], groups: Sequence[Sequence[int]], meanings: Any, embedder: Embedder
) -> dict[str, list[int]]:
    """Return the groups by their names; one that no word stands for is missing.

    Args:
        groups: Places of contents. Those of one kind of paper take in all papers of that kind.
        meanings: The contents' embeddings, rows of length 1.
    """
    kinds = [paper_kind(content) for content in contents]
    named = _by_kind(kinds, groups)
    filed = {place for places in named.values() for place in places}
    groups = [left for members in groups if len(left := [m for m in members if m not in filed]) > 1]
    said = [_naming_words(content) for content in contents]
    holders = Counter(word for words in said for word in words)
    use = _Usage(contents)
    for number, members in enumerate(groups):
        worth = _worth(said, holders, members, use)
        words = await _fitting(worth, groups, number, meanings, embedder)
        names = (_written(word, [contents[m] for m in members]) for word in words)
        if name := next((n for n in names if not _is_taken(n, named)), ""):
            named[name] = sorted(members)
    return named


def _is_taken(name: str, taken: Collection[str]) -> bool:
    return name.casefold() in {other.casefold() for other in taken}


def _by_kind(kinds: Sequence[str], groups: Sequence[Sequence[int]]) -> dict[str, list[int]]:
    """Return all papers of each kind that most of a group are, and that are hardly found in others."""
    named: dict[str, list[int]] = {}
    for members in groups:
        inside = Counter(kinds[m] for m in members if kinds[m])
        kind, count = inside.most_common(1)[0] if inside else ("", 0)
        if count >= max(2, _ONE_KIND * len(members)) and 2 * count > kinds.count(kind):
            named[kind] = [place for place, known in enumerate(kinds) if known == kind]
    return named


def _worth(
    said: Sequence[Mapping[str, float]], holders: Mapping[str, int], members: Sequence[int], use: _Usage
) -> list[tuple[float, str]]:
    """Return the words that could name a group, and how much they stand out in it, the best first."""
    inside = Counter(word for place in members for word in said[place])
    total = len(said)
    ranked = (
        (sum(said[m].get(word, 0.0) for m in members) * math.log(1 + total / holders[word]), word)
        for word, count in inside.items()
        if count >= max(2, _TYPICAL * len(members)) and count / len(members) >= _LIFT * holders[word] / total
    )
    return [(score, word) for score, word in sorted(ranked, reverse=True) if use.may_name(word)][:_MOST]


async def _fitting(
    worth: Sequence[tuple[float, str]],
    groups: Sequence[Sequence[int]],
    number: int,
    meanings: Any,
    embedder: Embedder,
) -> list[str]:
    """Return the words in the order in which they stand out and mean what the group, and no other, is about."""
    import numpy as np

    if not worth:
        return []
    rows = unit_rows(np.array(await embedder.aembed_documents([word for _, word in worth]), dtype=np.float32))
    centres = unit_rows(np.stack([meanings[list(members)].mean(axis=0) for members in groups]))
    near = rows @ centres.T
    others = np.delete(near, number, axis=1)
    apart = near[:, number] - (0.5 * others.mean(axis=1) if others.size else 0)
    best = worth[0][0] or 1.0
    scores = [
        max(float(fit), 0.01) * math.sqrt(score / best) for fit, (score, _) in zip(apart, worth, strict=True)
    ]
    return [worth[place][1] for place in sorted(range(len(worth)), key=lambda p: -scores[p])]


class _Usage:
    """How words stand in texts: as the end of a noun phrase, before another word, beside numbers."""

    def __init__(self, contents: Sequence[Content]) -> None:
        self._all: Counter[str] = Counter()
        self._ending: Counter[str] = Counter()
        self._counted: Counter[str] = Counter()
        for content in contents:
            self._read(f"{content.heading}\n{content.text}")

    def _read(self, text: str) -> None:
        tokens = ["\n", *_TOKEN.findall(text.casefold()), "\n"]
        for place, token in enumerate(tokens):
            if not _WORD.match(token):
                continue
            before, after = tokens[place - 1], tokens[place + 1]
            word = stem(token)
            self._all[word] += 1
            self._counted[word] += before[0].isdigit() or after[0].isdigit()
            self._ending[word] += not _WORD.match(after) or after in STOP

    def may_name(self, phrase: str) -> bool:
        """Tell whether a word, or the last of two, is used as a noun, and none of them as a unit."""
        words = phrase.split()
        if any(self._counted[w] >= _COUNTED * self._all[w] for w in words):
            return False
        return self._ending[words[-1]] >= _HEAD * self._all[words[-1]]


def _naming_words(content: Content) -> dict[str, float]:
    """Return how much a content says each word, and each pair of words, that could name a folder."""
    words = [*words_of(content.heading), "", *words_of(content.heading), "", *_lines(content.text)]
    said = Counter(w for w in words if _may_name(w))
    pairs = Counter(f"{a} {b}" for a, b in pairwise(words) if _may_name(a) and _may_name(b) and a != b)
    long = max(len(words), 1)
    return {word: n / long for word, n in said.items()} | {
        pair: _PAIR * n / long for pair, n in pairs.items()
    }


def _lines(text: str) -> Iterator[str]:
    """Yield the words of a text, "" between parts that no phrase spans."""
    for part in re.split(r"[\n|.;:,()!?]", text):
        yield from words_of(part)
        yield ""


def _may_name(word: str) -> bool:
    return len(word) > 2 and word not in _NAMELESS and word not in _ENDINGS


def _written(key: str, contents: Sequence[Content]) -> str:
    """Return a name as the texts write it most often, with a capital."""
    said: Counter[str] = Counter()
    size = len(key.split())
    for content in contents:
        words = re.findall(r"[^\W\d_][\w'’-]*", f"{content.heading} {content.text}")
        for place in range(len(words) - size + 1):
            run = words[place : place + size]
            if " ".join(stem(word.casefold()) for word in run) == key:
                mixed = not "".join(run).isupper() and any(c.isupper() for w in run for c in w[1:])
                said[" ".join(run) if mixed or len("".join(run)) < 5 else " ".join(run).lower()] += 1
    name = said.most_common(1)[0][0] if said else key
    return name[0].upper() + name[1:]
