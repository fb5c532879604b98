"""What a graph is built from: handles that never enter its state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from pinakes.agents.domains.packs import Domains
from pinakes.agents.spec import AgentSpec
from pinakes.core.options import TurnOptions
from pinakes.core.plans import AgentCard
from pinakes.graph.metering import Meters
from pinakes.library.library import Library
from pinakes.ports.language_model import Models
from pinakes.ports.planner import Planner
from pinakes.ports.writer import Writer


class Slots:
    """A bound on agents at work at once, over all runs that share it; each event loop has its own count."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a free slot and hold it."""
        loop = asyncio.get_running_loop()
        async with self._by_loop.setdefault(loop, asyncio.Semaphore(self._size)):
            yield


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Limits:
    """Bounds on the work of a graph.

    Attributes:
        step_seconds: After this long an agent's step counts as failed.
        attempts: How often a step is tried when it fails with a retryable error.
        retry_after_s: Pause before the second attempt; it doubles from there.
        parallel_steps: Steps at work at once in one turn.
        approval: How long a proposal waits for its decision.
    """

    step_seconds: float = 120.0
    attempts: int = 3
    retry_after_s: float = 0.2
    parallel_steps: int = 4
    approval: timedelta = timedelta(days=7)


@dataclass(frozen=True)
class Resources:
    """Everything a graph needs.

    Attributes:
        fallback: Plans when the planner fails or its plan does not compile; without one the question goes to chat.
        models: What agents may ask, by role.
        slots: Bounds agents over all turns of the process; share one between graphs to bound them together.
        defaults: The options of turns whose caller gives none.
        domains: The fields of work that turns may be in.
        ingest: Has the files read that an applied set of changes added; None where nothing can be added.
    """

    library: Library
    planner: Planner
    writer: Writer
    agents: tuple[AgentSpec, ...]
    fallback: Planner | None = None
    models: Models = field(default_factory=Models)
    meters: Meters = field(default_factory=Meters)
    limits: Limits = Limits()
    slots: Slots = field(default_factory=lambda: Slots(8))
    now: Callable[[], datetime] = utc_now
    defaults: TurnOptions = field(default_factory=TurnOptions)
    domains: Domains = field(default_factory=Domains)
    ingest: Callable[[Sequence[str]], Awaitable[None]] | None = None

    @property
    def cards(self) -> tuple[AgentCard, ...]:
        """The agents' cards, `available` set by whether this build can run them."""
        return tuple(spec.card.model_copy(update={"available": spec.run is not None}) for spec in self.agents)
