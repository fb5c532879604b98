"""Planner, writer and agents that follow a script, and fail a test that asks more or less of them than it says.

```python
planner = ScriptedPlanner(steps(("image_search", "red tractor")))
writer = ScriptedWriter("Here it is.")
...
planner.assert_used_up()
```
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Generic, TypeVar

from pinakes.agents.cards import CARDS
from pinakes.agents.spec import AgentContext, AgentSpec
from pinakes.core.chat import Answer, WriteRequest
from pinakes.core.plans import AgentCard, Plan, PlanRequest, Step, StepResult, Task

Reply = TypeVar("Reply")


def steps(*tasks: tuple[str, str] | tuple[str, str, tuple[int, ...]]) -> Plan:
    """Return a plan of `(agent, intent)` or `(agent, intent, (numbers of steps it waits for, from 1))`."""
    made = []
    for number, (agent, intent, *needs) in enumerate(tasks, start=1):
        needed = tuple(f"s{n}" for n in (needs[0] if needs else ()))
        made.append(Step(id=f"s{number}", agent=agent, intent=intent, depends_on=needed))
    return Plan(id="scripted", steps=tuple(made), source="caller")


class Script(Generic[Reply]):
    """Replies in the order given; exceptions among them are raised."""

    def __init__(self, name: str, replies: Iterable[Reply | Exception]) -> None:
        self._name = name
        self._replies = list(replies)
        self._overused = False

    def next(self) -> Reply:
        """Return the next reply. Raises AssertionError when the script has ended."""
        if not self._replies:
            self._overused = True
            raise AssertionError(f"{self._name} was asked more often than its script says")
        reply = self._replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def assert_used_up(self) -> None:
        """Raise AssertionError when replies are left, or more were asked for, which a graph may have swallowed."""
        if self._overused:
            raise AssertionError(f"{self._name} was asked more often than its script says")
        if self._replies:
            raise AssertionError(f"{self._name} was not asked for {len(self._replies)} of its replies")


class ScriptedPlanner(Script[Plan | Callable[[PlanRequest], Plan]]):
    """A planner with its plans decided; `requests` keeps what it was asked."""

    def __init__(self, *plans: Plan | Callable[[PlanRequest], Plan] | Exception) -> None:
        super().__init__("the planner", plans)
        self.requests: list[PlanRequest] = []

    async def plan(self, request: PlanRequest) -> Plan:
        """Return the next plan."""
        self.requests.append(request)
        reply = self.next()
        return reply(request) if callable(reply) else reply


class ScriptedWriter(Script[str | Answer | Callable[[WriteRequest], str | Answer]]):
    """A writer with its answers decided, streamed word by word; `requests` keeps what it was given."""

    name = "scripted"

    def __init__(self, *answers: str | Answer | Callable[[WriteRequest], str | Answer] | Exception) -> None:
        super().__init__("the writer", answers)
        self.requests: list[WriteRequest] = []

    async def write(self, request: WriteRequest) -> AsyncIterator[str | Answer]:
        """Yield the next answer's words, then the answer."""
        self.requests.append(request)
        reply = self.next()
        made = reply(request) if callable(reply) else reply
        answer = Answer(content=made, writer=self.name) if isinstance(made, str) else made
        for piece in re.findall(r"\S+\s*|^\s+", answer.content):
            yield piece
        yield answer


Act = Callable[[Task, AgentContext], Awaitable[StepResult]]


class ScriptedAgent(Script[StepResult | Act]):
    """An agent with its results decided; `tasks` keeps what it was given, `spec` goes into the graph.

    A shipped agent's name stands for its card.
    A reply may be a coroutine function, for tests that wait, count or meet at a barrier.
    """

    def __init__(self, card: AgentCard | str, *replies: StepResult | Act | Exception) -> None:
        self.card = next(known for known in CARDS if known.name == card) if isinstance(card, str) else card
        super().__init__(f"the agent {self.card.name}", replies)
        self.tasks: list[Task] = []
        self.spec = AgentSpec(self.card, self.run)

    async def run(self, task: Task, context: AgentContext) -> StepResult:
        """Return the next result."""
        self.tasks.append(task)
        reply = self.next()
        return reply if isinstance(reply, StepResult) else await reply(task, context)


def found(*file_ids: str, text: str = "") -> StepResult:
    """Return a result with these members; the graph fills in step and agent."""
    return StepResult(step_id="", agent="", file_ids=file_ids, text=text)
