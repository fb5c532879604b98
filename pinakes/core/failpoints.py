"""Named moments at which a test may stop the program, to see what a crash there leaves behind."""

from __future__ import annotations

from collections.abc import Callable

_hook: Callable[[str], None] | None = None


def reach(name: str) -> None:
    """Say that this moment is reached; does nothing unless a hook is set."""
    if _hook is not None:
        _hook(name)


def set_hook(hook: Callable[[str], None] | None) -> None:
    """Call this at every moment that is reached, None for nothing."""
    global _hook
    _hook = hook
