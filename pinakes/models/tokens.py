"""How many tokens a text takes, guessed without a tokenizer's tables, which would have to be downloaded."""

from __future__ import annotations

import math


def count_tokens(text: str) -> int:
    """Return about how many tokens a text takes."""
    return math.ceil(len(text) / 4)
