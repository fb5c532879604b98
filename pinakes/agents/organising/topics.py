"""Groups of files by what they say: topics that hang together, and names of things that the texts repeat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pinakes.agents.organising.contents import Content
from pinakes.agents.organising.phrases import names_of, repeated_names

_FEWEST = 3
_SMALL_SET = 12
"""Files that a group needs, fewer not being worth a folder; among very few files two are enough."""

MOST_GROUPS = 20
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


def topic_groups(alike: Any) -> list[list[int]]:
    """Return the places of contents by topic; those that fit none are missing.

    Average-link agglomeration (Sokal and Michener, 1958), cut where the mean silhouette (Rousseeuw, 1987) is best.

    Args:
        alike: Likeness of the contents, shape [n, n].
    """
    return _strays_joined(_best_cut(alike, _merges(alike)), alike)


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
