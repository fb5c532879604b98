"""The content words of texts and the terms that stand out in them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from pinakes.agents.queries.lexicon import STOP
from pinakes.agents.queries.names import stem

_WINDOW = 20
"""Sentences of a stretch: words spread evenly over all stretches tell less of a text than words that gather."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def content_stems(text: str) -> list[str]:
    """Return the stems of a text's content words, in order."""
    return [stem(w) for w in (m.lower() for m in _WORD.findall(text)) if w not in STOP and len(w) > 2]


def key_terms(texts: Sequence[str], most: int = 10) -> list[tuple[str, int]]:
    """Return the terms that stand out, of one to three words, with how often they occur; longer ones weigh more."""
    counts: Counter[str] = Counter()
    places: dict[str, set[int]] = {}
    shown: dict[str, Counter[str]] = {}
    for place, text in enumerate(texts):
        for phrase in _phrases(text):
            key = " ".join(stem(w.lower()) for w in phrase)
            counts[key] += 1
            places.setdefault(key, set()).add(place // _WINDOW)
            shown.setdefault(key, Counter())[" ".join(phrase)] += 1
    least = 2 if any(n > 1 for n in counts.values()) else 1
    windows = 1 + len(texts) // _WINDOW
    worth = {
        k: n * (1 + 0.9 * k.count(" ")) * math.log(1 + windows / len(places[k]))
        for k, n in counts.items()
        if n >= least
    }
    picked: list[str] = []
    for key in sorted(worth, key=lambda k: (-worth[k], k)):
        if not any(f" {key} " in f" {other} " or f" {other} " in f" {key} " for other in picked):
            picked.append(key)
        if len(picked) == most:
            break
    return [(shown[k].most_common(1)[0][0], counts[k]) for k in picked]


def _phrases(text: str) -> list[tuple[str, ...]]:
    """Return every run of one to three content words that no stop word or punctuation interrupts."""
    found: list[tuple[str, ...]] = []
    for part in re.split(r"[^\w\s'’-]+|\n", text):
        run: list[str] = []
        for word in [*_WORD.findall(part), "the"]:
            if word.lower() in STOP or len(word) < 3:
                found += [tuple(run[i : i + n]) for n in (1, 2, 3) for i in range(len(run) - n + 1)]
                run = []
            else:
                run.append(word)
    return found
