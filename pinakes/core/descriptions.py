"""What a model says of a picture, as `client.describe` returns it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pinakes.core.display import bundle, table_html
from pinakes.core.value import Value


class DescriptionResult(Value):
    """A picture in a model's words.

    Attributes:
        object_key: The SHA-256 of the picture's content.
        metadata: What was measured and read without a model: size, camera, date, colours.
        error: Why there is no description, `error_type` and `is_retryable` with it.
    """

    image_id: str
    filename: str
    object_key: str = ""
    description: str = ""
    tags: list[str] = Field(default_factory=list)
    visible_text: str = ""
    metadata: dict[str, Any] = Field(default_factory=dict)
    model: str = ""
    error: str | None = None
    error_type: str | None = None
    is_retryable: bool | None = None

    @property
    def success(self) -> bool:
        """Whether there is a description."""
        return self.error is None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [("description", self.description or self.error), ("tags", ", ".join(self.tags))]
        plain = f"{self.filename}: {self.description or self.error}"
        return bundle(plain, table_html((self.filename, self.model), rows))
