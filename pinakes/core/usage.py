"""What model calls cost, and the bound on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pinakes.core.errors import BudgetExceededError
from pinakes.core.events import Event
from pinakes.core.options import Budget
from pinakes.core.value import Value


class Spent(Value):
    """Calls and tokens; `estimated` when any of the token counts is our own guess, since the API gave none."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    call_count: int = 0
    estimated: bool = False

    @property
    def total_tokens(self) -> int:
        """Tokens in and out; cached ones are part of those in."""
        return self.input_tokens + self.output_tokens

    def token_usage(self) -> dict[str, int]:
        """Return the counts under the hosted SDK's names; what is written to a cache is not told by endpoints."""
        return {
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "total_tokens": self.total_tokens,
            "cache_read_input_tokens": self.cached_tokens,
            "cache_creation_input_tokens": 0,
            "call_count": self.call_count,
        }

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            call_count=self.call_count + other.call_count,
            estimated=self.estimated or other.estimated,
        )


class Meter:
    """Counts the model calls of one turn by node and refuses those that its budgets do not allow.

    Args:
        turn, session: The limits; `max_seconds` of a session is not looked at.
        before: What earlier segments of this turn spent, by node.
        session_before: What earlier turns of the session spent.
        started: Seconds since the epoch when the turn began.
    """

    def __init__(
        self,
        turn: Budget = Budget(),  # noqa: B008 - a frozen value
        session: Budget = Budget(),  # noqa: B008
        *,
        before: Mapping[str, Spent] | None = None,
        session_before: Spent = Spent(),  # noqa: B008
        started: float | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._turn, self._session = turn, session
        self._by_node: dict[str, Spent] = dict(before or {})
        self._session_before = session_before
        self._now = now
        self._started = now() if started is None else started
        self._open = 0
        self._models: dict[str, str] = {}
        self.exhausted: BudgetExceededError | None = None

    @property
    def by_node(self) -> dict[str, Spent]:
        """What was spent in this turn, by node."""
        return dict(self._by_node)

    def model_of(self, node: str) -> str | None:
        """Return which model answered a node's last call, None where that is not known."""
        return self._models.get(node)

    @property
    def total(self) -> Spent:
        """What was spent in this turn."""
        return sum(self._by_node.values(), Spent())

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the turn's time is up, None without a limit; never negative."""
        limit = self._turn.max_seconds
        return None if limit is None else max(0.0, limit - (self._now() - self._started))

    def admit(self, tokens: int = 0) -> None:
        """Let one call of about so many prompt tokens begin; every admitted call has to be charged.

        Raises:
            BudgetExceededError: It would go past a budget; nothing was admitted.
        """
        total = self.total
        for name, budget, spent in (
            ("turn", self._turn, total),
            ("session", self._session, self._session_before + total),
        ):
            calls, most = spent.call_count + self._open + 1, budget.max_calls
            if most is not None and calls > most:
                self._refuse(f"The {name}'s budget of {most} model calls is used up.")
            if budget.max_tokens is not None and spent.total_tokens + tokens > budget.max_tokens:
                self._refuse(
                    f"The {name}'s budget of {budget.max_tokens:,} tokens does not allow another call."
                )
        if self.seconds_left == 0:
            self._refuse(f"The turn's {self._turn.max_seconds:g} seconds are over.")
        self._open += 1

    def charge(
        self, node: str, spent: Spent, *, admitted: bool = True, answered_by: str | None = None
    ) -> None:
        """Count a call that has ended, well or not.

        Args:
            admitted: False for one that nobody asked to begin.
            answered_by: The model, where it has answered.
        """
        if answered_by is not None:
            self._models[node] = answered_by
        self._open = max(0, self._open - 1) if admitted else self._open
        self._by_node[node] = self._by_node.get(node, Spent()) + spent

    def _refuse(self, message: str) -> None:
        self.exhausted = BudgetExceededError(message)
        raise self.exhausted


@dataclass(frozen=True)
class Calls:
    """Where model calls are counted and told of: the node that makes them, the turn's meter, the turn's events."""

    node: str
    meter: Meter
    tell: Callable[[Event], None]
    debug: bool = False
    """Whether reasoning is wanted in the stream."""


_CURRENT: ContextVar[Calls | None] = ContextVar("pinakes_calls", default=None)


@contextmanager
def calls_counted(calls: Calls) -> Iterator[None]:
    """Count the calls that are made in this context, and in tasks started from it, here."""
    token = _CURRENT.set(calls)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current_calls() -> Calls | None:
    """Return where calls are counted now; None outside a turn."""
    return _CURRENT.get()
