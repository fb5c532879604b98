"""Texts as vectors of their words: weighted by rarity, headings more, neighbouring words as pairs, too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from pinakes.agents.organising.contents import Content
from pinakes.agents.queries.lexicon import STOP
from pinakes.agents.queries.names import stem
from pinakes.library.library import Library

MOST_FEATURES = 16_000
_HEADING = 5.0
"""What a word of the heading counts more than its first mention in the text."""

_PAIRED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_WORD = re.compile(rf"[{_PAIRED}]+|(?:(?![{_PAIRED}\d_])\w)+(?:['’-](?:(?![{_PAIRED}\d_])\w)+)*")


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text without case and plural; writing without gaps gives pairs of letters."""
    for word in _WORD.findall(text.casefold()):
        if re.match(rf"[{_PAIRED}]", word):
            yield from (word[i : i + 2] for i in range(max(len(word) - 1, 1)))
        elif len(word) > 1:
            yield stem(word)


def word_vectors(contents: Sequence[Content]) -> Any:
    """Return one row of length 1 per content, shape [len(contents), features]; an empty content's is zero.

    Weights are (1 + log frequency) times inverse document frequency (Salton and Buckley, 1988).
    """
    import numpy as np

    counted = [_features(content) for content in contents]
    spread = Counter(feature for row in counted for feature in row)
    kept = [f for f, holders in spread.most_common(MOST_FEATURES) if holders > 1]
    places = {feature: place for place, feature in enumerate(kept)}
    rarity = np.log(len(contents) / np.array([spread[f] for f in kept], dtype=np.float32)) + 1e-3
    rows = np.zeros((len(contents), len(kept)), dtype=np.float32)
    for row, features in zip(rows, counted, strict=True):
        for feature, weight in features.items():
            if feature in places:
                row[places[feature]] = weight
    return unit_rows(rows * rarity if kept else rows)


async def meaning_vectors(library: Library, contents: Sequence[Content]) -> Any:
    """Return one embedding of length 1 per content's beginning, shape [len(contents), dimensions]."""
    import numpy as np

    vectors = await library.embedder.aembed_documents([c.beginning or " " for c in contents])
    return unit_rows(np.array(vectors, dtype=np.float32).reshape(len(contents), -1))


def _features(content: Content) -> dict[str, float]:
    import math

    body = [w for w in words_of(content.text) if w not in STOP]
    found = {f: 1 + math.log(n) for f, n in _counted(body).items()}
    for feature in _counted([w for w in words_of(content.heading) if w not in STOP]):
        found[feature] = found.get(feature, 0.0) + _HEADING
    return found


def _counted(words: Sequence[str]) -> Counter[str]:
    return Counter([*words, *(f"{a} {b}" for a, b in pairwise(words))])


def unit_rows(rows: Any) -> Any:
    """Return the rows at length 1; those of zeros stay so."""
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths == 0, 1, lengths)
