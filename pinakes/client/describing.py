"""Having pictures described by a model: what it would cost, doing it, and going on where it stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pinakes.agents.seeing.facts import known_data
from pinakes.agents.seeing.pictures import Closeness, picture_of
from pinakes.client.describe_results import (
    DescribeEstimate,
    DescribeFailure,
    DescribeProgress,
    DescribeReport,
)
from pinakes.core.errors import (
    BudgetExceededError,
    ConfigurationError,
    ContentFilteredError,
    ModelAccessError,
    ModelError,
    PinakesError,
    ResourceNotFoundError,
    error_class,
)
from pinakes.core.files import Description, Failure, FileFilter, FileRecord, FileStatus, MediaType
from pinakes.core.options import Budget
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.ingestion.pictures.described import description_chunks
from pinakes.ingestion.progress import IngestEvent, IngestStage
from pinakes.library.library import Library
from pinakes.ports.describer import Describer

_PAGE = 500
_INDEXED_AT_ONCE = 16
_IN_A_ROW = 5
"""Faults one after the other that look like a model that is down or cannot do it, and not like single pictures."""

_NO_LIMIT = Budget()
_log = logging.getLogger(__name__)


OnDescribed = Callable[[DescribeProgress], None]


@dataclass(frozen=True)
class _Due:
    """Files with the same content, of which one is looked at; pixels as displayed."""

    width: int
    height: int
    file_ids: list[str]


@dataclass
class _Round:
    """The state of one run."""

    total: int
    tell: OnDescribed | None
    described: int = 0
    saved: int = 0
    done: int = 0
    failed: list[DescribeFailure] = field(default_factory=list)
    in_a_row: int = 0
    stopped: str | None = None


class Describing:
    """Describes the pictures of one library.

    Args:
        describer: Whose words are kept; None refuses to run.
        concurrency: Pictures described at once.
    """

    def __init__(self, library: Library, describer: Describer | None, *, concurrency: int = 4) -> None:
        self._library = library
        self._describer = describer
        self._concurrency = concurrency
        self._one_run = asyncio.Lock()
        self._coming: list[str] = []
        self._work: asyncio.Task[None] | None = None

    async def estimate(
        self,
        *,
        file_ids: Sequence[str] | None = None,
        limit: int | None = None,
        retry_failed: bool = False,
        price_in: float | None = None,
        price_out: float | None = None,
    ) -> DescribeEstimate:
        """Return what `run` would take with the same choice of pictures; nothing is called.

        Args:
            price_in, price_out: Prices of a million tokens in and out.

        Raises:
            ConfigurationError: There is no model that sees.
        """
        describer = self._chosen()
        due, described, given_up = await self._due(describer, file_ids, limit, retry_failed)
        expected = [describer.expected_tokens(group.width, group.height) for group in due]
        tokens_in, tokens_out = sum(t[0] for t in expected), sum(t[1] for t in expected)
        priced = price_in is not None and price_out is not None
        cost = (tokens_in * (price_in or 0) + tokens_out * (price_out or 0)) / 1e6 if priced else None
        return DescribeEstimate(
            model=describer.name,
            pictures=sum(len(group.file_ids) for group in due),
            calls=len(due),
            described=described,
            given_up=given_up,
            input_tokens=tokens_in,
            output_tokens=tokens_out,
            cost=cost,
        )

    async def run(
        self,
        *,
        file_ids: Sequence[str] | None = None,
        limit: int | None = None,
        retry_failed: bool = False,
        budget: Budget = _NO_LIMIT,
        on_progress: OnDescribed | None = None,
    ) -> DescribeReport:
        """Describe the pictures that lack a description by this model; what is done is kept, whatever happens.

        A picture that fails keeps the reason and does not stop the others; a refused key, a spent budget or an
        endpoint that is down does. Runs wait for each other.

        Args:
            file_ids: Only these; others than pictures are passed over.
            limit: So many pictures at most.
            retry_failed: Also those that failed for good before.

        Raises:
            ConfigurationError: There is no model that sees.
        """
        describer = self._chosen()
        async with self._one_run:
            due, _, _ = await self._due(describer, file_ids, limit, retry_failed)
            meter = Meter(budget)
            state = _Round(sum(len(group.file_ids) for group in due), on_progress)
            with calls_counted(Calls("describe", meter, lambda event: _log.info("%s", event))):
                await self._describe(describer, due, state)
            return DescribeReport(
                model=describer.name,
                described=state.described,
                calls_saved=state.saved,
                failed=tuple(state.failed),
                left=state.total - state.done,
                stopped=state.stopped,
                spent=meter.total,
            )

    def check(self) -> None:
        """Raise ConfigurationError where there is no model that sees."""
        self._chosen()

    def on_event(self, event: IngestEvent) -> None:
        """Have a file described in the background when it has been read: a listener for an ingestor."""
        if event.stage is not IngestStage.INDEXED or self._describer is None:
            return
        self._coming.append(event.file_id)
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._follow(), name="describe new pictures")

    async def drain(self) -> None:
        """Return when nothing waits to be described in the background."""
        while self._work is not None and not self._work.done():
            await asyncio.wait([self._work])

    async def aclose(self) -> None:
        """Stop; what is not described yet is due at the next run."""
        self._coming.clear()
        if self._work is not None:
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work

    def _chosen(self) -> Describer:
        if self._describer is None:
            raise ConfigurationError(
                "There is no model that sees: set PINAKES_VISION_MODEL, or PINAKES_MODEL to one that takes pictures."
            )
        return self._describer

    async def _follow(self) -> None:
        while self._coming:
            file_ids, self._coming = self._coming, []
            try:
                report = await self.run(file_ids=file_ids)
            except PinakesError as error:
                _log.warning("new pictures were not described: %s", error.message)
                return
            if report.stopped:
                _log.warning("new pictures were not described: %s", report.stopped)
                return

    async def _due(
        self, describer: Describer, file_ids: Sequence[str] | None, limit: int | None, retry_failed: bool
    ) -> tuple[list[_Due], int, int]:
        """Return what is due by content, how many pictures are described, and how many were given up."""
        groups: dict[str, _Due] = {}
        described = given_up = chosen = 0
        async for file in self._pictures(file_ids):
            known = file.description
            if known and known.model == describer.name and known.text:
                described += 1
            elif known and known.failure and not retry_failed and not _may_pass(known.failure):
                given_up += 1
            elif limit is None or chosen < limit:
                groups.setdefault(file.sha256, _Due(*_size(file), [])).file_ids.append(file.id)
                chosen += 1
        return list(groups.values()), described, given_up

    async def _pictures(self, file_ids: Sequence[str] | None) -> AsyncIterator[FileRecord]:
        ids = None if file_ids is None else tuple(file_ids)
        where = FileFilter(ids=ids, media_types=(MediaType.IMAGE,), status=FileStatus.COMPLETED)
        offset = 0
        while True:
            page = await self._library.catalog.list_files(
                where, limit=_PAGE, offset=offset, order="created_at"
            )
            for file in page.items:
                yield file
            offset += len(page.items)
            if not page.items or offset >= page.total:
                return

    async def _describe(self, describer: Describer, due: Iterable[_Due], state: _Round) -> None:
        waiting = iter(due)

        async def work() -> None:
            for group in waiting:
                if state.stopped:
                    return
                await self._one(describer, group, state)

        try:
            await asyncio.gather(*(work() for _ in range(self._concurrency)))
        finally:
            await self._searchable()

    async def _one(self, describer: Describer, group: _Due, state: _Round) -> None:
        files = await self._library.catalog.get_files(group.file_ids)
        state.done += len(group.file_ids) - len(files)  # deleted meanwhile
        if not files:
            return
        try:
            found, known = await self._description(describer, files[0])
        except (ModelAccessError, BudgetExceededError) as error:
            state.stopped = error.message
        except PinakesError as error:
            await self._keep_failure(files, error, state)
        else:
            state.in_a_row = 0
            state.saved += len(files) - 1 + known
            await self._keep(files, found, state)

    async def _keep(self, files: Sequence[FileRecord], found: Description, state: _Round) -> None:
        for file in files:
            chunks = description_chunks(file.id, found)
            with suppress(ResourceNotFoundError):
                await self._library.catalog.store_description(file.id, found, chunks)
                state.described += 1
            self._tell(state, file)
            if state.described % _INDEXED_AT_ONCE == 0:
                await self._searchable()

    async def _description(self, describer: Describer, file: FileRecord) -> tuple[Description, bool]:
        """Return a description, and whether another file with the same content had it already."""
        same = await self._library.catalog.find_by_hash(file.sha256)
        if same and same.description and same.description.model == describer.name and same.description.text:
            return same.description.model_copy(update={"failure": None}), True
        look = Closeness(side=describer.side, batch=1, most=1)
        picture = await picture_of(self._library, file, "P1", look)
        return await describer.describe(picture, (known_data(file, "known"),)), False

    async def _keep_failure(self, files: Sequence[FileRecord], error: PinakesError, state: _Round) -> None:
        failure = Failure(code=error.code, message=error.message)
        state.in_a_row += isinstance(error, ModelError) and not isinstance(error, ContentFilteredError)
        if state.in_a_row >= _IN_A_ROW:
            state.stopped = f"{_IN_A_ROW} pictures failed one after the other: {error.message}"
        for file in files:
            before = file.description or Description()
            kept = before.model_copy(update={"failure": failure, "at": datetime.now(UTC)})
            with suppress(ResourceNotFoundError):
                await self._library.catalog.store_description(file.id, kept, None)
            state.failed.append(
                DescribeFailure(
                    file_id=file.id,
                    filename=file.filename,
                    code=error.code,
                    message=error.message,
                    retryable=error.retryable,
                )
            )
            self._tell(state, file, failure)

    def _tell(self, state: _Round, file: FileRecord, failure: Failure | None = None) -> None:
        state.done += 1
        if state.tell is not None:
            progress = DescribeProgress(
                done=state.done, total=state.total, filename=file.filename, failure=failure
            )
            state.tell(progress)

    async def _searchable(self) -> None:
        try:
            await self._library.sync_index()
        except PinakesError as error:  # it follows with the next change
            _log.warning("descriptions are kept but not searchable yet: %s", error.message)


def _size(file: FileRecord) -> tuple[int, int]:
    return (file.facts.width, file.facts.height) if file.facts else (1, 1)


def _may_pass(failure: Failure) -> bool:
    return error_class(failure.code).retryable
