"""Names from the inventory: a file, tag or camera mentioned tells what kind of thing is meant."""

from __future__ import annotations

import re
from pathlib import PurePath

from pinakes.agents.planning.clause import EXTENSIONS
from pinakes.core.files import Inventory, MediaType

_SHORTEST = 5


def kinds_by_name(plain: str, inventory: Inventory) -> tuple[MediaType, ...]:
    """Return the kinds of files, and pictures for cameras, whose names stand in a lower-case text."""
    words = f" {_spaced(plain)} "
    found = [kind for name in inventory.filenames if (kind := _kind(name)) and _stands_in(name, words)]
    found += [MediaType.IMAGE for camera in inventory.cameras if f" {_spaced(camera.lower())} " in words]
    return tuple(dict.fromkeys(found))


def _stands_in(name: str, words: str) -> bool:
    stem = _spaced(PurePath(name).stem.lower())
    return len(stem) >= _SHORTEST and f" {stem} " in words


def _spaced(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text))


def _kind(name: str) -> MediaType | None:
    extension = PurePath(name).suffix.lower().lstrip(".")
    return next((kind for kind, known in EXTENSIONS.items() if extension in known), None)
