"""Groups of files by what they say: topics that hang together, and names of things that the texts repeat."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pinakes.agents.organising.contents import Content
from pinakes.agents.organising.phrases import folded_name, names_of, repeated_names
from pinakes.agents.organising.vectors import words_of
from pinakes.agents.queries.calendar_words import MONTHS, WEEKDAYS
from pinakes.agents.queries.lexicon import DOCUMENT_WORDS, NOUNS, STOP

_FEWEST = 3
_SMALL_SET = 12
"""Files that a group needs, fewer not being worth a folder; among very few files two are enough."""

MOST_GROUPS = 20
_TYPICAL = 0.5
"""Share of a group's files that use the word it is named by."""

_LIFT = 2.0
"""How much oftener than elsewhere they use it."""

_PAIR = 1.6
_BELONGS = 0.5
"""Share of a group's inner likeness that a stray file needs to be counted in."""


def fewest(total: int) -> int:
    """Return how many files make a group, of so many in all."""
    return _FEWEST if total > _SMALL_SET else _FEWEST - 1


def group_by_names(contents: Sequence[Content]) -> dict[str, list[int]]:
    """Return the places of contents by the name of what they are about; those about nothing clear are missing."""
    known = repeated_names(contents)
    groups: dict[str, list[int]] = {}
    for place, key in enumerate(names_of(contents, known)):
        if key:
            groups.setdefault(key, []).append(place)
    merged = _same_names(groups, known)
    return {name: sorted(places) for name, places in merged.items() if len(places) >= fewest(len(contents))}


def group_by_topics(contents: Sequence[Content], alike: Any) -> dict[str, list[int]]:
    """Return the places of contents by topic, each named by words its files share and others do not.

    Average-link agglomeration (Sokal and Michener, 1958), cut where the mean silhouette (Rousseeuw, 1987) is best.
    """
    clusters = _best_cut(alike, _merges(alike))
    clusters = _strays_joined(clusters, alike)
    said = [_naming_words(content) for content in contents]
    named: dict[str, list[int]] = {}
    for members in clusters:
        name = _topic_name(contents, said, members, named)
        if name:
            named[name] = sorted(members)
    return named


def _topic_name(
    contents: Sequence[Content],
    said: Sequence[Mapping[str, float]],
    members: Sequence[int],
    taken: Collection[str],
) -> str:
    """Return the words that a group's files say again and again and others hardly do, as written; "" without any.

    Frequency in the group times rarity in all (class-based TF-IDF; Grootendorst, 2022), headings double.
    """
    holders = Counter(word for words in said for word in words)
    inside = Counter(word for place in members for word in said[place])
    ranked = sorted(
        (
            (sum(said[m].get(word, 0.0) for m in members) * math.log(1 + len(contents) / holders[word]), word)
            for word, count in inside.items()
            if count >= _TYPICAL * len(members)
            and count / len(members) >= _LIFT * holders[word] / len(contents)
        ),
        reverse=True,
    )
    used = {name.casefold() for name in taken}
    names = (_written(word, [contents[m] for m in members]) for _, word in ranked)
    return next((n for n in names if n.casefold() not in used), "")


def _same_names(groups: dict[str, list[int]], known: dict[str, str]) -> dict[str, list[int]]:
    """Join spellings of one name ("EveryonePay", "Everyone Pay") and a short form with its only long one."""
    by_letters: dict[str, str] = {}
    joined: dict[str, list[int]] = {}
    for key in sorted(groups, key=lambda k: -len(groups[k])):
        longer = [k for k in groups if k.startswith(f"{key} ")]
        shorter = [k for k in groups if key.startswith(f"{k} ") and len(groups[k]) > len(groups[key])]
        into = longer[0] if len(longer) == 1 and len(groups[longer[0]]) > len(groups[key]) else key
        into = shorter[0] if len(shorter) == 1 and len(_longer(shorter[0], groups)) == 1 else into
        leader = by_letters.setdefault(into.replace(" ", ""), into)
        joined.setdefault(leader, []).extend(groups[key])
    return {known[key]: places for key, places in joined.items()}


def _longer(key: str, groups: dict[str, list[int]]) -> list[str]:
    return [k for k in groups if k.startswith(f"{key} ")]


