"""Counting what is seen: people in a clip are counted by looking, clips in a folder by their records."""

from __future__ import annotations

import re

from pinakes.agents.planning.clause import named_kinds
from pinakes.agents.planning.view import LIBRARY_NOUNS, LOOKED_AT, View

_WORD = re.compile(r"[^\W\d_][\w'-]*")


def counts_seen(view: View) -> bool:
    """Return whether things within pictures or videos are counted: "How many people walk through dock.mp4?"."""
    return any(_is_within(view, match.end()) for match in view.lexicon.hits("aggregate.count", view.plain))


def _is_within(view: View, start: int) -> bool:
    rest = view.plain[start:]
    place = next((hit for hit in view.lexicon.hits("look.place", rest) if _is_looked_at(view, hit)), None)
    if place is None:
        return False
    counted = rest[: place.start()]
    if any(view.lexicon.has(key, counted) for key in LIBRARY_NOUNS):
        return False
    return any(not view.lexicon.is_all("aggregate.word", word) for word in _WORD.findall(counted))


def _is_looked_at(view: View, place: re.Match[str]) -> bool:
    near = " ".join(place.string[place.end() :].split()[:_NEAR])
    kinds = named_kinds(near, view.lexicon)
    return bool(kinds) and kinds[0] in LOOKED_AT


_NEAR = 3
