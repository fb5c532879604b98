"""LangChain's real chat class as we set it up, on its own."""

from __future__ import annotations

import logging
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from pinakes.core.errors import ConfigurationError
from pinakes.models.openai_chat import chat_model, openai_chat
from pinakes.models.openai_endpoint import Endpoint
from pinakes.testing import ModelServer
from pinakes.testing.model_replies import Fault, Reply, Tokens, rate_limited


class Pump(BaseModel):
    """A pump."""

    name: str
    leaks: bool


@pytest.fixture
def hostile_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OPENAI_API_KEY": "sk-environment",
        "OPENAI_API_BASE": "http://127.0.0.1:9/elsewhere",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/elsewhere",
        "OPENAI_PROXY": "http://127.0.0.1:9",
        "OPENAI_ORG_ID": "org-environment",
        "OPENAI_PROJECT_ID": "project-environment",
        "LANGSMITH_GATEWAY": "true",
        "LANGSMITH_GATEWAY_API_KEY": "lsv2_gateway",
    }.items():
        monkeypatch.setenv(name, value)


async def test_it_is_the_real_class_and_answers() -> None:
    async with ModelServer("Pump 4 leaks.") as server:
        model = openai_chat("qwen3:8b", base_url=server.url)
        assert isinstance(model, ChatOpenAI)
        assert (await model.ainvoke("Which pump leaks?")).text == "Pump 4 leaks."
        assert server.chats[0].json["model"] == "qwen3:8b"


def test_it_answers_without_a_loop() -> None:
    with ModelServer("Yes.", "Yes, it leaks.") as server:
        model = openai_chat("m", base_url=server.url)
        assert model.invoke("Does it leak?").text == "Yes."
        assert "".join(chunk.text for chunk in model.stream("Does it leak?")) == "Yes, it leaks."


@pytest.mark.usefixtures("hostile_environment")
async def test_nothing_of_the_environment_goes_to_the_endpoint() -> None:
    async with ModelServer("x", "y") as server:
        for key in (None, "sk-own"):
            await openai_chat("m", base_url=server.url, api_key=key).ainvoke("Hi")
        without, own = server.chats
    assert "environment" not in str(without.headers) + str(own.headers)
    assert own.key == "sk-own"
    assert without.key and not without.key.startswith("sk-")
    assert not [name for name in own.headers if name in {"openai-organization", "openai-project"}]


@pytest.mark.usefixtures("hostile_environment")
def test_without_a_url_it_is_openai_and_nobody_else() -> None:
    model: Any = openai_chat("gpt-5-mini", api_key="sk-own")
    for client in (model.root_client, model.root_async_client):
        assert str(client.base_url) == "https://api.openai.com/v1/"
        assert client.api_key == "sk-own"
        assert client.max_retries == 0


async def test_a_redirect_is_not_followed() -> None:
    async with ModelServer("stolen") as other:
        there = Fault(status=307, message="moved", headers={"Location": f"{other.url}/chat/completions"})
        async with ModelServer(there) as server:
            with pytest.raises(Exception, match="307"):
                await openai_chat("m", base_url=server.url).ainvoke("Hi")
        assert other.requests == []


async def test_it_does_not_try_again_by_itself() -> None:
    async with ModelServer(rate_limited(0), "second") as server:
        with pytest.raises(Exception, match="429"):
            await openai_chat("m", base_url=server.url).ainvoke("Hi")
        assert len(server.chats) == 1


async def test_streams_end_with_their_usage() -> None:
    reply = Reply(text="It is the third one.", tokens=Tokens(500, 9, cached=400, reasoning=2))
    async with ModelServer(reply, reply) as server:
        whole = None
        async for chunk in openai_chat("m", base_url=server.url).astream("Hi"):
            whole = chunk if whole is None else whole + chunk
        assert whole is not None and whole.usage_metadata is not None
        assert whole.text == "It is the third one."
        assert whole.usage_metadata["input_tokens"] == 500
        assert whole.usage_metadata["output_tokens"] == 9
        assert whole.usage_metadata["input_token_details"]["cache_read"] == 400
        quiet = [c async for c in openai_chat("m", base_url=server.url, stream_usage=False).astream("Hi")]
        assert all(chunk.usage_metadata is None for chunk in quiet)
        assert "stream_options" not in server.chats[1].json


@pytest.mark.parametrize("method", ["json_schema", "function_calling", "json_mode"])
async def test_typed_answers(method: Any) -> None:
    async with ModelServer({"name": "P4", "leaks": True}) as server:
        asked = openai_chat("m", base_url=server.url).with_structured_output(Pump, method=method)
        assert await asked.ainvoke("JSON please: which pump leaks?") == Pump(name="P4", leaks=True)


async def test_tools_are_called() -> None:
    @tool
    def search(query: str) -> str:
        """Search the library."""
        return query

    async with ModelServer({"query": "pump"}) as server:
        model = openai_chat("m", base_url=server.url).bind_tools([search], tool_choice="search")
        [call] = (await model.ainvoke("Find pumps")).tool_calls
        assert (call["name"], call["args"]) == ("search", {"query": "pump"})


