"""What happened in a turn, in order: kept for those who follow it and written to the catalog in batches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime

from pinakes.core.events import CLOSING, Envelope, Event, Token
from pinakes.ports.catalog import SessionCatalog

_log = logging.getLogger(__name__)


class TurnLog:
    """The log of one running segment of a turn, and the only giver of its sequence numbers.

    A turn that goes on after an approval starts with what was `seen` before.

    Events are seen at once and saved `flush_seconds` later, many in one transaction; the closing event is saved
    before anyone sees it, so whoever saw a turn end finds it ended, also in another process.
    """

    def __init__(
        self,
        turn_id: str,
        catalog: SessionCatalog,
        *,
        now: Callable[[], datetime],
        flush_seconds: float,
        seen: Iterable[Envelope] = (),
    ) -> None:
        self._turn_id = turn_id
        self._catalog = catalog
        self._now = now
        self._flush_seconds = flush_seconds
        self._seen: list[Envelope] = list(seen)
        self._before = self._saved = len(self._seen)
        self._changed = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task[None] | None = None

    @property
    def closed(self) -> bool:
        """Whether the segment has ended."""
        return len(self._seen) > self._before and self._seen[-1].event.type in CLOSING

    @property
    def length(self) -> int:
        """How many events there are, from the turn's first one on."""
        return len(self._seen)

    def append(self, events: Iterable[Event]) -> None:
        """Show events to followers and have them saved soon."""
        self._seen += [
            self._envelope(number, event) for number, event in enumerate(events, len(self._seen) + 1)
        ]
        if self._timer is None and self._saving is None and self._saved < len(self._seen):
            self._timer = asyncio.get_running_loop().call_later(self._flush_seconds, self._begin_saving)
        self._notify()

    def seal(self, event: Event) -> Envelope:
        """Return the closing event in its place; it is not seen before `close`."""
        return self._envelope(len(self._seen) + 1, event)

    async def save_all(self, closing: Envelope) -> None:
        """Save everything and the closing event."""
        await self._stop_saving()
        await self._save([*self._seen[self._saved :], closing])

    def close(self, closing: Envelope) -> None:
        """Show the closing event, after which nothing follows."""
        self._seen.append(closing)
        self._notify()

    async def follow(self, after: int = 0) -> AsyncIterator[Envelope]:
        """Yield the events after a sequence number, as they come, up to the closing one."""
        position = after
        while True:
            changed = self._changed
            while position < len(self._seen):
                position += 1
                yield self._seen[position - 1]
            if self.closed:
                return
            if changed is self._changed:
                await changed.wait()

    def _envelope(self, seq: int, event: Event) -> Envelope:
        return Envelope(seq=seq, turn_id=self._turn_id, at=self._now(), event=event)

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _begin_saving(self) -> None:
        self._timer = None
        self._saving = asyncio.create_task(self._save_batch())

    async def _save_batch(self) -> None:
        end = len(self._seen)
        try:
            await self._save(self._seen[self._saved : end])
            self._saved = end
        except Exception:
            _log.exception("events could not be saved yet; the next batch tries again")
        finally:
            self._saving = None
            self.append(())

    async def _stop_saving(self) -> None:
        if self._saving is not None:
            await asyncio.wait([self._saving])
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _save(self, envelopes: Iterable[Envelope]) -> None:
        await self._catalog.append_events([_slim(envelope) for envelope in envelopes])


def restore(envelopes: Iterable[Envelope]) -> list[Envelope]:
    """Return saved events as they were seen: given from the first on, tokens get their accumulated text back."""
    accumulated, restored = "", []
    for envelope in envelopes:
        event = envelope.event
        if isinstance(event, Token):
            accumulated += event.content
            event = event.model_copy(update={"accumulated": accumulated})
            envelope = envelope.model_copy(update={"event": event})
        restored.append(envelope)
    return restored


def _slim(envelope: Envelope) -> Envelope:
    """Saved tokens do not repeat the text before them, else an answer's log grows with its square."""
    if not isinstance(envelope.event, Token):
        return envelope
    return envelope.model_copy(update={"event": envelope.event.model_copy(update={"accumulated": ""})})
