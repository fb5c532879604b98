"""Orders put in the words in which they are carried out."""

from __future__ import annotations

import re

from pinakes.agents.planning.lexicons import Lexicon
from pinakes.agents.planning.objects import KIND_KEYS
from pinakes.agents.planning.states import located, renamed
from pinakes.agents.planning.topic import EDGE

_VERBS = ("change.verb", "change.place", "change.sort", "change.mark", "change.make", "change.undo")


def unfronted(text: str, lexicon: Lexicon) -> str:
    """Return "Keep the sharpest of the photos" for "Of the photos, keep the sharpest"; other texts as they are."""
    plain = text.lower()
    kept = lexicon.find("change.retain", plain)
    if kept is None or not lexicon.opens("change.fronted", plain):
        return text
    front, order = text[: kept.start()].strip(EDGE), text[kept.start() :].strip(EDGE)
    return f"{order[0].upper()}{order[1:]} {front[0].lower()}{front[1:]}."


def effecting(text: str, lexicon: Lexicon) -> str:
    """Return "Move the papers to Tax." for "Make sure the papers are in Tax", the deed that brings the state about."""
    if (state := located(text, lexicon)) is not None:
        return f"Move {state[0]} to {state[1]}."
    what = renamed(text, lexicon)
    return f"Rename {what} meaningfully." if what else text


def protecting(text: str, lexicon: Lexicon) -> str:
    """Return "Tag the leases as protected." for "Protect the leases": the tag is what protects."""
    opened = lexicon.opens("change.protect", text.lower())
    meant = text[opened.end() :].strip(EDGE) if opened else ""
    pointed = lexicon.is_all("refer.pronoun", meant.lower())
    ours = pointed or any(lexicon.has(key, meant.lower()) for key in KIND_KEYS)
    return f"Tag {meant} as protected." if ours else text


def excepting(text: str, before: str, lexicon: Lexicon) -> str:
    """Return "Delete all but the sharpest" for "Delete the rest" after "Keep the sharpest".

    Args:
        before: The clause before, standing alone.
    """
    kept = lexicon.opens("change.retain", before.lower())
    rest = lexicon.find("change.remainder", text.lower())
    if kept is None or rest is None:
        return text
    return f"{text[: rest.start()]}all but {before[kept.end() :].strip(EDGE)}."


def imperative(text: str, lexicon: Lexicon) -> str:
    """Return "Delete the photos." for "Mind deleting the photos."; other texts as they are."""
    asked = lexicon.opens("mood.gerund_request", text.lower())
    gerund = re.match(r"\s*([^\W\d_]+)ing\b", text[asked.end() :]) if asked else None
    if asked is None or gerund is None:
        return text
    stem = gerund[1]
    verbs = (stem, f"{stem}e", stem[:-1])  # moving, deleting, putting
    known = (verb for verb in verbs if any(lexicon.is_all(key, verb.lower()) for key in _VERBS))
    verb = next(known, "")
    rest = text[asked.end() + gerund.end() :]
    return f"{verb.capitalize()}{rest}" if verb else text
