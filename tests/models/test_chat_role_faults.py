"""What goes wrong in a call is typed, tried again where that helps, and taken over by a fallback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from passing_limits import limits_pass

from pinakes.core.errors import (
    BudgetExceededError,
    ContentFilteredError,
    ContextTooLongError,
    ModelAccessError,
    ModelError,
    ModelOutputError,
    ModelRateLimitError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from pinakes.core.events import Event, Warned
from pinakes.core.options import Budget
from pinakes.core.prompts import Prompt
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.models.chat_role import ChatRole
from pinakes.models.faults import retry_after, typed
from pinakes.testing import Pieces, ScriptedModel

ASKED = Prompt(task="write", system="Be brief.", parts=("How often is the pump greased?",))


class Response:
    def __init__(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.status_code = status
        self.headers = headers or {}


class VendorError(Exception):
    """As openai, anthropic and others make them."""

    def __init__(
        self,
        status: int | None,
        message: str = "",
        code: str | None = None,
        headers: dict[str, str] | None = None,
        body: Any = None,
    ) -> None:
        super().__init__(message or f"Error code: {status}")
        self.code = code
        self.body = body
        if status is not None:
            self.status_code = status
            self.response = Response(status, headers)


def named(name: str, *bases: str, message: str = "") -> Exception:
    base: type[Exception] = Exception
    for one in reversed(bases):
        base = type(one, (base,), {})
    return type(name, (base,), {})(message)


class Sleeper:
    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


@contextmanager
def turn(budget: Budget | None = None) -> Iterator[tuple[Meter, list[Event]]]:
    meter, told = Meter(budget or Budget()), list[Event]()
    with calls_counted(Calls(node="write", meter=meter, tell=told.append)):
        yield meter, told


LENGTH = named("LengthFinishReasonError", "OpenAIError", message="the length limit was reached")
FILTER = named("ContentFilterFinishReasonError", "OpenAIError", message="rejected by the content filter")

CASES = [
    (VendorError(401, "Incorrect API key provided: sk-abcdef123456"), ModelAccessError),
    (VendorError(403), ModelAccessError),
    (VendorError(404, "The model `gpt-9` does not exist"), ModelAccessError),
    (VendorError(402, "Insufficient credits"), ModelAccessError),
    (VendorError(429, "You exceeded your current quota", "insufficient_quota"), ModelAccessError),
    (VendorError(429, "Rate limit reached: too many tokens per min"), ModelRateLimitError),
    (VendorError(408), ModelTimeoutError),
    (VendorError(504), ModelTimeoutError),
    (VendorError(500), ModelUnavailableError),
    (VendorError(503), ModelUnavailableError),
    (VendorError(529, "Overloaded"), ModelUnavailableError),
    (VendorError(400, "too big", "context_length_exceeded"), ContextTooLongError),
    (VendorError(400, "This model's maximum context length is 8192 tokens."), ContextTooLongError),
    (VendorError(400, "prompt is too long: 210000 tokens > 200000 maximum"), ContextTooLongError),
    (VendorError(400, "the request exceeds the available context size"), ContextTooLongError),
    (
        VendorError(400, "blocked", body={"code": "content_filter", "message": "blocked"}),
        ContentFilteredError,
    ),
    (VendorError(400, "json_validate_failed", "json_validate_failed"), ModelOutputError),
    (VendorError(400, "temperature must be below 2"), ModelError),
    (VendorError(422), ModelError),
    (LENGTH, ModelOutputError),
    (FILTER, ContentFilteredError),
    (TimeoutError(), ModelTimeoutError),
    (named("ReadTimeout", "TimeoutException", "TransportError"), ModelTimeoutError),
    (named("APITimeoutError", "APIConnectionError", "APIError"), ModelTimeoutError),
    (named("APIConnectionError", "APIError"), ModelUnavailableError),
    (named("RemoteProtocolError", "ProtocolError", "TransportError"), ModelUnavailableError),
    (ConnectionResetError("peer"), ModelUnavailableError),
    (VendorError(None, "The server had an error"), ModelError),
    (named("APIError", "OpenAIError", message="The server had an error"), ModelUnavailableError),
    (ValueError("No generation chunks were returned"), ModelUnavailableError),
    (ValueError({"message": "Provider returned error", "code": 429}), ModelRateLimitError),
    (ValueError({"error": {"message": "Provider returned error", "code": 502}}), ModelUnavailableError),
    (named("ResourceExhausted", "TooManyRequests"), ModelRateLimitError),
    (KeyError("choices"), ModelError),
]


@pytest.mark.parametrize(
    ("error", "kind"), CASES, ids=[f"{n}-{k.__name__}" for n, (_, k) in enumerate(CASES)]
)
def test_faults_are_typed_whoever_the_vendor_is(error: Exception, kind: type[ModelError]) -> None:
    made = typed(error, "gpt-x")
    assert type(made) is kind
    assert "gpt-x" in made.message
    assert made.details["model"] == "gpt-x"
    assert "sk-abcdef" not in str(made.to_dict())


def test_a_wrapped_fault_is_seen() -> None:
    outer = RuntimeError("something failed")
    outer.__cause__ = named("ConnectTimeout", "TimeoutException")
    assert type(typed(outer, "x")) is ModelTimeoutError
    outer.__cause__ = VendorError(429, headers={"retry-after": "3"})
    assert type(typed(outer, "x")) is ModelRateLimitError


def test_the_wait_asked_for_is_read() -> None:
    def asked(message: str = "", **headers: str) -> float | None:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return retry_after(VendorError(429, message, headers=names), message)

    assert asked(retry_after="7") == 7
    assert asked(retry_after="0.5") == 0.5
    assert asked(retry_after="-1") == 0
    assert asked(retry_after="soon") is None
    assert asked(retry_after_ms="250", retry_after="1") == 0.25
    later = asked(retry_after=format_datetime(datetime.now(UTC) + timedelta(minutes=5)))
    assert later is not None and 200 < later <= 300
    assert asked("Rate limit reached. Please try again in 1.2s.") == 1.2
    assert asked("Please try again in 250ms.") == 0.25
    assert asked("Please retry in 22.5 seconds") == 22.5
    assert asked("Retry after 2 minutes") == 120
    assert asked("Slow down.") is None


RETRIED = [
    VendorError(429),
    VendorError(500),
    VendorError(503),
    TimeoutError(),
    ConnectionResetError("peer"),
    named("APIConnectionError", "APIError"),
]


@pytest.mark.parametrize("error", RETRIED, ids=lambda error: type(error).__name__)
async def test_passing_faults_are_tried_again(error: Exception) -> None:
    model, sleep = ScriptedModel(error, error, "fine", error, error, "fine"), Sleeper()
    role = ChatRole(model, retries=2, sleep=sleep)
    with turn() as (meter, told):
        assert await role.complete(ASKED) == "fine"
        assert [piece async for piece in role.stream(ASKED)] == ["fine"]
    model.assert_used_up()
    assert meter.total.call_count == 6
    assert [type(event) for event in told] == [Warned] * 4
    assert told[0].details["code"] == typed(error, "x").code  # type: ignore[union-attr]
    assert 0.25 <= sleep.waits[0] <= 0.5 <= sleep.waits[1] <= 1


LASTING = [
    VendorError(401),
    VendorError(403),
    VendorError(404),
    VendorError(400, "", "context_length_exceeded"),
    VendorError(400, "", "content_filter"),
    VendorError(400, "temperature"),
]


@pytest.mark.parametrize("error", LASTING, ids=lambda error: str(error.status_code))
async def test_lasting_faults_are_not_tried_again(error: VendorError) -> None:
    model, sleep = ScriptedModel(error, error, error), Sleeper()
    role = ChatRole(model, sleep=sleep)
    for call in (role.complete(ASKED), _streamed(role), role.fill(ASKED, Prompt)):
        with pytest.raises(ModelError):
            await call
    model.assert_used_up()
    assert not sleep.waits


async def test_patience_ends_with_the_typed_fault() -> None:
    model = ScriptedModel(*[VendorError(503)] * 3)
    with pytest.raises(ModelUnavailableError) as caught:
        await ChatRole(model, retries=2, sleep=Sleeper()).complete(ASKED)
    assert caught.value.retryable
    assert caught.value.details["status"] == 503
    model.assert_used_up()


async def test_the_endpoints_wish_is_honoured() -> None:
    sleep = Sleeper()
    model = ScriptedModel(VendorError(429, headers={"retry-after": "7"}), "fine")
    assert await ChatRole(model, sleep=sleep).complete(ASKED) == "fine"
    assert 7 <= sleep.waits[0] <= 7.2


@pytest.mark.parametrize("seconds", ["20", "3600"])
async def test_too_long_a_wait_is_not_waited(seconds: str) -> None:
    sleep = Sleeper()
    budget = Budget(max_seconds=10)
    error = VendorError(429, headers={"retry-after": seconds})
    with turn(budget), pytest.raises(ModelRateLimitError) as caught:
        await ChatRole(ScriptedModel(error), sleep=sleep).complete(ASKED)
    assert caught.value.details["retry_after"] == float(seconds)
    assert not sleep.waits


async def test_retries_are_bound_by_the_budget() -> None:
    model = ScriptedModel(VendorError(503))
    with turn(Budget(max_calls=1)), pytest.raises(BudgetExceededError):
        await ChatRole(model, sleep=Sleeper()).complete(ASKED)
    model.assert_used_up()


async def test_a_refused_call_costs_no_tokens_but_counts() -> None:
    for error in (VendorError(401), VendorError(503), VendorError(400, "temperature")):
        with turn() as (meter, _), pytest.raises(ModelError):
            await ChatRole(ScriptedModel(error), retries=0).complete(ASKED)
        assert meter.total.call_count == 1
        assert meter.total.total_tokens == 0
    with turn() as (meter, _), pytest.raises(ModelError):
        await ChatRole(ScriptedModel(TimeoutError()), retries=0).complete(ASKED)
    assert meter.total.estimated


async def test_a_fallback_takes_over() -> None:
    for error in (
        VendorError(401),
        VendorError(404),
        VendorError(400, "", "content_filter"),
        VendorError(503),
    ):
        model, other = ScriptedModel(*[error] * 2), ScriptedModel("A.", "B C.", model_name="other")
        role = ChatRole(model, retries=0, fallback=ChatRole(other), sleep=Sleeper())
        with turn() as (meter, told):
            assert await role.complete(ASKED) == "A."
            assert await _streamed(role) == ["B ", "C."]
        model.assert_used_up()
        other.assert_used_up()
        assert meter.total.call_count == 4
        assert all(isinstance(event, Warned) and "other" in event.message for event in told)


async def test_with_a_fallback_nobody_waits_long() -> None:
    sleep = Sleeper()
    model = ScriptedModel(VendorError(429, headers={"retry-after": "20"}))
    role = ChatRole(model, fallback=ChatRole(ScriptedModel("A.")), sleep=sleep)
    assert await role.complete(ASKED) == "A."
    assert not sleep.waits


async def test_a_form_that_is_not_kept_is_no_matter_of_the_fallback() -> None:
    role = ChatRole(ScriptedModel("no form"), fallback=ChatRole(ScriptedModel()))
    with pytest.raises(ModelOutputError):
        await role.fill(ASKED, Prompt)


async def test_the_last_fault_is_the_fallbacks() -> None:
    other = ChatRole(ScriptedModel(VendorError(401), model_name="other"))
    with pytest.raises(ModelAccessError) as caught:
        await ChatRole(ScriptedModel(VendorError(403)), fallback=other).complete(ASKED)
    assert caught.value.details["model"] == "other"


async def test_a_fault_in_mid_stream_comes_after_the_pieces() -> None:
    model = ScriptedModel(Pieces("Half ", "of ", ConnectionResetError("gone")))
    role = ChatRole(model, fallback=ChatRole(ScriptedModel()), sleep=Sleeper())
    heard: list[str] = []
    with turn() as (meter, told), pytest.raises(ModelUnavailableError):
        async for piece in role.stream(ASKED):
            heard.append(piece)
    assert heard == ["Half ", "of "]
    assert not told
    assert meter.total.estimated
    assert meter.total.output_tokens > 0


async def test_a_fault_before_the_first_piece_is_tried_again() -> None:
    model = ScriptedModel(Pieces(ConnectionResetError("gone")), Pieces("", VendorError(500)), "fine")
    assert await _streamed(ChatRole(model, sleep=Sleeper())) == ["fine"]
    model.assert_used_up()


async def test_slow_answers_time_out() -> None:
    model = ScriptedModel(Pieces(600.0, "late"), Pieces(600.0, "late"), Pieces("", 600.0, "late"))
    role = ChatRole(model, retries=0, timeout_s=600)
    for number, call in enumerate((role.complete(ASKED), _streamed(role), _streamed(role)), 1):
        with limits_pass(lambda number=number: len(model.calls) == number) as limits:
            with pytest.raises(ModelTimeoutError):
                await call
            assert 0 < limits.asked[-1] <= 600
    model.assert_used_up()


async def test_an_answer_may_take_long_but_not_stop() -> None:
    steady = ScriptedModel(Pieces(*["word ", 0.001] * 5))
    with limits_pass() as limits:
        assert len(await _streamed(ChatRole(steady, retries=0, timeout_s=600, between_s=0.1))) == 5
    assert limits.asked[1:6] == [0.1] * 5, "each piece has its own limit"
    stopping = ScriptedModel(Pieces("word ", 600.0, "never"))
    heard: list[str] = []
    with limits_pass(lambda: bool(heard)) as limits, pytest.raises(ModelTimeoutError):
        async for piece in ChatRole(stopping, timeout_s=600, between_s=0.03).stream(ASKED):
            heard.append(piece)
    assert heard == ["word "] and limits.asked[-1] == 0.03


async def test_cancelling_ends_waits_and_calls() -> None:
    async def forever(seconds: float) -> None:
        await asyncio.Event().wait()

    for model in (ScriptedModel(VendorError(503)), ScriptedModel(Pieces(600.0))):
        for call in ("complete", "stream"):
            role_model = model.model_copy(update={"replies": list(model.replies), "calls": []})
            role = ChatRole(role_model, sleep=forever)
            task = asyncio.create_task(role.complete(ASKED) if call == "complete" else _streamed(role))
            while not role_model.calls:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task


async def test_warnings_outside_a_turn_go_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    model = ScriptedModel(VendorError(503), "fine")
    assert await ChatRole(model, sleep=Sleeper()).complete(ASKED) == "fine"
    assert "MODEL_UNAVAILABLE" in caplog.text


async def _streamed(role: ChatRole) -> list[str]:
    return [piece async for piece in role.stream(ASKED)]
