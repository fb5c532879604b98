"""`langgraph dev` serves the graph of langgraph.json; driven as LangGraph Studio drives it."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinakes import Pinakes, Settings

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("langgraph_api") is None, reason="needs langgraph-cli[inmem]"
    ),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture
def server(tmp_path: Path, settings: Settings, papers: Path) -> Iterator[str]:
    asyncio.run(_fill(settings, papers))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "PINAKES_LIBRARY": str(settings.library),
        "PINAKES_OCR": "none",
        "LANGSMITH_TRACING": "false",
        "LANGGRAPH_NO_VERSION_CHECK": "true",
    }
    config = tmp_path / "langgraph.json"
    config.write_text((ROOT / "langgraph.json").read_text("utf8").replace('["."]', f'["{ROOT}"]'), "utf8")
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--config", str(config), "--port", str(port)]
    options = ["--no-browser", "--no-reload", "--host", "127.0.0.1"]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *options], env=environment, cwd=tmp_path, stdout=log, stderr=log
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=120)
            print((tmp_path / "server.log").read_text("utf8", "replace")[-4000:])


async def _fill(settings: Settings, papers: Path) -> None:
    async with Pinakes(settings=settings) as client:
        await client.files.upload_batch(papers)


async def _ready(client) -> None:  # type: ignore[no-untyped-def]
    for _ in range(1200):
        try:
            await client.assistants.search(limit=1)
            return
        except Exception:
            await asyncio.sleep(0.5)
    raise AssertionError("the server did not start")


async def test_studio_can_draw_the_graph_and_talk_with_it(server: str) -> None:
    from langgraph_sdk import get_client

    async with get_client(url=server) as client:
        await _ready(client)
        [assistant] = await client.assistants.search(graph_id="pinakes")
        drawn = await client.assistants.get_graph(assistant["assistant_id"])
        assert {"prepare", "plan", "document_search", "image_search", "write"} <= {
            n["id"] for n in drawn["nodes"]
        }
        thread = await client.threads.create()
        question = {"messages": [{"role": "user", "content": "How often must the bearing be greased?"}]}
        state = await client.runs.wait(thread["thread_id"], "pinakes", input=question)
        assert "2,000 hours" in state["messages"][-1]["content"]
        assert "[[doc:" in state["messages"][-1]["content"]
        follow_up = {"messages": [{"role": "user", "content": "And with how much grease?"}]}
        state = await client.runs.wait(thread["thread_id"], "pinakes", input=follow_up)
        assert "30 g" in state["messages"][-1]["content"]
        assert len(state["messages"]) == 4


async def test_studio_approves_edits_and_is_reminded(server: str) -> None:
    from langgraph_sdk import get_client

    async with get_client(url=server) as client:
        await _ready(client)
        thread_id = (await client.threads.create())["thread_id"]
        asked = await _ask(client, thread_id, "Tag all documents with pumps and move manual.md to Manuals")
        [request], [config] = asked["action_requests"], asked["review_configs"]
        assert request["name"] == config["action_name"] == "apply_changes"
        assert len(request["args"]["changes"]) > 1
        assert "approve" in config["allowed_decisions"]
        reminded = await _say(client, thread_id, "How often must the bearing be greased?")
        assert "Still waiting for your yes" in reminded
        again = await _ask(client, thread_id, "Tag all documents with pumps and move manual.md to Manuals")
        kept = [change for change in again["action_requests"][0]["args"]["changes"] if change.get("file_id")]
        edited = {"name": "apply_changes", "args": {"changes": kept[:1]}}
        state = await client.runs.wait(
            thread_id,
            "pinakes",
            command={"resume": {"decisions": [{"type": "edit", "edited_action": edited}]}},
        )
        metadata = state["messages"][-1]["response_metadata"]["changes"]
        assert metadata["status"] == "applied"
        assert sum(n for action, n in metadata["counts"].items() if action != "create_folder") == 1
        asked = await _ask(client, thread_id, "undo that")
        assert asked["description"].startswith("Take it back")
        assert "Taken back" in await _say(client, thread_id, "yes")


async def _ask(client, thread_id: str, text: str):  # type: ignore[no-untyped-def]
    state = await client.runs.wait(
        thread_id, "pinakes", input={"messages": [{"role": "user", "content": text}]}
    )
    assert "__interrupt__" in state, state["messages"][-1]
    [interrupt] = state["__interrupt__"]
    return interrupt["value"]


async def _say(client, thread_id: str, text: str) -> str:  # type: ignore[no-untyped-def]
    state = await client.runs.wait(
        thread_id, "pinakes", input={"messages": [{"role": "user", "content": text}]}
    )
    return str(state["messages"][-1]["content"])
