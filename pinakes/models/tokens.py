"""How many tokens a text takes, guessed without a tokenizer's tables, which would have to be downloaded."""

from __future__ import annotations

import json
import math

from pydantic import BaseModel

from pinakes.core.prompts import Data, Picture, Prompt
from pinakes.models.schemas import closed_schema

_PICTURE = {"low": 85, "auto": 800, "high": 1_200}
_PER_MESSAGE = 4
_PER_QUOTE = 20


def count_tokens(text: str) -> int:
    """Return about how many tokens a text takes."""
    return math.ceil(len(text) / 4)


def count_prompt(prompt: Prompt, form: type[BaseModel] | None = None) -> int:
    """Return about how many tokens a call takes that has this prompt and asks for this form."""
    texts = [prompt.system, *(said.content for said in prompt.history)]
    total = _PER_MESSAGE * (2 + len(prompt.history)) + sum(map(count_tokens, texts))
    for part in prompt.parts:
        if isinstance(part, Picture):
            total += _PICTURE[part.detail]
        elif isinstance(part, Data):
            total += _PER_QUOTE + count_tokens(part.text) + count_tokens(part.source)
        else:
            total += count_tokens(part)
    if form is not None:
        total += count_tokens(json.dumps(closed_schema(form)))
    return total
