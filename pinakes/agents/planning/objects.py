"""What an order is about: its direct object, by a determiner, a plural, a name or a quotation."""

from __future__ import annotations

import re

from pinakes.agents.planning.clause import filenames
from pinakes.agents.planning.lexicons import Lexicon

KIND_KEYS = ("kind.image", "kind.document", "kind.link", "kind.video", "kind.generic", "kind.folder")
_OBJECT_WORDS = 5
_QUOTED = re.compile(r"q{4,}")


def has_object(rest: str, lexicon: Lexicon) -> bool:
    """Return whether a direct object follows: a determiner, a plural of a kind, a file's name or a quotation."""
    if lexicon.opens("change.object", rest) or names_file(rest):
        return True
    near = " ".join(noun_phrase(rest, lexicon).split()[:_OBJECT_WORDS])
    return any(is_plural(m.group()) for key in KIND_KEYS for m in lexicon.hits(key, near))


def noun_phrase(rest: str, lexicon: Lexicon) -> str:
    """Return an object's words up to the first preposition."""
    preposition = lexicon.find("change.preposition", rest)
    return rest[: preposition.start()] if preposition else rest


def is_plural(noun: str) -> bool:
    """Return whether a noun stands for many."""
    return noun.endswith("s") or noun in {"stuff", "footage", "everything", "anything"}


def names_file(rest: str) -> bool:
    """Return whether a file's name or a quotation opens a text."""
    names = filenames(rest)
    return bool(_QUOTED.match(rest)) or bool(names and rest.startswith(names[0]))


def is_bare_kind(rest: str, lexicon: Lexicon) -> bool:
    """Return whether a text is but a kind's noun: "can you rename files?" asks for an ability."""
    return any(lexicon.is_all(key, rest) for key in KIND_KEYS)
