"""The examples of docs/models.md, run as they stand against an endpoint on loopback."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from pinakes import Pinakes, Settings
from pinakes.models.openai_chat import openai_chat
from pinakes.testing import ModelServer
from pinakes.testing.model_replies import Reply
from pinakes.testing.model_requests import Asked

PAGE = Path(__file__).resolve().parents[2] / "docs" / "models.md"
QUESTION = "How often is the crane greased?"


def examples() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text("utf8"), re.S)


def respond(asked: Asked) -> Reply:
    return Reply(text="The crane is greased every 500 hours [E1].")


async def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    compiled = compile(code, "models.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    waiting = eval(compiled, names)
    if waiting is not None:
        await waiting
    return names


@pytest.fixture
async def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    async with Pinakes(settings=Settings(library=tmp_path / "library", ocr="none")) as client:
        await client.files.upload(b"The crane is greased every 500 hours of work.", filename="crane.txt")
    return tmp_path / "library"


async def test_openai_by_the_environment(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with ModelServer(respond=respond, key="secret") as server:
        monkeypatch.setenv("OPENAI_API_KEY", "secret")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("PINAKES_MODEL", "gpt-5-mini")
        answer = (await run(examples()[0]))["answer"]
    assert answer.content.startswith("The crane is greased every 500 hours [[doc:")
    assert answer.provider and answer.metadata["usage"]["nodes"]["write"]["call_count"] == 1
    assert server.chats[-1].key == "secret" and server.chats[-1].json["model"] == "gpt-5-mini"


async def test_a_base_url_without_a_key(library: Path) -> None:
    async with ModelServer(respond=respond, lacks=("usage",)) as server:
        code = examples()[1].replace("http://localhost:11434/v1", server.url)
        answer = (await run(code))["answer"]
    assert "500 hours [[doc:" in answer.content
    assert answer.metadata["usage"]["estimated"]
    assert server.chats[-1].json["model"] == "qwen3:8b"


async def test_a_chat_model_of_ones_own(library: Path) -> None:
    async with ModelServer(respond=respond) as server:
        model = openai_chat("mine", base_url=server.url, api_key=None, timeout_s=10)
        assert "500 hours [[doc:" in await (await run(examples()[2]))["ask"](model, QUESTION)
        assert server.chats


async def test_a_budget_for_one_message(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with ModelServer(respond=respond) as server:
        monkeypatch.setenv("PINAKES_MODEL", "m")
        monkeypatch.setenv("PINAKES_PLANNER", "model")
        monkeypatch.setenv("PINAKES_MODEL_BASE_URL", server.url)
        answer = await (await run(examples()[3]))["frugal"](QUESTION)
    assert "budget of 1 model calls" in answer and len(server.chats) == 1
