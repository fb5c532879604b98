"""An agent is data plus one function."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from pinakes.core.plans import AgentCard, StepResult, Task
from pinakes.library.library import Library
from pinakes.ports.language_model import Models


@dataclass(frozen=True)
class AgentContext:
    """What an agent works with.

    Attributes:
        library: The tenant's library.
        report: Tells people in a few words what is being done.
        now: The current time, aware, so that "last week" can be tested.
        models: The models at hand by role; without one an agent takes its local way, and also when a call fails.
    """

    library: Library
    report: Callable[[str], None]
    now: Callable[[], datetime]
    models: Models = field(default_factory=Models)


Run = Callable[[Task, AgentContext], Awaitable[StepResult]]


@dataclass(frozen=True)
class AgentSpec:
    """An agent: its card, and what it does; `run` is None where this build cannot run it yet."""

    card: AgentCard
    run: Run | None = None
