"""Spans by OpenTelemetry's GenAI conventions, for whoever listens; nobody does until a tracer is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeAlias

Attribute: TypeAlias = str | int | float | bool | list[str]


class Span(Protocol):
    """A piece of work that is being watched."""

    def set(self, name: str, value: Attribute) -> None:
        """Note a fact about it, for example `gen_ai.usage.input_tokens`."""
        ...


Tracer: TypeAlias = Callable[[str, dict[str, Attribute]], AbstractContextManager[Span]]
"""Begins a span of a name with attributes and ends it, with the error if there was one."""


class _Unseen:
    def set(self, name: str, value: Attribute) -> None:
        """Forget it."""


_UNSEEN = _Unseen()
_tracer: Tracer | None = None


def use_tracer(tracer: Tracer | None) -> None:
    """Have every span of this process begun by this tracer, None for none."""
    global _tracer
    _tracer = tracer


@contextmanager
def span(operation: str, target: str, **attributes: Attribute | None) -> Iterator[Span]:
    """Watch a piece of work.

    Args:
        operation: `chat`, `invoke_agent`, `execute_tool`, `retrieval` or `embeddings`.
        target: The model, agent, tool or data source; the span is called "operation target".
        attributes: GenAI attributes without their prefix, `__` for a dot: `request__model` is
            `gen_ai.request.model`; those that are None are left out.
    """
    if _tracer is None:
        yield _UNSEEN
        return
    named = {
        f"gen_ai.{key.replace('__', '.')}": value for key, value in attributes.items() if value is not None
    }
    with _tracer(f"{operation} {target}", {"gen_ai.operation.name": operation, **named}) as begun:
        yield begun