async def test_the_longest_length_goes_by_the_name_that_every_endpoint_knows() -> None:
    async with ModelServer("x", "y") as server:
        model = openai_chat("m", base_url=server.url, max_output_tokens=50)
        await model.ainvoke("Hi")
        await model.ainvoke("Hi", max_tokens=9)
        assert [asked.json["max_tokens"] for asked in server.chats] == [50, 9]
        assert "max_completion_tokens" not in str([asked.json for asked in server.chats])
    ours: Any = openai_chat("gpt-5-mini", api_key="sk", max_output_tokens=50)
    assert ours._get_request_payload("Hi")["max_completion_tokens"] == 50


async def test_names_that_belong_to_openais_other_api_are_plain_names_elsewhere() -> None:
    async with ModelServer("x") as server:
        assert (await openai_chat("my-codex", base_url=server.url).ainvoke("Hi")).text == "x"


async def test_connections_go_back(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    async with ModelServer(respond=lambda _: "x") as server:
        model: Any = openai_chat("m", base_url=server.url)
        for _ in range(3):
            await model.ainvoke("Hi")
        await model.aclose()
        assert {asked.outcome for asked in server.chats} == {"answered"}
    assert caplog.records == []


def test_tokens_are_counted_without_a_download(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> Any:
        raise AssertionError("a tokenizer's tables were asked for")

    monkeypatch.setattr("tiktoken.encoding_for_model", refused)
    monkeypatch.setattr("tiktoken.get_encoding", refused)
    model = openai_chat("gpt-5-mini", api_key="sk")
    assert 1 < model.get_num_tokens("a red tractor in a field") < 12
    assert model.get_num_tokens_from_messages([HumanMessage("a red tractor")] * 3) > 3


@pytest.mark.parametrize("url", ["localhost:11434/v1", "ftp://host/v1", "http://", "nonsense"])
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(ConfigurationError, match="base URL"):
        openai_chat("m", base_url=url)


def test_openai_needs_a_key() -> None:
    for url in (None, "https://api.openai.com/v1/"):
        with pytest.raises(ConfigurationError, match="PINAKES_MODEL_API_KEY"):
            openai_chat("gpt-5-mini", base_url=url)


def test_options_are_handed_on_and_checked() -> None:
    model: Any = openai_chat("m", base_url="http://localhost:1/v1", temperature=0.1, extra_body={"ttl": 3})
    assert (model.temperature, model.extra_body) == (0.1, {"ttl": 3})
    with pytest.raises(ConfigurationError, match="options"):
        openai_chat("m", base_url="http://localhost:1/v1", temperature="warm")


def test_keys_are_not_shown() -> None:
    endpoint = Endpoint.of("http://localhost:1/v1", "sk-very-secret")
    model = openai_chat("m", base_url="http://localhost:1/v1", api_key="sk-very-secret")
    assert "very-secret" not in repr(endpoint) + repr(model) + str(model)


@pytest.mark.parametrize(
    ("spec", "url", "name"),
    [
        ("gpt-5-mini", None, "gpt-5-mini"),
        ("openai:gpt-5-mini", None, "gpt-5-mini"),
        ("ft:gpt-4o:acme::id", None, "ft:gpt-4o:acme::id"),
        ("llama3.2:3b", "http://localhost:11434/v1", "llama3.2:3b"),
        ("openai:llama3.2:3b", "http://localhost:11434/v1", "llama3.2:3b"),
        ("openai/gpt-oss-20b", "http://localhost:8000/v1", "openai/gpt-oss-20b"),
    ],
)
def test_names_of_models(spec: str, url: str | None, name: str) -> None:
    model: Any = chat_model(spec, base_url=url, api_key="sk")
    assert isinstance(model, ChatOpenAI)
    assert model.model_name == name


@pytest.mark.parametrize("spec", ["", " ", "openai:", "anthropic: "])
def test_no_model_is_named(spec: str) -> None:
    with pytest.raises(ConfigurationError, match="Name a model"):
        chat_model(spec, api_key="sk")


def test_other_providers_need_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain.chat_models", None)
    with pytest.raises(ConfigurationError, match=r"pip install pinakes\[providers\]"):
        chat_model("anthropic:claude-sonnet")


def test_other_providers_go_through_langchain(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def init_chat_model(spec: str, **options: Any) -> Any:
        asked.append((spec, options))
        if spec.startswith("mistralai"):
            raise ImportError("please install langchain-mistralai")
        if spec.startswith("nobody"):
            raise ValueError("Unsupported provider='nobody'")
        return FakeListChatModel(responses=["x"])

    module: Any = types.ModuleType("langchain.chat_models")
    module.init_chat_model = init_chat_model
    monkeypatch.setitem(sys.modules, "langchain", types.ModuleType("langchain"))
    monkeypatch.setitem(sys.modules, "langchain.chat_models", module)
    assert chat_model("anthropic:claude-sonnet", api_key="k", timeout_s=9).invoke("Hi").text == "x"
    assert asked == [("anthropic:claude-sonnet", {"timeout": 9, "max_retries": 0, "api_key": "k"})]
    with pytest.raises(ConfigurationError, match="langchain-mistralai"):
        chat_model("mistralai:large")
    with pytest.raises(ConfigurationError, match="Unsupported provider"):
        chat_model("nobody:model")


def test_the_vendors_libraries_load_with_the_first_model_alone() -> None:
    code = (
        "import sys, pinakes.models.openai_chat, pinakes.models.openai_embedder, pinakes.models.openai_transcriber\n"
        "import pinakes.testing.model_server\n"
        "print([m for m in ('openai', 'langchain_openai', 'tiktoken') if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert out.stdout.strip() == "[]"
