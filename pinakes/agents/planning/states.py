"""Orders that say how things shall be rather than what to do: "the tax papers go to Tax 2023, please"."""

from __future__ import annotations

import re

from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.objects import KIND_KEYS, has_object

_PLEASE = re.compile(r",? ?(?:please|pls)$")


def renamed(core: str, lexicon: Lexicon) -> str:
    """Return what is to get better names: "the scans" of "Give the scans meaningful names"; empty where nothing is."""
    plain = core.lower()
    opened = lexicon.opens("change.give", plain)
    names = next((m for m in lexicon.hits("change.named", plain) if not plain[m.end() :].strip(" .!?")), None)
    what = core[opened.end() : names.start()].strip() if opened and names else ""
    return what if any(lexicon.has(key, what.lower()) for key in KIND_KEYS) else ""


def located(text: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """Return what is to lie where: "the tax papers", "Tax 2023" of "Make sure the tax papers are in Tax 2023".

    A place is a folder by its noun, by its name in capitals or in quotation marks.
    """
    bare = text.strip(" .!")
    opened = lexicon.opens("change.ensured", bare.lower())
    asked = _PLEASE.search(bare.lower())
    state = lexicon.find("change.located", bare.lower()) if opened else None
    state = lexicon.find("change.belongs", bare.lower()) if asked and not opened else state
    if state is None or "?" in bare:
        return None
    start, end = opened.end() if opened else 0, asked.start() if asked else len(bare)
    what, place = bare[start : state.start()].strip(" ,"), bare[state.end() : end].strip(" ,")
    named = re.match(r"(?:(?:the|my|our) )?[A-ZÀ-Þ\"“„«]", place) or lexicon.has("kind.folder", place.lower())
    ours = any(lexicon.has(key, what.lower()) for key in KIND_KEYS)
    if not (ours and named) or lexicon.opens("change.no_folder", place.lower()):
        return None
    return (what, place) if has_object(what.lower(), lexicon) else None
