"""Loading models of the library fastembed: never from a hub unless that is allowed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pinakes.core.errors import ConfigurationError, ModelUnavailableError

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class LocalModels:
    """Where models of fastembed come from.

    Attributes:
        threads: Cores one model may use.
        folder: Where downloaded models lie; None is fastembed's own place.
        allow_downloads: Whether one that is not there may be fetched from its hub.
        model_folder: The folder with one model's files, instead of looking it up by name.
    """

    threads: int = 2
    folder: Path | None = None
    allow_downloads: bool = False
    model_folder: Path | None = None

    def load(self, make: Callable[..., _Made], name: str) -> _Made:
        """Return a model.

        Raises:
            ConfigurationError: There is no such model, or it is not on this machine and may not be fetched.
            ModelUnavailableError: It could not be fetched.
        """
        try:
            return make(
                name,
                cache_dir=str(self.folder.expanduser()) if self.folder else None,
                threads=self.threads,
                local_files_only=not self.allow_downloads,
                specific_model_path=str(self.model_folder) if self.model_folder else None,
            )
        except Exception as error:  # fastembed passes on whatever hub, files and runtime raise
            raise self._failed(name, error) from error

    def _failed(self, name: str, error: Exception) -> Exception:
        if "is not supported in" in str(error):
            return ConfigurationError(f"fastembed knows no model '{name}' of this kind.", model=name)
        if self.allow_downloads:
            return ModelUnavailableError(f"The model '{name}' could not be fetched: {error}", model=name)
        return ConfigurationError(
            f"The model '{name}' is not on this machine: set PINAKES_ALLOW_DOWNLOADS=true to have it fetched, or "
            "PINAKES_MODELS_FOLDER to a folder that it was fetched into.",
            model=name,
        )


def fastembed_kind(module: str, kind: str) -> Any:
    """Return a class of fastembed. Raises ConfigurationError where it is not installed."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read once, when the runtime is imported
    try:
        from importlib import import_module

        from loguru import logger

        logger.disable("fastembed")  # it prints what we raise
        return getattr(import_module(module), kind)
    except ImportError as error:
        raise ConfigurationError(
            "This model needs fastembed: pip install 'pinakes[fastembed]'.", package="fastembed"
        ) from error
