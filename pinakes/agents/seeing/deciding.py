"""Which questions about pictures only eyes can answer, and which need a close look."""

from __future__ import annotations

from collections.abc import Collection

from pinakes.agents.queries.aspects import Aspect
from pinakes.agents.queries.found import any_of, pattern
from pinakes.agents.queries.lexicon import PICTURE_NOUNS

MEASURED = frozenset(
    {
        Aspect.GROUPS,
        Aspect.DUPLICATES,
        Aspect.ORIGINAL,
        Aspect.BLURRED,
        Aspect.SHARP,
        Aspect.DARK,
        Aspect.BRIGHT,
        Aspect.COLOURS,
        Aspect.TIME,
        Aspect.PLACE,
        Aspect.CAMERA,
        Aspect.SIZE,
        Aspect.TURNED,
    }
)
"""What is measured or recorded of a picture as a whole: no model knows it better."""

_NOUNS = any_of(sorted(PICTURE_NOUNS))
_IN_IT = pattern(
    r"(?:where|how\s+(?:big|large|wide|high|tall|far|old|long)|(?:what|which)\s+(?:time|colou?rs?|size|shape|kind|sort|type"
    r"|brand|make|model))\s+(?:is|are|does|do|of)\s+(?:the|an?|that|his|her|their|my)\s+"
    rf"(?!(?:{_NOUNS}|camera|cameras|lens|file|files)(?!\w))[^\W\d_]\w*"
    rf"|same\s+(?!(?:{_NOUNS}|size|cameras?|lens|place|day|date|time|folder|format|content|as|or)(?!\w))[^\W\d_]\w*"
)
"""Of something in the picture, and not of the picture, is asked where it is, how big, or whether it is the same."""

_WHAT_DIFFERS = pattern(r"differ\w*|contrast\w*|chang\w+|before\s+and\s+after|unterschied\w*|verändert\w*")
_CLOSELY = pattern(
    r"closely|close\s+look|in\s+(?:great\s+|full\s+|more\s+)?details?|detailed|zoom\w*|small\s+print|fine\s+print|tiny"
    r"|serial\s+numbers?|legible|inspect\w*|hairline|genau\w*|im\s+detail"
)


def needs_eyes(question: str, aspects: Collection[Aspect]) -> bool:
    """Tell whether a question asks what pictures show, beyond what is measured of them."""
    if Aspect.SEEING in aspects or _IN_IT.search(question):
        return True
    rest = set(aspects) - MEASURED
    if rest == {Aspect.COMPARISON} and len(set(aspects)) > 1:  # "compare their sharpness"
        return _WHAT_DIFFERS.search(question) is not None
    return bool(rest) or not aspects


def wants_close_look(question: str, aspects: Collection[Aspect], *, detailed: bool) -> bool:
    """Tell whether fine text or details matter, so that pictures are worth more pixels."""
    return detailed or Aspect.TEXT in aspects or _CLOSELY.search(question) is not None
