"""Sorts of documents: invoices held against delivery notes are two sorts of one kind."""

from __future__ import annotations

from pinakes.agents.planning.clause import Mood, filenames
from pinakes.agents.planning.view import View

_MEANT = 0.6


def are_checked(view: View) -> bool:
    """Return whether documents of one sort are held against those of another."""
    if view.clause.mood is Mood.STATEMENT and not view.clause.questioned:
        return False
    if view.has("act.checked") and len(filenames(view.plain)) > 1:
        return True
    checked = view.has("act.checked") or view.share("cross_reference") >= _MEANT
    return checked and len(_sorts(view)) > 1


def _sorts(view: View) -> set[str]:
    nouns = (hit.group() for hit in view.lexicon.hits("kind.document", view.plain))
    passed = ("aggregate.plain", "kind.part")
    told = (noun for noun in nouns if not any(view.lexicon.is_all(key, noun) for key in passed))
    return {noun.rstrip("s") for noun in told}
