"""Identifiers."""

from __future__ import annotations

import uuid

MARK_PREFIX = 8
"""Characters of an id that in-text marks carry; `longer_prefix` lengthens it where two ids share them."""


def new_id() -> str:
    """Return a fresh random identifier (UUID4 in its canonical form)."""
    return str(uuid.uuid4())


def derived_id(*parts: str) -> str:
    """Return the identifier that always belongs to these parts (UUID5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "\x1f".join(parts)))
