"""Where commands print to, and the exit codes they share."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.markup import escape

from pinakes.core.errors import PinakesError

SOME_FAILED = 3
"""Exit code of a command that did its work but not for every file."""


def console() -> Console:
    """Return the console that text for people goes to."""
    return Console(highlight=False)


def report(error: PinakesError, as_json: bool) -> None:
    """Print an error for people on stderr, or as JSON on stdout."""
    if as_json:
        emit({"error": error.to_dict()})
    else:
        Console(stderr=True, highlight=False).print(
            f"[red]{error.code}[/] {escape(error.message)}", soft_wrap=True
        )


def emit(value: Any) -> None:
    """Print a value as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")
