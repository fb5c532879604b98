"""Reading domain packs: the shipped ones, and those of a user's folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic import ValidationError as InvalidError

from pinakes.core.errors import ConfigurationError, ValidationError
from pinakes.core.value import Value

GENERAL = "general"
MAX_DOMAIN = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class Guidance(Value):
    """What a field of work asks of whom, in whole sentences."""

    plan: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    look: tuple[str, ...] = ()


class Domain(Value):
    """A field of work.

    Attributes:
        terms: Words of the field and what they mean.
        units: Sentences on measures and how they are written.
        synonyms: Groups of words for the same; a search for one of them looks for the others too.
    """

    name: str = GENERAL
    title: str
    description: str = ""
    terms: Mapping[str, str] = Field(default_factory=dict)
    units: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    guidance: Guidance = Guidance()

    def planning(self) -> str:
        """Return what a planner is told."""
        return self._told(self.guidance.plan)

    def writing(self) -> str:
        """Return what a writer or analyst is told, measures and terms included."""
        meant = "; ".join(f"{word}: {meaning}" for word, meaning in self.terms.items())
        return self._told((*self.guidance.write, *self.units, *((f"Terms: {meant}.",) if meant else ())))

    def looking(self) -> str:
        """Return what is told to whom looks at pictures."""
        return self._told(self.guidance.look)

    def _told(self, lines: Iterable[str]) -> str:
        listed = [f"- {' '.join(line.split())}" for line in lines]
        return "\n".join([f"The field of work is {self.title.lower()}.", *listed]) if listed else ""


class Domains:
    """The fields of work that there are.

    Args:
        folder: Where packs of the user's own are, `<name>.toml` each.

    Raises:
        ConfigurationError: The folder cannot be read, or a pack in it is none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        shipped = {_stem(entry.name): entry.read_text("utf-8") for entry in files(__package__).iterdir()}
        texts = {**shipped, **(_own(folder) if folder else {})}
        self._known = {name: _read(name, text) for name, text in sorted(texts.items()) if name}

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self._known)

    def get(self, name: str) -> Domain:
        """Return a field of work; one that is not known (any more) guides nothing, as the general one."""
        return self._known.get(name) or self._known[GENERAL]

    def check(self, name: str) -> str:
        """Return a known field's name as it is written. Raises ValidationError that names those there are."""
        written = re.sub(r"[\s-]+", "_", name.strip().lower())
        for known in (name, written):
            if known in self._known:
                return known
        raise ValidationError(
            f"There is no domain '{name[:MAX_DOMAIN]}'; choose of {', '.join(self.names)}.",
            domain=name[:MAX_DOMAIN],
            known=list(self.names),
        )


def _stem(filename: str) -> str:
    return filename.removesuffix(".toml") if filename.endswith(".toml") else ""


def _own(folder: Path) -> dict[str, str]:
    try:
        return {path.stem: path.read_text("utf-8") for path in sorted(folder.expanduser().glob("*.toml"))}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"The domains in {folder} cannot be read: {error}.") from error


def _read(name: str, text: str) -> Domain:
    if not _NAME.fullmatch(name) or len(name) > MAX_DOMAIN:
        raise ConfigurationError(
            f"'{name}.toml' is no name for a domain; use small letters, digits, - and _, at most {MAX_DOMAIN}."
        )
    try:
        fields: dict[str, Any] = tomllib.loads(text)
        return Domain.model_validate({**fields, "name": name})
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"The domain '{name}' is no TOML: {error}.") from error
    except InvalidError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
        raise ConfigurationError(f"The domain '{name}' has wrong fields: {wrong}.") from error
