"""Text read in pictures that answers a question as well as documents do: receipts, signs, plates, boards, plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pinakes.agents.spec import AgentContext
from pinakes.core.files import ChunkHit, FileFilter
from pinakes.library.requests import asked_about
from pinakes.tools.search import FLOOR, distinct

MOST_PICTURES = 3
_KINDS = frozenset({"ocr", "description", "visible_text"})
"""Chunks that say what stands in a picture; measured facts, names and cameras answer no question of content."""

_REACH = 30
_CLEAR = 1.5 * FLOOR
"""Text in pictures is short, which makes chance likenesses strong: it must be clearly above the floor."""

_NEAR_BEST = 0.75
"""Share of the best document passage's score from which a picture's text counts as just as relevant."""

_SAID = 0.5
_CLOSE = 0.6
_MORE = 3
"""Share of the question's words that a picture must say, or the cosine that makes up for them where it says more."""


async def picture_passages(
    question: str, ctx: AgentContext, where: FileFilter, documents: Sequence[ChunkHit]
) -> list[ChunkHit]:
    """Return the few texts in pictures that bear on a question no less than the documents' passages do.

    Args:
        where: The pictures that may be looked at.
        documents: What was found in documents.
    """
    floor = max(_CLEAR, _NEAR_BEST * max((hit.score for hit in documents), default=0.0))
    hits = await ctx.library.search(question, limit=_REACH, where=where, threshold=floor)
    asked = set(ctx.library.terms.words(asked_about(question)).values())
    telling = [hit for hit in hits if hit.chunk.kind in _KINDS and _tells(hit, question, asked)]
    return distinct(telling, share=0.7)[:MOST_PICTURES]


def _tells(hit: ChunkHit, question: str, asked: set[str]) -> bool:
    """Tell whether a picture says what is asked about, and something more than the question itself says."""
    more = _words(hit.chunk.text) - _words(question)
    said = len(set(hit.matched_terms) & asked) >= _SAID * len(asked)
    return (bool(more) and said) or (len(more) >= _MORE and hit.dense >= _CLOSE)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w[\w.,-]*\w", text.casefold()))
