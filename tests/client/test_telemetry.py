"""Spans as OpenTelemetry gets them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pinakes import Pinakes
from pinakes.client.telemetry import trace_with_opentelemetry
from pinakes.core.errors import ModelError
from pinakes.core.tracing import span, use_tracer


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    assert trace_with_opentelemetry()
    yield exporter
    use_tracer(None)


async def test_a_turn_is_a_tree_of_spans(tmp_path, spans: InMemorySpanExporter) -> None:
    async with Pinakes(tmp_path) as client:
        await client.files.upload(b"Cranes are greased every 500 hours of work.", filename="crane.txt")
        spans.clear()
        async with client.chat_session() as session:
            await session.send("How often are cranes greased?")
    done = {s.name: s for s in spans.get_finished_spans()}
    turn, agent, search = (
        done[name] for name in ("invoke_agent pinakes", "invoke_agent document_search", "retrieval library")
    )
    assert turn.attributes["gen_ai.conversation.id"] == session.id
    assert agent.parent.span_id == turn.context.span_id
    assert search.parent.span_id == agent.context.span_id
    assert search.attributes["gen_ai.operation.name"] == "retrieval"


def test_errors_are_named_by_their_code(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ModelError), span("chat", "m", request__model="m", request__top_k=None):
        raise ModelError("No.")
    [failed] = spans.get_finished_spans()
    assert failed.attributes["error.type"] == "MODEL_ERROR"
    assert dict(failed.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "m",
        "error.type": "MODEL_ERROR",
    }
    assert not failed.status.is_ok
