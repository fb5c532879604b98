"""Whether a name that a model gives a group is made of the group's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.analysis.vocabulary import content_stems
from pinakes.agents.queries.lexicon import DOCUMENT_WORDS, NOUNS

_USUAL = 0.5
"""Share of a group's texts in which a word stands that may name it: one text of several names nothing."""


def grounded_name(name: str, texts: Sequence[str]) -> bool:
    """Return whether a name says what texts have in common.

    Half of them use at least one of its words, and every other one stands in some of them or is a general word for
    documents.
    """
    stems = list(dict.fromkeys(content_stems(name)))
    said = [set(content_stems(text)) for text in texts]
    held = {s: sum(s in own for own in said) for s in stems}
    general = {
        s for word in re.findall(r"\w+", name.casefold()) if word in _GENERAL for s in content_stems(word)
    }
    least = max(min(2, len(texts)), _USUAL * len(texts))
    usual = [s for s in stems if s not in general and held[s] >= least]
    return bool(usual) and all(held[s] or s in general for s in stems)


_GENERAL = NOUNS | DOCUMENT_WORDS
