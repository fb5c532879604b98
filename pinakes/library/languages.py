"""How far an English embedder can be trusted with a text, by the text's language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

NEUTRAL = 0.42
"""The cosine that tells nothing between English texts: halfway between right passages and the nearest wrong ones."""


class Trust(NamedTuple):
    """What cosines between texts of one language are worth beside English ones.

    Attributes:
        share: How much of their spread means anything.
        middle: What is to them what `NEUTRAL` is to English: texts of another language are all alike to the model.
    """

    share: float
    middle: float

    def as_english(self, cosine: float) -> float:
        """Return the cosine that would mean as much between English texts."""
        return NEUTRAL + self.share * (cosine - self.middle)


ENGLISH = Trust(1.0, NEUTRAL)
LATIN = Trust(0.7, 0.44)
OTHER = Trust(0.2, 0.0)
"""Set after XQuAD in German, Spanish and Chinese; pairs of letters repeat less than words do, hence the low middle."""


def trust_in(text: str) -> Trust:
    """Return how far cosines with a text can be trusted; keywords without function words count as English."""
    letters = [c for c in text if c.isalpha()]
    if sum(ord(c) > 0x24F for c in letters) * 3 > len(letters):
        return OTHER
    words = re.findall(r"[^\W\d_]+", text.lower())
    foreign = sum(w in _words("other") for w in words)
    return LATIN if foreign > sum(w in _words("english") for w in words) else ENGLISH


@cache
def _words(name: str) -> frozenset[str]:
    lists = tomllib.loads(files(__package__).joinpath("languages.toml").read_text("utf8"))
    return frozenset(lists[name])
