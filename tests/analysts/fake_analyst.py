"""A language model whose forms are filled by a script, prompt by prompt; it keeps what it was asked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from agent_world import NOW, RUN

from pinakes.agents.spec import AgentContext
from pinakes.core.errors import ModelError
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus, Step, StepResult, Task
from pinakes.core.prompts import Data, Prompt
from pinakes.library.library import Library
from pinakes.ports.language_model import Capabilities, Form, LanguageModel, Models

Reply = dict[str, Any] | ModelError | Callable[[Prompt], Any]


class FakeAnalyst:
    """Replies in order, by task where a mapping is given."""

    name = "scripted"

    def __init__(self, *replies: Reply, context_tokens: int = 32_000, **by_task: list[Reply]) -> None:
        self._replies = list(replies)
        self._by_task = by_task
        self._context_tokens = context_tokens
        self.prompts: list[Prompt] = []

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(context_tokens=self._context_tokens)

    @property
    def tasks(self) -> list[str]:
        return [p.task for p in self.prompts]

    async def complete(self, prompt: Prompt) -> str:
        raise AssertionError("analysts fill forms")

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        raise AssertionError("analysts fill forms")
        yield ""

    async def fill(self, prompt: Prompt, form: type[Form]) -> Form:
        self.prompts.append(prompt)
        script = self._by_task.get(prompt.task, self._replies)
        reply = script[0] if len(script) == 1 and callable(script[0]) else script.pop(0)
        if callable(reply):
            reply = reply(prompt)
        if isinstance(reply, ModelError):
            raise reply
        return form.model_validate(reply)

    def count_tokens(self, text: str) -> int:
        return len(text) // 4


def data_of(prompt: Prompt) -> list[Data]:
    return [part for part in prompt.parts if isinstance(part, Data)]


def id_of(prompt: Prompt, words: str) -> str:
    """Return the id of the data that holds some words."""
    return next(d.id for d in data_of(prompt) if words in d.text)


def point(prompt: Prompt, text: str, *quotes: str) -> dict[str, Any]:
    """Return a finding that rests on the data in which its quotes stand."""
    return {"text": text, "sources": [{"id": id_of(prompt, q), "quote": q} for q in quotes]}


def as_text(prompt: Prompt) -> str:
    """Return a prompt as a file for comparing: instructions, then the parts."""
    parts = [f"[{p.id}: {p.source}] {p.text}" if isinstance(p, Data) else str(p) for p in prompt.parts]
    return "\n".join([f"# {prompt.task}", "", prompt.system, "", "---", *parts]) + "\n"


async def asked(
    library: Library,
    model: LanguageModel | None,
    agent: str,
    intent: str,
    *,
    options: TurnOptions | None = None,
    inputs: Sequence[StepResult] = (),
    focus: Focus | None = None,
) -> StepResult:
    """Run one agent on an intent with an analyst."""
    task = Task(
        step=Step(id="s1", agent=agent, intent=intent),
        question=intent,
        options=options or TurnOptions(),
        inputs=tuple(inputs),
        focus=focus or Focus(),
    )
    run = RUN[agent]
    assert run is not None
    return await run(task, AgentContext(library, lambda message: None, lambda: NOW, Models(analyst=model)))


def same_but_ids(result: StepResult) -> str:
    """Return a result without what differs from run to run."""
    return re.sub(r'"duration_ms":\s*\d+', "", result.model_dump_json())
