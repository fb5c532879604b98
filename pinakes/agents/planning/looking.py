"""What is done with what is found: pictures looked at and read, documents worked through."""

from __future__ import annotations

from pinakes.agents.planning.clause import Mood
from pinakes.agents.planning.seen import counts_seen
from pinakes.agents.planning.view import AGENT_SHARE, ANALYSIS, LOOKED_AT, View
from pinakes.core.files import MediaType


def bears_text(view: View) -> bool:
    """Return whether a clause names what carries text or values in pictures: signs, plates, receipts, charts."""
    if view.has("kind.bearer"):
        return True
    return view.has("kind.label") and not view.has("kind.generic") and not view.kinds


def is_bearer_asked(view: View) -> bool:
    """Return whether such a thing is asked about, not merely wanted for something."""
    opens = any(
        view.lexicon.opens(key, view.clause.core) for key in ("act.search", "act.describe", "act.tell")
    )
    return bears_text(view) and (opens or view.clause.mood in (Mood.QUESTION, Mood.STATEMENT))


def is_read(view: View) -> bool:
    """Return whether the answer is to be read off such a thing."""
    asked = is_bearer_asked(view) and _asks_to_look(view)
    return asked and not (view.has("look.existence") or asks_facts(view))


def asks_facts(view: View) -> bool:
    """Return whether a picture's own data tell the answer: "When was the photo of the crane taken?"."""
    return view.lexicon.has("aggregate.facts", view.own) and MediaType.IMAGE in view.kinds


def without_bearers(view: View) -> str:
    """Return the plain text with the things that carry text blanked, of one length with it."""
    plain = view.plain
    if not is_read(view):
        return plain
    for match in view.lexicon.hits("kind.bearer", plain):
        plain = plain[: match.start()] + "x" * len(match.group()) + plain[match.end() :]
    return plain


def _asks_to_look(view: View) -> bool:
    opens = any(view.lexicon.opens(key, view.clause.core) for key in ("act.tell", "act.describe"))
    return view.clause.mood is Mood.QUESTION or opens


def wants_analysis(view: View, kind: MediaType, counted: bool) -> bool:
    """Return whether what is found of a kind is to be looked at or worked through."""
    if view.worked or any(view.has(key) for key in ("act.summarise", "act.compare", "act.analyse")):
        return True
    if view.lexicon.opens("act.extract", view.clause.core):
        return True
    ranked = view.has("act.superlative") or (kind in view.kinds and view.has("act.ranked"))
    if kind is MediaType.DOCUMENT and ranked and not is_read(view):
        return view.pointed or not counted
    if kind is MediaType.IMAGE and (is_read(view) or (view.has("look.alike") and not counted)):
        return True
    if kind in LOOKED_AT and kind in view.kinds and _looks(view, asked=not counted):
        return True
    opens = any(view.lexicon.opens(key, view.clause.core) for key in ("act.search", "look.naming"))
    searched = opens or counted or _is_named_bare(view, kind)
    return not searched and view.share(ANALYSIS[kind]) >= AGENT_SHARE


def _is_named_bare(view: View, kind: MediaType) -> bool:
    """Return whether a clause is but a name for files, with their kind first or last: "regatta vids"."""
    if view.clause.mood is not Mood.STATEMENT or view.clause.questioned or view.pointed:
        return False
    words, key = view.clause.core.split(), f"kind.{kind.value}"
    return len(words) <= _NAME_WORDS and any(
        view.lexicon.is_all(key, word) for word in (words[:1] + words[-1:])
    )


_NAME_WORDS = 3


def _looks(view: View, asked: bool) -> bool:
    if view.lexicon.opens("act.describe", view.clause.core) or view.has("look.quality"):
        return True
    opens = view.clause.mood is Mood.QUESTION or view.lexicon.opens("act.tell", view.clause.core) is not None
    if counts_seen(view):
        return True
    return opens and not view.has("look.existence") and (asked or view.has("look.content"))
