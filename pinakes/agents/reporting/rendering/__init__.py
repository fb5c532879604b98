"""A report as the bytes of a file; one format a module."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from pinakes.agents.reporting.document import Report
from pinakes.core.errors import ValidationError

FORMATS = ("md", "html", "docx", "pdf")

CONTENT_TYPES = {
    "md": "text/markdown",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def render(report: Report, format: str) -> bytes:
    """Return a report as a file; the same report always gives the same bytes.

    Raises:
        ValidationError: There is no such format.
        ConfigurationError: The format needs a package that is not installed; the message names it.
    """
    if format not in FORMATS:
        raise ValidationError(
            f"There is no report format '{format}'; use one of {', '.join(FORMATS)}.", format=format
        )
    write: Callable[[Report], bytes] = import_module(f"{__name__}.{format}").write
    return write(report)
