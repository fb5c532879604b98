"""The ten lines that add an agent work as the README prints them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pinakes import Pinakes

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf8")


def the_example() -> str:
    blocks: list[str] = re.findall(r"```python\n(.*?)```", README, re.S)
    return next(block for block in blocks if "AgentSpec(" in block)


async def test_an_agent_in_ten_lines_is_planned_for_and_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line for line in the_example().splitlines() if line.strip()]
    assert len(lines) <= 10
    names: dict[str, Any] = {}
    exec(the_example(), names)
    assert isinstance(names["client"], Pinakes)
    async with names["client"] as client:
        plan = await client.plan("When is high tide today?")
        assert [step.agent for step in plan.steps] == ["tides"]
        async with client.chat_session() as session:
            response = await session.send("When is high tide today?")
        assert "High tide at noon" in response.content
