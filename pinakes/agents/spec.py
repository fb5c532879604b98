"""An agent is data plus one function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from pinakes.core.plans import AgentCard, StepResult, Task
from pinakes.library.library import Library


@dataclass(frozen=True)
class AgentContext:
    """What an agent works with.

    Attributes:
        library: The tenant's library.
        report: Tells people in a few words what is being done.
        now: The current time, aware, so that "last week" can be tested.
    """

    library: Library
    report: Callable[[str], None]
    now: Callable[[], datetime]


Run = Callable[[Task, AgentContext], Awaitable[StepResult]]


@dataclass(frozen=True)
class AgentSpec:
    """An agent: its card, and what it does; `run` is None where this build cannot run it yet."""

    card: AgentCard
    run: Run | None = None
