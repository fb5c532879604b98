"""The server itself, as OpenAI's own client sees it."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path
from typing import Any

import openai
import pytest

from pinakes.testing import ModelServer
from pinakes.testing.model_replies import (
    Reply,
    Said,
    Tokens,
    ToolCall,
    context_too_long,
    filtered,
    forbidden,
    quota_used_up,
    rate_limited,
    reset,
    server_error,
    silence,
    unavailable,
    unknown_model,
    unsupported,
    wrong_key,
)
from pinakes.testing.model_wire import count_tokens, word_vector

TLS = ssl.create_default_context()  # made once: it reads all certificates
HELLO: list[Any] = [{"role": "user", "content": "Hello?"}]


class Client(openai.AsyncOpenAI):
    """A client without retries that closes its connections."""

    def __init__(self, server: ModelServer, key: str = "k") -> None:
        connections = openai.DefaultAsyncHttpxClient(verify=TLS)
        super().__init__(
            base_url=server.url, api_key=key, max_retries=0, timeout=120, http_client=connections
        )

    async def ask(self, model: str = "m", **options: Any) -> Any:
        return await self.chat.completions.create(model=model, messages=HELLO, **options)

    async def pieces(self, **options: Any) -> list[Any]:
        return [chunk async for chunk in await self.ask(stream=True, **options)]


async def test_answers_come_in_order_and_requests_are_kept() -> None:
    async with (
        ModelServer("One.", lambda asked: f"You said {asked.prompt}") as server,
        Client(server) as client,
    ):
        first, second = await client.ask(), await client.ask(temperature=0.5)
        assert first.choices[0].message.content == "One."
        assert second.choices[0].message.content == "You said Hello?"
        assert [asked.json["messages"] for asked in server.chats] == [HELLO, HELLO]
        assert server.chats[1].json["temperature"] == 0.5
        assert {asked.key for asked in server.requests} == {"k"}
        assert {asked.outcome for asked in server.requests} == {"answered"}
        server.assert_used_up()


def test_it_serves_without_a_loop_of_the_caller() -> None:
    with (
        ModelServer("Hi.") as server,
        openai.OpenAI(base_url=server.url, api_key="k", max_retries=0) as client,
    ):
        answer = client.chat.completions.create(model="m", messages=HELLO)
        assert answer.choices[0].message.content == "Hi."


async def test_too_few_and_too_many_questions_fail_the_test() -> None:
    async with ModelServer("One.") as server, Client(server) as client:
        with pytest.raises(AssertionError, match="not asked for 1"):
            server.assert_used_up()
        await client.ask()
        server.assert_used_up()
        with pytest.raises(openai.BadRequestError, match="has ended"):
            await client.ask()
        with pytest.raises(AssertionError, match="more often"):
            server.assert_used_up()


async def test_what_a_function_of_the_script_raises_is_not_lost() -> None:
    def wrong(_: Any) -> str:
        raise AssertionError("no citation in the prompt")

    async with ModelServer(wrong) as server, Client(server) as client:
        with pytest.raises(openai.BadRequestError):
            await client.ask()
        with pytest.raises(AssertionError, match="no citation"):
            server.assert_used_up()


async def test_a_function_answers_when_there_is_no_script() -> None:
    async with ModelServer(respond=lambda asked: asked.json["model"]) as server, Client(server) as client:
        assert [(await client.ask(name)).choices[0].message.content for name in "abc"] == ["a", "b", "c"]
        server.then("scripted")
        assert (await client.ask("d")).choices[0].message.content == "scripted"


async def test_streams_hold_the_words_and_end_with_the_usage() -> None:
    async with ModelServer(*["Two words, 木 too.\n"] * 2) as server, Client(server) as client:
        with_usage = await client.pieces(stream_options={"include_usage": True})
        without = await client.pieces()
    contents = [c.choices[0].delta.content or "" for c in with_usage if c.choices]
    assert "".join(contents) == "Two words, 木 too.\n"
    assert len([text for text in contents if text]) > 3
    assert with_usage[-1].usage.prompt_tokens == count_tokens("Hello?") == 2
    assert with_usage[-1].usage.completion_tokens == 6
    assert with_usage[-2].choices[0].finish_reason == "stop"
    assert without[-1].usage is None


async def test_usage_is_what_the_reply_says() -> None:
    replies = [
        Reply(text="a", tokens=Tokens(1000, 20, cached=900, reasoning=7)),
        Reply(text="b", tokens=None),
    ]
    async with ModelServer(*replies) as server, Client(server) as client:
        told, untold = (await client.ask()).usage, (await client.ask()).usage
    assert (told.prompt_tokens, told.completion_tokens, told.total_tokens) == (1000, 20, 1020)
    assert told.prompt_tokens_details.cached_tokens == 900
    assert told.completion_tokens_details.reasoning_tokens == 7
    assert untold is None


TOOL = {"type": "function", "function": {"name": "plan", "parameters": {"type": "object"}}}
FORCED = {"type": "function", "function": {"name": "plan"}}


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_form_goes_the_way_that_is_asked_for(streamed: bool) -> None:
    form = {"steps": ["a", "b"], "note": "größer"}
    schema = {"type": "json_schema", "json_schema": {"name": "plan", "schema": {"type": "object"}}}
    asked: list[dict[str, Any]] = [
        {"response_format": schema},
        {"tools": [TOOL], "tool_choice": FORCED},
        {"tools": [TOOL], "tool_choice": "required"},
        {"tools": [TOOL]},
    ]
    async with ModelServer(*[form] * 4) as server, Client(server) as client:
        for number, options in enumerate(asked):
            text, arguments, end = await _heard(client, streamed, options)
            called = number in (1, 2)
            assert json.loads(arguments if called else text) == form
            assert (text if called else arguments) == ""
            assert end == ("tool_calls" if called else "stop")


async def _heard(client: Client, streamed: bool, options: dict[str, Any]) -> tuple[str, str, str]:
    if not streamed:
        choice = (await client.ask(**options)).choices[0]
        calls = choice.message.tool_calls or []
        return (
            choice.message.content or "",
            "".join(c.function.arguments for c in calls),
            choice.finish_reason,
        )
    pieces = [chunk.choices[0] for chunk in await client.pieces(**options)]
    calls = [call for piece in pieces for call in piece.delta.tool_calls or []]
    text = "".join(piece.delta.content or "" for piece in pieces)
    return text, "".join(call.function.arguments for call in calls), pieces[-1].finish_reason


async def test_flawed_answers() -> None:
    flawed = [
        Reply(tool_calls=[ToolCall("plan", '{"steps": [')]),
        Reply(refusal="I cannot help with that."),
        Reply(text="Half a sen", finish="length"),
        Reply(finish="content_filter"),
        Reply(choices=0),
    ]
    async with ModelServer(*flawed) as server, Client(server) as client:
        broken, refused, cut, filtered_out, empty = [await client.ask() for _ in flawed]
    assert broken.choices[0].message.tool_calls[0].function.arguments == '{"steps": ['
    assert refused.choices[0].message.refusal == "I cannot help with that."
    assert refused.choices[0].message.content is None
    assert [cut.choices[0].finish_reason, filtered_out.choices[0].finish_reason] == [
        "length",
        "content_filter",
    ]
    assert empty.choices == []


@pytest.mark.parametrize(
    ("fault", "raised", "code"),
    [
        (wrong_key(), openai.AuthenticationError, "invalid_api_key"),
        (forbidden(), openai.PermissionDeniedError, "model_not_allowed"),
        (unknown_model("m"), openai.NotFoundError, "model_not_found"),
        (rate_limited(2), openai.RateLimitError, "rate_limit_exceeded"),
        (quota_used_up(), openai.RateLimitError, "insufficient_quota"),
        (server_error(), openai.InternalServerError, None),
        (unavailable(3), openai.InternalServerError, None),
        (context_too_long(), openai.BadRequestError, "context_length_exceeded"),
        (filtered(), openai.BadRequestError, "content_filter"),
        (unsupported("stop"), openai.BadRequestError, "unsupported_parameter"),
        (reset(), openai.APIConnectionError, None),
        (Reply(breaks="close"), openai.APIConnectionError, None),
        (reset(after=0), openai.APIConnectionError, None),
    ],
)
async def test_faults(fault: Any, raised: type[openai.APIError], code: str | None) -> None:
    async with ModelServer(fault) as server, Client(server) as client:
        with pytest.raises(raised) as caught:
            await client.ask()
        server.assert_used_up()
    assert type(caught.value) is raised
    assert caught.value.code == code
    if hasattr(fault, "headers"):
        assert isinstance(caught.value, openai.APIStatusError)
        assert (
            fault.headers.items() <= {k.title(): v for k, v in caught.value.response.headers.items()}.items()
        )


@pytest.mark.parametrize("breaking", ["reset", "close", "error"])
async def test_streams_break_off(breaking: Any) -> None:
    got = ""
    reply = Reply(text="one two three four", breaks=breaking, breaks_after=2)
    async with ModelServer(reply) as server, Client(server) as client:
        with pytest.raises(Exception) as caught:
            async for chunk in await client.ask(stream=True):
                got += chunk.choices[0].delta.content or ""
        await server.until(lambda s: s.requests[0].outcome == "broken")
    assert got == "one two"
    assert not isinstance(caught.value, AssertionError)


@pytest.mark.parametrize("fault", [silence(), silence(after=1), Reply(text="slow", latency_s=600)])
async def test_the_server_sees_that_its_client_left(fault: Reply) -> None:
    async with ModelServer(fault, "next") as server, Client(server) as client:
        asking = asyncio.create_task(client.pieces())
        await server.until(lambda s: len(s.requests) == 1)
        await asyncio.sleep(0.05)
        assert server.requests[0].outcome == "open"
        asking.cancel()
        await server.until(lambda s: s.requests[0].outcome == "abandoned")
        assert (await client.ask()).choices[0].message.content == "next"


async def test_waiting_is_for_each_request_alone() -> None:
    async with ModelServer(respond=lambda _: "x", latency_s=600) as server, Client(server) as client:
        asking = [asyncio.create_task(client.ask()) for _ in range(8)]
        await server.until(lambda s: len(s.chats) == 8)
        await client.models.list()
        assert [asked.outcome for asked in server.chats] == ["open"] * 8
        for one in asking:
            one.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


async def test_an_answer_may_wait_for_something() -> None:
    together = Reply(text="x", waits_for=lambda: len(server.chats) == 5)
    async with ModelServer(*[together] * 5) as server, Client(server) as client:
        await asyncio.gather(*(client.ask() for _ in range(5)))


@pytest.mark.parametrize(
    ("lack", "options", "messages"),
    [
        ("json_schema", {"response_format": {"type": "json_schema"}}, HELLO),
        ("json_object", {"response_format": {"type": "json_object"}}, HELLO),
        ("tools", {"tools": [TOOL]}, HELLO),
        ("stream_options", {"stream": True, "stream_options": {"include_usage": True}}, HELLO),
        ("parts", {}, [{"role": "user", "content": [{"type": "text", "text": "Hello?"}]}]),
        ("images", {}, [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]),
    ],
)
async def test_weak_endpoints_refuse_what_they_lack(lack: Any, options: Any, messages: Any) -> None:
    async with ModelServer(respond=lambda _: "x", lacks=[lack]) as server, Client(server) as client:
        with pytest.raises(openai.BadRequestError, match=r"not support|expected a string"):
            await client.chat.completions.create(model="m", messages=messages, **options)
        assert (await client.ask()).choices[0].message.content == "x"
    async with ModelServer(respond=lambda _: "x") as server, Client(server) as client:
        await client.chat.completions.create(model="m", messages=messages, **options)


async def test_an_endpoint_that_never_tells_usage() -> None:
    async with ModelServer("x", "y", lacks=["usage"]) as server, Client(server) as client:
        assert (await client.ask()).usage is None
        assert all(c.usage is None for c in await client.pieces(stream_options={"include_usage": True}))


async def test_keys_models_and_paths_are_checked() -> None:
    async with ModelServer("x", key="right", models=["m", "n"]) as server:
        async with Client(server, "wrong") as client:
            with pytest.raises(openai.AuthenticationError):
                await client.models.list()
        async with Client(server, "right") as client:
            with pytest.raises(openai.NotFoundError, match="`other` does not exist"):
                await client.ask("other")
            with pytest.raises(openai.NotFoundError, match="Unknown path"):
                await client.moderations.create(input="x")
            assert [model.id for model in (await client.models.list()).data] == ["m", "n"]
            assert (await client.ask("n")).model == "n"


async def test_pictures_and_texts_of_a_prompt() -> None:
    parts = [
        {"type": "text", "text": "Look:"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}},
    ]
    messages: Any = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": parts}]
    async with ModelServer("ok") as server, Client(server) as client:
        answer = await client.chat.completions.create(model="m", messages=messages)
        assert server.chats[0].texts == ["Be brief.", "Look:"]
        assert server.chats[0].prompt == "Be brief.\nLook:"
        assert server.chats[0].pictures == [parts[1]["image_url"]]
    assert answer.usage and answer.usage.prompt_tokens == 3 + 2 + 85


async def test_vectors_as_floats_and_base64_are_the_same() -> None:
    async with (
        ModelServer(dimensions=16, embeddings=[rate_limited(), None]) as server,
        Client(server) as client,
    ):
        texts = ["red tractor", "", "red red car"]
        with pytest.raises(openai.RateLimitError):
            await client.embeddings.create(model="e", input=texts)
        plain = await client.embeddings.create(model="e", input=texts, encoding_format="float")
        packed = await client.embeddings.create(model="e", input=texts)
        one = await client.embeddings.create(model="e", input="red", dimensions=8)
        assert server.requests[-2].json["encoding_format"] == "base64"
    assert [item.embedding for item in plain.data] == [word_vector(text, 16) for text in texts]
    for exact, rounded in zip(plain.data, packed.data, strict=True):
        assert rounded.embedding == pytest.approx(exact.embedding, abs=1e-6)
    assert len(one.data[0].embedding) == 8
    assert plain.usage.prompt_tokens == 5


async def test_transcripts_and_uploads() -> None:
    said = Reply(said=[Said("Good morning.", 0, 1.5), Said("The pump leaks.", 1.5, 4)])
    recording = b"RIFF\r\n--x\r\n\x00\xff\r\n\r\n"
    async with ModelServer(transcripts=[said, said, server_error()]) as server, Client(server) as client:
        speech = client.audio.transcriptions
        file = ("talk.wav", recording)
        verbose = await speech.create(
            file=file, model="w", response_format="verbose_json", timestamp_granularities=["segment"]
        )
        plain = await speech.create(file=file, model="w")
        with pytest.raises(openai.InternalServerError):
            await speech.create(file=file, model="w")
        nothing = await speech.create(file=file, model="w")
        assert server.requests[0].files == {"file": ("talk.wav", recording)}
        assert server.requests[0].json["timestamp_granularities"] == ["segment"]
    assert verbose.segments is not None
    assert [(s.start, s.end, s.text) for s in verbose.segments] == [
        (0, 1.5, " Good morning."),
        (1.5, 4, " The pump leaks."),
    ]
    assert verbose.duration == 4
    assert plain.text == "Good morning. The pump leaks."
    assert nothing.text == ""


async def test_the_log_holds_one_line_per_request(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    async with ModelServer("x", reset(), log=log) as server, Client(server) as client:
        await client.ask()
        with pytest.raises(openai.APIConnectionError):
            await client.ask()
    lines = [json.loads(line) for line in log.read_text("utf8").splitlines()]
    assert [line["outcome"] for line in lines] == ["answered", "broken"]
    assert lines[0]["path"] == "/chat/completions"
    assert lines[0]["json"]["messages"] == HELLO


async def test_it_stops_while_answers_are_under_way() -> None:
    async with ModelServer(silence(), silence(2)) as server:
        client = Client(server)
        asking = [asyncio.create_task(client.pieces()) for _ in range(2)]
        await server.until(lambda s: len(s.requests) == 2)
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    await client.close()
    assert all(isinstance(outcome, Exception) for outcome in outcomes)
