"""Chit-chat and errands: what no library can answer."""

from __future__ import annotations

from pinakes.agents.planning.clause import Mood
from pinakes.agents.planning.counting import content, counts, ranks
from pinakes.agents.planning.looking import is_bearer_asked
from pinakes.agents.planning.view import LIBRARY_NOUNS, View

_MANAGED = 0.8
_OF_PRODUCT = (
    *(
        "talk.product",
        "talk.itself",
        "change.verb",
        "change.place",
        "change.sort",
        "change.mark",
        "change.edit",
    ),
    *("change.make", "change.undo", "change.gerund", "act.search", "act.compose", "act.format", "act.report"),
)
_CHAT_SHARE = 0.55
_ORDER_CHAT_SHARE = 0.3
_STRANGER_SHARE = 0.85


def asks_of_product(view: View) -> bool:
    """Return whether it is asked what Pinakes can do with files: "how do I rename a folder here?"."""
    asked = view.clause.mood is Mood.QUESTION or view.clause.questioned
    if view.pointed or not asked or view.lexicon.opens("talk.product", view.clause.core) is None:
        return False
    if view.clause.asked and not view.clause.questioned:
        return False
    named = any(view.has(key) for key in LIBRARY_NOUNS) or view.share("folder_management") >= _MANAGED
    return named and not (counts(view) or ranks(view) or content(view, *_OF_PRODUCT))


def is_worldly(view: View) -> bool:
    """Return whether a clause is chit-chat or an errand: nothing of a library is named and the meaning is talk."""
    if view.kinds or view.has("kind.generic") or view.has("kind.folder") or is_bearer_asked(view):
        return False
    if view.lexicon.opens("mood.conditional", view.clause.core) and not view.has("talk.live"):
        return False  # "if the crane breaks down, who do I ring?" is told by somebody's rules
    if view.clause.mood in (Mood.ORDER, Mood.WISH):
        return view.share("chat") >= _ORDER_CHAT_SHARE
    if view.has("talk.ruled") and not view.has("talk.live"):
        return False
    return view.share("chat") >= (_CHAT_SHARE if _is_personal(view) else _STRANGER_SHARE)


def _is_personal(view: View) -> bool:
    """Questions that speak of you, me or the world right now; others a document might answer."""
    if view.clause.mood is Mood.STATEMENT:
        return True
    if view.lexicon.language != "en":
        return view.has("kind.world")
    return view.has("talk.personal") or view.has("talk.live")
