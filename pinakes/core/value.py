"""The base of every value: frozen, closed, JSON-able."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict


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
