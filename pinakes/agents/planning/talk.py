"""Chit-chat and errands: what no library can answer."""

from __future__ import annotations

from pinakes.agents.planning.clause import Mood
from pinakes.agents.planning.looking import is_bearer_asked
from pinakes.agents.planning.view import View

_CHAT_SHARE = 0.55
_ORDER_CHAT_SHARE = 0.3
_STRANGER_SHARE = 0.85


def is_worldly(view: View) -> bool:
    """Return whether a clause is chit-chat or an errand: nothing of a library is named and the meaning is talk."""
    if view.kinds or view.has("kind.generic") or view.has("kind.folder") or is_bearer_asked(view):
        return False
    if view.lexicon.opens("mood.conditional", view.clause.core) and not view.has("talk.live"):
        return False  # "if the crane breaks down, who do I ring?" is told by somebody's rules
    if view.clause.mood in (Mood.ORDER, Mood.WISH):
        return view.share("chat") >= _ORDER_CHAT_SHARE
    return view.share("chat") >= (_CHAT_SHARE if _is_personal(view) else _STRANGER_SHARE)


def _is_personal(view: View) -> bool:
    """Questions that speak of you, me or the world right now; others a document might answer."""
    if view.clause.mood is Mood.STATEMENT:
        return True
    if view.lexicon.language != "en":
        return view.has("kind.world")
    return view.has("talk.personal") or view.has("talk.live")
