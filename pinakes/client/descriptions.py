"""`client.descriptions`: pictures in a model's words, taken into the library first where they are new."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from pinakes.client.describe_results import DescribeFailure, DescribeProgress
from pinakes.client.describing import Describing
from pinakes.client.single_agents import SingleAgents
from pinakes.client.uploads import UploadResource
from pinakes.core.descriptions import DescriptionResult
from pinakes.core.errors import ResourceNotFoundError, ValidationError, error_class
from pinakes.core.files import FileRecord, MediaType
from pinakes.core.options import TurnOptions
from pinakes.graph.resources import Resources

Image: TypeAlias = str | Path | bytes


class DescribeResource(SingleAgents):
    """Describes pictures; what is said of a picture is kept, and makes it found."""

    def __init__(self, resources: Resources, describing: Describing, uploads: UploadResource) -> None:
        super().__init__(resources)
        self._describing = describing
        self._uploads = uploads

    async def describe(
        self,
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
        """Return what a picture shows, a list for several; one that fails says so and stops no other.

        Args:
            image: Paths or contents; those that the library lacks are taken in.
            object_key, object_keys: Pictures of the library, by id or content hash.
            providers: The vision model's name, or none.
            prompt: Ask this of each picture instead; the answer is not kept.
            max_parallel, timeout_per_item: Pictures at once, and seconds for each, with a prompt; without one the
                settings decide.

        Raises:
            ConfigurationError: There is no model that sees.
            ValidationError: No picture is named, rules are given, or a provider is no model of this client.
            ResourceNotFoundError: There is no such picture.
        """
        self._check(providers, rule_set_id, rules)
        if prompt is None:
            self._describing.check()  # before any picture is taken in
        records = await self._pictures(image, [*([object_key] if object_key else []), *(object_keys or ())])
        if prompt is not None:
            results = await self._asked(prompt, records, max_parallel, timeout_per_item)
        else:
            ids = [record.id for record in records]
            report = await self._describing.run(file_ids=ids, retry_failed=True, on_progress=on_progress)
            known = {file.id: file for file in await self._library.catalog.get_files(ids)}
            failed = {failure.file_id: failure for failure in report.failed}
            results = [_described(known.get(r.id, r), failed.get(r.id), report.stopped) for r in records]
        shown = [_trimmed(result, include_metadata, include_tags) for result in results]
        single = object_keys is None and not _are_several(image)
        return shown[0] if single else shown

    def _check(
        self,
        providers: Sequence[str] | None,
        rule_set_id: str | None,
        rules: Sequence[Mapping[str, Any]] | None,
    ) -> None:
        if rule_set_id or rules:
            raise ValidationError("There are no rule sets here; say what you want to know as a prompt.")
        vision = self._resources.models.vision
        if providers and vision is not None and vision.name not in providers:
            raise ValidationError(f"Pictures are described by {vision.name} here.", providers=list(providers))

    async def _pictures(self, image: Image | Sequence[Image] | None, keys: Sequence[str]) -> list[FileRecord]:
        given: list[Image] = []
        if image is not None:
            given = list(image) if not isinstance(image, str | Path | bytes) else [image]
        ids = []
        for number, source in enumerate(given, 1):
            name = f"picture-{number}" if isinstance(source, bytes) else None
            ids.append((await self._uploads.upload_one(source, filename=name)).image_id)
        found = {file.id: file for file in await self._library.catalog.get_files([*ids, *keys])}
        records = [found.get(key) or await self._library.catalog.find_by_hash(key) for key in (*ids, *keys)]
        kept = [file for file in records if file is not None and file.media_type is MediaType.IMAGE]
        if not records:
            raise ValidationError("Name a picture: its path, its bytes, or its object_key.")
        if len(kept) < len(records):
            raise ResourceNotFoundError(
                "Not all that was named is a picture in the library.", keys=list(keys)
            )
        return kept

    async def _asked(
        self, prompt: str, records: Sequence[FileRecord], max_parallel: int, timeout_s: float
    ) -> list[DescriptionResult]:
        gate = asyncio.Semaphore(max(1, max_parallel))

        async def ask(record: FileRecord) -> DescriptionResult:
            options = TurnOptions(use_all_images=False, image_ids=(record.id,))
            async with gate:
                try:
                    async with asyncio.timeout(timeout_s):
                        result, _ = await self._run("visual_analysis", prompt, options)
                except TimeoutError:
                    return _result(record).model_copy(
                        update={"error": f"No answer within {timeout_s} s.", "is_retryable": True}
                    )
            vision = self._resources.models.vision
            return _result(record).model_copy(
                update={"description": result.text, "model": vision.name if vision else "local"}
            )

        return list(await asyncio.gather(*map(ask, records)))


def _are_several(image: Image | Sequence[Image] | None) -> bool:
    return image is not None and not isinstance(image, str | Path | bytes)


def _described(record: FileRecord, failure: DescribeFailure | None, stopped: str | None) -> DescriptionResult:
    said = record.description
    if said is not None and said.text and failure is None:
        return _result(record).model_copy(
            update={
                "description": said.text,
                "tags": list(said.tags),
                "visible_text": said.visible_text or _result(record).visible_text,
                "model": said.model,
            }
        )
    code = failure.code if failure else "MODEL_ERROR"
    message = failure.message if failure else stopped or "The picture was not described; try again."
    return _result(record).model_copy(
        update={"error": message, "error_type": code, "is_retryable": error_class(code).retryable}
    )


def _result(record: FileRecord) -> DescriptionResult:
    facts = record.facts
    return DescriptionResult(
        image_id=record.id,
        filename=record.filename,
        object_key=record.sha256,
        tags=record.tags,
        visible_text=(facts.visible_text or "") if facts else "",
        metadata=facts.to_dict() if facts else {},
    )


def _trimmed(result: DescriptionResult, metadata: bool, tags: bool) -> DescriptionResult:
    left_out: dict[str, Any] = {}
    if not metadata:
        left_out["metadata"] = {}
    if not tags:
        left_out["tags"] = []
    return result.model_copy(update=left_out)