def _merges(alike: Any) -> list[tuple[int, int]]:
    """Return which two clusters join, step by step, each known by its first member; average link."""
    import numpy as np

    likeness = np.array(alike, dtype=np.float64)
    np.fill_diagonal(likeness, -np.inf)
    sizes, steps = np.ones(len(likeness)), []
    best = likeness.max(axis=1) if len(likeness) else np.zeros(0)
    for _ in range(len(likeness) - 1):
        first = int(best.argmax())
        second = int(likeness[first].argmax())
        first, second = min(first, second), max(first, second)
        steps.append((first, second))
        mean = (sizes[first] * likeness[first] + sizes[second] * likeness[second]) / (
            sizes[first] + sizes[second]
        )
        likeness[first], likeness[:, first] = mean, mean
        likeness[second], likeness[:, second] = -np.inf, -np.inf
        likeness[first, first] = -np.inf
        sizes[first] += sizes[second]
        best = likeness.max(axis=1)
    return steps


def _best_cut(alike: Any, steps: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the clusters of the best silhouette among the cuts that leave no more than half of the files alone."""
    count = len(alike)
    best, score = [list(range(count))], -2.0
    for groups in range(2, min(MOST_GROUPS * 3, count) + 1):
        clusters = _after(count, steps[: count - groups])
        large = [len(c) for c in clusters if len(c) >= fewest(count)]
        if len(large) > MOST_GROUPS or 2 * sum(large) < count:
            break
        found = _silhouette(alike, clusters)
        if len(large) > 1 and found > score:
            best, score = clusters, found
    return best


def _after(count: int, steps: Sequence[tuple[int, int]]) -> list[list[int]]:
    clusters = {n: [n] for n in range(count)}
    for first, second in steps:
        clusters[first] += clusters.pop(second)
    return list(clusters.values())


def _silhouette(alike: Any, clusters: Sequence[Sequence[int]]) -> float:
    """Return the mean silhouette; single files count 0."""
    import numpy as np

    membership = np.zeros((len(alike), len(clusters)))
    for number, members in enumerate(clusters):
        membership[list(members), number] = 1
    sizes, own = membership.sum(axis=0), membership.argmax(axis=1)
    far = 1 - (alike @ membership) / sizes
    rows = np.arange(len(alike))
    inner_size = sizes[own]
    inner = 1 - ((alike @ membership)[rows, own] - np.diag(alike)) / np.maximum(inner_size - 1, 1)
    far[rows, own] = np.inf
    nearest = far.min(axis=1)
    values = np.where(inner_size > 1, (nearest - inner) / np.maximum(np.maximum(nearest, inner), 1e-9), 0)
    return float(values.mean())


def _strays_joined(clusters: Sequence[list[int]], alike: Any) -> list[list[int]]:
    """Put files of too small groups to the group they are most like, if they are like it at all."""
    kept = [list(c) for c in clusters if len(c) >= fewest(len(alike))]
    inner = [float(alike[c][:, c].sum() - len(c)) / max(len(c) * (len(c) - 1), 1) for c in kept]
    additions: list[list[int]] = [[] for _ in kept]
    for stray in (n for c in clusters if len(c) < fewest(len(alike)) for n in c):
        scores = [float(alike[stray, c].mean()) for c in kept]
        if scores and max(scores) >= _BELONGS * inner[scores.index(max(scores))]:
            additions[scores.index(max(scores))].append(stray)
    return [c + more for c, more in zip(kept, additions, strict=True)]


def _naming_words(content: Content) -> dict[str, float]:
    """Return how much a content says each word, and each pair of words, that could name a folder."""
    words = [*words_of(content.heading), "", *words_of(content.heading), "", *words_of(content.text)]
    said = Counter(w for w in words if _may_name(w))
    # A pair says more than either of its words, if it is said about as often.
    pairs = Counter(f"{a} {b}" for a, b in pairwise(words) if _may_name(a) and _may_name(b) and a != b)
    long = max(len(words), 1)
    return {word: n / long for word, n in said.items()} | {
        pair: _PAIR * n / long for pair, n in pairs.items()
    }


def _may_name(word: str) -> bool:
    plain = word not in STOP and word not in NOUNS and word not in DOCUMENT_WORDS
    return len(word) > 2 and plain and word not in MONTHS and word not in WEEKDAYS


def _written(key: str, contents: Sequence[Content]) -> str:
    """Return a name as the texts write it most often, with a capital."""
    said: Counter[str] = Counter()
    size = len(key.split())
    for content in contents:
        words = re.findall(r"[^\W\d_][\w'’-]*", f"{content.heading} {content.text}")
        for place in range(len(words) - size + 1):
            run = " ".join(words[place : place + size])
            if folded_name(run) == key:
                said[run if any(c.isupper() for c in run[1:]) else run.lower()] += 1
    name = said.most_common(1)[0][0] if said else key
    return name[0].upper() + name[1:]
