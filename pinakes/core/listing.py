"""Pages of results that are also gone through, counted and indexed like a list."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from pinakes.core.value import Value


class Listing(Value):
    """A value that holds `items`: `len`, `for … in`, indexing and truth are those of its items."""

    @property
    @abstractmethod
    def items(self) -> Sequence[Any]:
        """What it holds."""

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        return iter(self.items)

    def __getitem__(self, index: int) -> Any:
        return self.items[index]
