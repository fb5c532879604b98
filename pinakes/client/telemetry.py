"""OpenTelemetry, where it is installed (extra `otel`): the application's own provider gets the spans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pinakes.core.tracing import Attribute, Span, use_tracer
from pinakes.version import __version__


class _Recorded:
    def __init__(self, recorded: Any) -> None:
        self._recorded = recorded

    def set(self, name: str, value: Attribute) -> None:
        """Note an attribute."""
        self._recorded.set_attribute(name, value)


def trace_with_opentelemetry() -> bool:
    """Send spans to OpenTelemetry; False where it is not installed."""
    try:
        from opentelemetry import trace
    except ImportError:
        return False
    tracer = trace.get_tracer("pinakes", __version__)

    @contextmanager
    def begin(name: str, attributes: dict[str, Attribute]) -> Iterator[Span]:
        with tracer.start_as_current_span(name, attributes=attributes) as recorded:
            try:
                yield _Recorded(recorded)
            except BaseException as error:
                recorded.set_attribute("error.type", getattr(error, "code", type(error).__qualname__))
                raise

    use_tracer(begin)
    return True
