"""The base of every value: frozen, closed, JSON-able."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

_SHOWN = 300
"""Characters of a text that a printed value shows."""
_SHOWN_DATA = 40
"""Those of an address that is itself a picture."""


class Value(BaseModel):
    """An immutable value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_dict(self, exclude_none: bool = True) -> dict[str, Any]:
        """Return the value as JSON has it, without fields that are None unless they are asked for."""
        return self.model_dump(mode="json", exclude_none=exclude_none)

    @classmethod
    def from_api_response(cls, data: Mapping[str, Any]) -> Self:
        """Return the value that an answer over the wire holds; fields that it has beyond ours are left out."""
        return cls.model_validate(dict(data), extra="ignore")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            if value is not None:  # most fields of most results are, and would hide the others
                yield name, _shortened(value)


def _shortened(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    most = _SHOWN_DATA if value.startswith("data:") else _SHOWN
    return value if len(value) <= most else f"{value[:most]}… ({len(value):,} characters)"
