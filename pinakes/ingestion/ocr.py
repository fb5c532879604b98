"""Loading an OCR by name, so that ingestion imports no adapter."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from pinakes.core.errors import ConfigurationError
from pinakes.ports.ocr import OCR


@cache
def load_ocr(spec: str) -> OCR:
    """Return the OCR behind an import string ("package.module:Class"), one per process.

    Raises ConfigurationError.
    """
    module, _, name = spec.partition(":")
    try:
        made = getattr(import_module(module), name)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"The OCR {spec!r} cannot be loaded ({error}): name a class without arguments as 'module:Class'.",
            ocr=spec,
        ) from error
    if not isinstance(made, OCR):
        raise ConfigurationError(f"{spec!r} is no OCR: it needs a name and read(picture).", ocr=spec)
    return made
