"""Orders of other languages: what they change, as a noun phrase in the asker's own words."""

from __future__ import annotations

from pinakes.agents.planning.clause import Clause, named_kinds
from pinakes.agents.planning.lexicons import Lexicon

_EDGE = " \t\n,;:.!?¿¡-–—…，。！"


def changed_phrase(clause: Clause, lexicon: Lexicon) -> str:
    """Return the direct object of an order as typed, without verb and destination; empty where none names a kind."""
    text = _as_typed(clause)
    opened = lexicon.opens("change.opening", text.lower())
    ended = lexicon.find("change.ending", text.lower())
    if opened is None and ended is None:
        return ""
    start = opened.end() if opened else 0
    moved = lexicon.opens("change.moving", text.lower()) or ended
    rest = text[start : ended.start() if ended and ended.start() > start else len(text)].strip(_EDGE)
    phrase = _without_place(rest, lexicon) if moved else rest
    last = phrase.rsplit(" ", 1)[-1]
    phrase = phrase[: -len(last)].strip() if lexicon.is_all("mood.polite", last.lower()) else phrase
    return phrase if named_kinds(phrase.lower(), lexicon) else ""


def _as_typed(clause: Clause) -> str:
    at = clause.plain.find(clause.core) if clause.core else -1
    fits = at >= 0 and len(clause.plain) == len(clause.text)
    return (clause.text[at : at + len(clause.core)] if fits else clause.core).strip(_EDGE)


def _without_place(rest: str, lexicon: Lexicon) -> str:
    """The last place is where things go: "die Fotos in der Kiste in den Ordner Reise"."""
    named = [
        hit.start()
        for hit in lexicon.hits("change.destination", rest.lower())
        if named_kinds(rest[: hit.start()].lower(), lexicon)
    ]
    return rest[: named[-1]].strip(_EDGE) if named else rest
