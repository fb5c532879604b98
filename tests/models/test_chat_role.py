"""A chat model in its role: prompts go out, answers come back, each call is counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from langgraph.graph import START, StateGraph
from passing_limits import limits_pass
from pydantic import Field
from typing_extensions import TypedDict

from pinakes.core.errors import BudgetExceededError, ContentFilteredError, ModelError, ModelOutputError
from pinakes.core.events import Event, Thinking
from pinakes.core.options import Budget
from pinakes.core.prompts import Prompt
from pinakes.core.tracing import use_tracer
from pinakes.core.usage import Calls, Meter, Spent, calls_counted
from pinakes.models.chat_role import ChatRole
from pinakes.ports.language_model import LanguageModel
from pinakes.testing import Pieces, ScriptedModel

ASKED = Prompt(task="write", system="Be brief.", parts=("How often is the pump greased?",))


@contextmanager
def counting(
    meter: Meter, events: list[Event] | None = None, *, debug: bool = False
) -> Iterator[list[Event]]:
    told: list[Event] = [] if events is None else events
    with calls_counted(Calls(node="write", meter=meter, tell=told.append, debug=debug)):
        yield told


def test_it_is_a_language_model() -> None:
    role = ChatRole(ScriptedModel(model_name="tiny-3b"))
    assert isinstance(role, LanguageModel)
    assert role.name == "tiny-3b"
    assert ChatRole(ScriptedModel(), name="writer").name == "writer"


async def test_answers_come_whole_or_in_pieces() -> None:
    model = ScriptedModel("Every 500 hours.", "Every 500 hours.")
    role = ChatRole(model)
    assert await role.complete(ASKED) == "Every 500 hours."
    assert [piece async for piece in role.stream(ASKED)] == ["Every ", "500 ", "hours."]
    model.assert_used_up()


async def test_calls_name_their_task_and_stay_out_of_the_graphs_stream() -> None:
    model = ScriptedModel("a", "b", {"name": "x"})
    tags: list[Any] = []
    model.callbacks = [_Tagger(tags)]
    role = ChatRole(model)
    await role.complete(ASKED)
    _ = [piece async for piece in role.stream(ASKED)]
    assert model.tasks == ["write", "write"]
    assert all("nostream" in one for one in tags)
    assert len(tags) == 2


async def test_the_longest_answer_is_asked_for() -> None:
    model = ScriptedModel("a", "b")
    role = ChatRole(model)
    await role.complete(ASKED.model_copy(update={"max_output_tokens": 50}))
    await role.complete(ASKED)
    assert [asked.get("max_tokens") for asked in model.asked] == [50, None]


async def test_usage_comes_from_the_api_with_what_was_cached() -> None:
    usage: Any = {
        "input_tokens": 70,
        "output_tokens": 20,
        "total_tokens": 90,
        "input_token_details": {"cache_read": 64},
    }
    role = ChatRole(ScriptedModel(AIMessage("x", usage_metadata=usage), AIMessage("y", usage_metadata=usage)))
    meter = Meter()
    with counting(meter):
        await role.complete(ASKED)
        _ = [piece async for piece in role.stream(ASKED)]
    assert meter.by_node == {
        "write": Spent(input_tokens=140, output_tokens=40, cached_tokens=128, call_count=2)
    }


async def test_usage_is_guessed_and_marked_when_the_api_tells_none() -> None:
    role = ChatRole(ScriptedModel("one two three four", reports_usage=False))
    meter = Meter()
    with counting(meter):
        await role.complete(ASKED)
    assert meter.total.estimated
    assert meter.total.input_tokens > 5
    assert 3 <= meter.total.output_tokens <= 6


async def test_budgets_stop_calls_before_they_begin() -> None:
    model = ScriptedModel("once")
    other = ScriptedModel("never asked")
    role = ChatRole(model, fallback=ChatRole(other))
    with counting(Meter(Budget(max_calls=1))):
        await role.complete(ASKED)
        for call in _ways(role):
            with pytest.raises(BudgetExceededError):
                await call()
    model.assert_used_up()
    assert not other.calls


async def test_a_turn_without_time_makes_no_call() -> None:
    model = ScriptedModel("never asked")
    now = [0.0]
    meter = Meter(Budget(max_seconds=10), now=lambda: now[0])
    now[0] = 11
    with counting(meter), pytest.raises(BudgetExceededError):
        await ChatRole(model).complete(ASKED)
    assert not model.calls


async def test_a_call_ends_when_the_turns_time_does() -> None:
    model = ScriptedModel(Pieces(600.0, "late"))
    meter = Meter(Budget(max_seconds=10), started=0, now=lambda: 11 if model.calls else 4)
    with (
        limits_pass(lambda: bool(model.calls)) as limits,
        counting(meter),
        pytest.raises(BudgetExceededError),
    ):
        await ChatRole(model, retries=0).complete(ASKED)
    assert limits.asked == [6], "what was left of the turn"
    assert meter.total.call_count == 1
    assert meter.exhausted is not None


async def test_cancelled_calls_are_charged() -> None:
    meter = Meter()
    model = ScriptedModel(Pieces(600.0, "late"))
    with counting(meter):
        task = asyncio.create_task(ChatRole(model).complete(ASKED))
    while not model.calls:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert meter.total.call_count == 1
    assert meter.total.estimated
    meter.admit()  # no call is held open


async def test_streams_that_are_left_are_closed_and_charged() -> None:
    meter = Meter(Budget(max_calls=2))
    model = _Closing("one two three", reports_usage=False)
    with counting(meter):
        pieces = ChatRole(model).stream(ASKED)
        assert await anext(pieces) == "one "
        await pieces.aclose()  # type: ignore[attr-defined]
    assert model.closed
    assert meter.total.call_count == 1
    assert meter.total.estimated


async def test_calls_work_without_a_turn() -> None:
    assert await ChatRole(ScriptedModel("fine")).complete(ASKED) == "fine"


async def test_a_refusal_is_no_answer() -> None:
    filtered = AIMessage("", response_metadata={"finish_reason": "content_filter"})
    refused = AIMessage("", additional_kwargs={"refusal": "I cannot help with that."})
    blocks = AIMessage([{"type": "refusal", "refusal": "No."}])
    for reply in (filtered, refused, blocks):
        model = ScriptedModel(reply, reply, reply)
        for call in _ways(ChatRole(model)):
            with pytest.raises(ContentFilteredError) as caught:
                await call()
            assert not caught.value.retryable
        model.assert_used_up()


async def test_a_filter_in_mid_stream_is_told_after_the_pieces() -> None:
    reply = AIMessage("So far", response_metadata={"finish_reason": "content_filter"})
    heard = []
    with pytest.raises(ContentFilteredError):
        async for piece in ChatRole(ScriptedModel(reply)).stream(ASKED):
            heard.append(piece)
    assert "".join(heard) == "So far"


async def test_an_empty_answer_is_no_answer() -> None:
    model = ScriptedModel("", " ", "")
    for call in _ways(ChatRole(model)):
        with pytest.raises(ModelOutputError):
            await call()


async def test_a_tests_own_failure_is_not_swallowed() -> None:
    with pytest.raises(AssertionError, match="more often"):
        await ChatRole(ScriptedModel()).complete(ASKED)


async def test_anything_else_is_a_model_error() -> None:
    with pytest.raises(ModelError) as caught:
        await ChatRole(ScriptedModel(KeyError("choices")), retries=0).complete(ASKED)
    assert isinstance(caught.value.__cause__, KeyError)


THOUGHTS = [
    AIMessage(
        [{"type": "reasoning", "reasoning": "Grease, hm."}, {"type": "text", "text": "Every 500 hours."}]
    ),
    AIMessage("Every 500 hours.", additional_kwargs={"reasoning_content": "Grease, hm."}),
    AIMessage("<think>\nGrease, hm.\n</think>\n\nEvery 500 hours."),
]


@pytest.mark.parametrize("reply", THOUGHTS)
async def test_thoughts_are_told_when_wanted_and_never_part_of_the_answer(reply: AIMessage) -> None:
    for debug in (False, True):
        role = ChatRole(ScriptedModel(reply, reply))
        with counting(Meter(), debug=debug) as told:
            assert await role.complete(ASKED) == "Every 500 hours."
            assert "".join([piece async for piece in role.stream(ASKED)]) == "Every 500 hours."
        assert told == ([Thinking(content="Grease, hm.")] * 2 if debug else [])


async def test_text_that_only_begins_like_a_thought_is_text() -> None:
    for text in ("<thin ice>", "<", "  <th", "a <think>b</think> c"):
        model = ScriptedModel(Pieces(*text), text)
        role = ChatRole(model)
        assert "".join([piece async for piece in role.stream(ASKED)]) == text
        assert await role.complete(ASKED) == text


def _ways(role: ChatRole) -> list[Callable[[], Any]]:
    async def streamed() -> list[str]:
        return [piece async for piece in role.stream(ASKED)]

    return [lambda: role.complete(ASKED), streamed, lambda: role.fill(ASKED, Prompt)]


class _Closing(ScriptedModel):
    closed: bool = False

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        try:
            async for chunk in super()._astream(*args, **kwargs):
                yield chunk
        finally:
            self.closed = True


def _tagger() -> type:
    from langchain_core.callbacks import AsyncCallbackHandler

    class Tagger(AsyncCallbackHandler):
        def __init__(self, seen: list[Any]) -> None:
            self.seen = seen

        async def on_chat_model_start(self, *args: Any, tags: Any = None, **kwargs: Any) -> None:
            self.seen.append(tags)

    return Tagger


_Tagger = _tagger()


async def test_each_call_is_a_span_for_who_listens() -> None:
    seen: list[tuple[str, dict[str, Any]]] = []

    @contextmanager
    def tracer(name: str, attributes: dict[str, Any]) -> Iterator[Any]:
        seen.append((name, attributes))
        yield type("Recorded", (), {"set": lambda self, key, value: attributes.update({key: value})})()

    role = ChatRole(ScriptedModel("one two", "three", model_name="tiny"))
    use_tracer(tracer)
    try:
        await role.complete(ASKED)
        _ = [piece async for piece in role.stream(ASKED)]
    finally:
        use_tracer(None)
    assert [name for name, _ in seen] == ["chat tiny", "chat tiny"]
    assert seen[0][1] == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "tiny",
        "gen_ai.usage.input_tokens": 8,
        "gen_ai.usage.output_tokens": 2,
        "pinakes.task": "write",
    }


async def test_a_graph_that_streams_messages_gets_none_of_the_calls() -> None:
    class State(TypedDict):
        said: list[str]

    class Streams(ScriptedModel):
        streamed: list[str] = Field(default_factory=list)

        async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            self.streamed.append("once")
            async for chunk in super()._astream(*args, **kwargs):
                yield chunk

    model = Streams("one two", "three four", by_task={"plan": [{"task": "t", "system": "s", "parts": ["p"]}]})
    role = ChatRole(model)

    async def node(state: State) -> State:
        whole = await role.complete(ASKED)
        pieces = [piece async for piece in role.stream(ASKED)]
        form = await role.fill(ASKED.model_copy(update={"task": "plan"}), Prompt)
        return {"said": [whole, *pieces, form.system]}

    graph = StateGraph(State).add_node("n", node).add_edge(START, "n").compile()
    running = graph.astream({"said": []}, stream_mode=["messages", "updates"])
    parts = [part async for part in running]
    assert parts == [("updates", {"n": {"said": ["one two", "three ", "four", "s"]}})]
    assert model.tasks == ["write", "write", "plan"]
    assert model.streamed == ["once"]
    model.assert_used_up()
