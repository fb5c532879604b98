"""Moments of videos: what is looked for is where in a video something is seen or said."""

from __future__ import annotations

from pinakes.agents.planning.clause import named_kinds
from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.view import View
from pinakes.core.files import Inventory, MediaType

_VIDEO = (MediaType.VIDEO,)


def moment_kinds(plain: str, lexicon: Lexicon, inventory: Inventory) -> tuple[MediaType, ...]:
    """Return the kinds that hold a moment asked for in a lower-case text: videos, or none where none is asked for."""
    held = not inventory.counts or bool(inventory.counts.get(MediaType.VIDEO.value))
    if asked := lexicon.find("look.moment", plain):
        before = named_kinds(plain[: asked.start()], lexicon)
        videos = MediaType.VIDEO in named_kinds(plain, lexicon)
        return _VIDEO if videos or (held and not before) else ()
    if _asks_which_video(plain, lexicon) and not lexicon.has("act.relation", plain):
        return _VIDEO
    part = lexicon.has("look.passage", plain) and not named_kinds(plain, lexicon)
    return _VIDEO if part and inventory.counts.get(MediaType.VIDEO.value) else ()


def is_moment_asked(view: View) -> bool:
    """Return whether a search for moments answers a clause."""
    return bool(moment_kinds(view.plain, view.lexicon, view.inventory))


def _asks_which_video(plain: str, lexicon: Lexicon) -> bool:
    """ "In which clip does …": its answer is a place in a video."""
    asked = lexicon.opens("look.in_which", plain)
    rest = plain[asked.end() :].strip() if asked else ""
    noun = lexicon.find("kind.video", rest)
    return noun is not None and len(rest[: noun.start()].split()) <= _MODIFIERS


_MODIFIERS = 1
