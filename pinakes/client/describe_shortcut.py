"""`client.describe`: `client.descriptions.describe` in one word less."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from pinakes.client.describe_results import DescribeProgress
from pinakes.client.descriptions import DescribeResource, Image
from pinakes.core.descriptions import DescriptionResult


class _Describing(Protocol):
    @property
    def descriptions(self) -> DescribeResource: ...


class DescribeShortcut:
    """What a client with `descriptions` has besides."""

    async def describe(
        self: _Describing,
        image: Image | Sequence[Image] | None = None,
        *,
        object_key: str | None = None,
        object_keys: Sequence[str] | None = None,
        include_metadata: bool = True,
        include_tags: bool = True,
        providers: Sequence[str] | None = None,
        prompt: str | None = None,
        rule_set_id: str | None = None,
        rules: Sequence[Mapping[str, Any]] | None = None,
        max_parallel: int = 5,
        timeout_per_item: int = 30,
        on_progress: Callable[[DescribeProgress], None] | None = None,
    ) -> DescriptionResult | list[DescriptionResult]:
        """Return what a picture shows, a list for several; see `descriptions.describe`."""
        return await self.descriptions.describe(
            image,
            object_key=object_key,
            object_keys=object_keys,
            include_metadata=include_metadata,
            include_tags=include_tags,
            providers=providers,
            prompt=prompt,
            rule_set_id=rule_set_id,
            rules=rules,
            max_parallel=max_parallel,
            timeout_per_item=timeout_per_item,
            on_progress=on_progress,
        )
