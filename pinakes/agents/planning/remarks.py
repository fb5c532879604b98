"""Greetings, thanks and closing remarks."""

from __future__ import annotations

from pinakes.agents.planning.clause import Clause
from pinakes.agents.planning.lexicons import Lexicon

_EDGE = " \t\n,;:.!?¿¡-–—…\"'"
_REMARKS = ("talk.greeting", "talk.thanks", "talk.goodbye", "talk.answer", "talk.ability", "talk.closing")


def is_small_talk(clause: Clause, lexicon: Lexicon) -> bool:
    """Return whether a clause is nothing but remarks, or an errand for an assistant."""
    bare = clause.plain.strip(_EDGE)
    return any(
        lexicon.is_all("talk.errand", text) or _is_remarks(text, lexicon) for text in (bare, clause.core)
    )


def _is_remarks(text: str, lexicon: Lexicon) -> bool:
    """ "Great, that helped": one remark after the other and nothing else."""
    if not text:
        return False
    while text:
        said = max((m.end() for key in _REMARKS if (m := lexicon.opens(key, text))), default=0)
        if not said:
            return False
        text = text[said:].strip(_EDGE)
        joint = lexicon.opens("talk.joint", text)
        text = text[joint.end() :].strip(_EDGE) if joint else text
    return True
