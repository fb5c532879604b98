"""Irregular verbs in their base form: a stemmer brings "runs" to "run", but neither "ran" nor "began"."""

from __future__ import annotations

import re
from functools import cache

from pinakes.agents.writing.lexicon import ordered

_WORD = re.compile(r"[^\W\d_]+")


def based(text: str) -> str:
    """Return a text with the irregular forms of English verbs replaced by their base form."""
    forms = _forms()
    return _WORD.sub(lambda m: forms.get(m.group().casefold(), m.group()), text)


@cache
def _forms() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in ordered("verbs", "irregular"):
        base, *forms = line.split()
        known |= {form: known.get(form, base) for form in forms}
    return known
