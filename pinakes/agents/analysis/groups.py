"""Pictures in groups of those that are alike: in their patterns of light, their colours, and their words."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from pinakes.agents.analysis.closeness import vectors_of
from pinakes.agents.analysis.figures import counted
from pinakes.agents.citing import Citations
from pinakes.agents.queries.lexicon import STOP
from pinakes.agents.writing.marks import plain
from pinakes.core.files import FileRecord
from pinakes.ports.embedder import Embedder
from pinakes.tools.duplicates import NEAR, picture_distance

MOST_GROUPED = 400
"""Pictures that are compared with each other; of more, the first by date."""

_ALIKE = 0.6
"""Mean likeness to a group from which a picture belongs to it."""

_LIGHT, _TEXT = 0.15, 0.6
"""What patterns of light weigh beside colours, and what text weighs where both pictures have some."""

_UNLIKE_TEXT = 0.25
"""Cosine of short texts that have nothing to do with each other."""

_WORDY = 2
_MAIN = 0.15
"""Mean share from which a colour names a group."""

_SHOWN_GROUPS, _SHOWN_FILES, _NAMING_WORDS = 12, 8, 3


async def groups_told(
    files: Sequence[FileRecord], embedder: Embedder, cited: Citations
) -> tuple[str, tuple[FileRecord, ...]]:
    """Return the groups of pictures that are alike, each with what its pictures share, and the grouped pictures."""
    chosen = [f for f in files if f.facts][:MOST_GROUPED]
    if len(chosen) < 2:
        return "There are not enough measured pictures to group.", ()
    texts = [_text(f) for f in chosen]
    worded = [i for i, text in enumerate(texts) if len(_words(text)) >= _WORDY]
    vectors = await vectors_of([texts[i] for i in worded], embedder)
    alike = await asyncio.to_thread(_likeness, chosen, worded, vectors)
    groups = await asyncio.to_thread(_grouped, alike)
    together = [[chosen[i] for i in group] for group in groups if len(group) > 1]
    alone = len(chosen) - sum(len(group) for group in together)
    if not together:
        return f"None of the {counted(len(chosen), 'picture')} are alike in light, colours or text.", ()
    names = [_name(group) for group in together]
    twice = {name for name, count in Counter(names).items() if count > 1}
    titles = [
        f"{name}, like {plain(group[0].filename)}" if name in twice else name
        for name, group in zip(names, together, strict=True)
    ]
    lines = [
        f"- **{title}** ({len(group)}): {_marks(group, cited)}"
        for title, group in list(zip(titles, together, strict=True))[:_SHOWN_GROUPS]
    ]
    if len(together) > _SHOWN_GROUPS:
        lines.append(f"- … and {len(together) - _SHOWN_GROUPS} more groups")
    heading = f"{counted(len(together), 'group')} of pictures that are alike in light, colours or text:"
    ends = [f"{counted(alone, 'picture')} {'is' if alone == 1 else 'are'} like no other."] if alone else []
    if len(files) > len(chosen):
        ends.append(f"{counted(len(files) - len(chosen), 'picture')} were not compared.")
    text = f"{heading}\n\n" + "\n".join(lines) + (f"\n\n{' '.join(ends)}" if ends else "")
    return text, tuple(f for group in together for f in group)


def _likeness(files: Sequence[FileRecord], worded: Sequence[int], vectors: Any) -> Any:
    """Return how alike each two pictures are, 0 to 1, of shape [files, files]."""
    import numpy as np

    names = sorted({c.name for f in files if f.facts for c in f.facts.colours})
    shares = np.zeros((len(files), len(names)))
    for row, file in enumerate(files):
        for colour in file.facts.colours if file.facts else ():
            shares[row, names.index(colour.name)] += colour.share
    colours = np.stack([np.minimum(shares, row).sum(axis=1) for row in shares])
    bits = np.array([[_bits(a, b) for b in files] for a in files])
    seen = _LIGHT * np.clip(1 - bits / 32, 0, 1) + (1 - _LIGHT) * colours
    spoken = np.zeros(len(files), dtype=bool)
    spoken[list(worded)] = True
    seen[spoken[:, None] != spoken[None, :]] *= (
        1 - _TEXT / 2
    )  # a page of text is not like a wall of its colour
    if len(worded):
        said = np.clip((vectors @ vectors.T - _UNLIKE_TEXT) / (1 - _UNLIKE_TEXT), 0, 1)
        both = np.ix_(worded, worded)
        seen[both] = _TEXT * said + (1 - _TEXT) * seen[both]
    return np.where(bits <= NEAR, 1.0, seen)


def _bits(first: FileRecord, second: FileRecord) -> int:
    distance = picture_distance(first, second)
    return 64 if distance is None else distance


def _grouped(alike: Any) -> list[list[int]]:
    """Return groups by joining the two most alike on average until none are alike enough, the largest first."""
    import numpy as np

    mean = np.array(alike, dtype=float)
    np.fill_diagonal(mean, -1.0)
    groups = [[i] for i in range(len(mean))]
    while True:
        i, j = sorted(int(k) for k in np.unravel_index(int(mean.argmax()), mean.shape))
        if mean[i, j] < _ALIKE:
            break
        ours, theirs = len(groups[i]), len(groups[j])
        joined = (ours * mean[i] + theirs * mean[j]) / (ours + theirs)
        mean[i], mean[:, i] = joined, joined
        mean[j], mean[:, j] = -1.0, -1.0
        mean[i, i] = mean[i, j] = mean[j, i] = -1.0
        groups[i], groups[j] = groups[i] + groups[j], []
    return sorted((sorted(g) for g in groups if g), key=lambda g: (-len(g), g))


def _name(group: Sequence[FileRecord]) -> str:
    """Return what the pictures of a group share: nearly everything, words, else their main colours."""
    distances = [picture_distance(group[0], other) for other in group[1:]]
    if all(d is not None and d <= NEAR for d in distances):
        return f"nearly the same as {plain(group[0].filename)}"
    counts = Counter(word for f in group for word in _words(_text(f)))
    shared = [word for word, count in counts.most_common() if count > len(group) / 2][:_NAMING_WORDS]
    colours: dict[str, float] = defaultdict(float)
    for file in group:
        for colour in file.facts.colours if file.facts else ():
            colours[colour.name] += colour.share / len(group)
    main = [name for name in sorted(colours, key=lambda c: -colours[c])[:2] if colours[name] >= _MAIN]
    said = f"with the words “{plain(', '.join(shared))}”" if shared else ""
    shown = f"mainly {' and '.join(main)}" if main else ""
    return ", ".join(part for part in (said, shown) if part) or f"like {plain(group[0].filename)}"


def _marks(group: Sequence[FileRecord], cited: Citations) -> str:
    marks = [
        cited.mark(cited.cite_file(f, why="alike")).strip() or plain(f.filename) for f in group[:_SHOWN_FILES]
    ]
    more = f", … and {len(group) - _SHOWN_FILES} more" if len(group) > _SHOWN_FILES else ""
    return ", ".join(marks) + more


def _text(file: FileRecord) -> str:
    facts = file.facts
    return " ".join((facts.caption or "", *facts.keywords, facts.visible_text)).strip() if facts else ""


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[^\W\d_]{3,}", text.casefold()) if w not in STOP}
