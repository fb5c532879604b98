"""The model planner over HTTP, through the real client of OpenAI-compatible endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.by_model import ModelPlanner
from pinakes.agents.planning.local import LocalPlanner
from pinakes.core.plans import Plan, PlanRequest
from pinakes.core.usage import Calls, Meter, calls_counted
from pinakes.models.chat_role import ChatRole
from pinakes.models.openai_chat import chat_model
from pinakes.ports.language_model import Capabilities
from pinakes.testing import ModelServer
from pinakes.testing.model_replies import Reply
from tests.planning.test_model_planner import POND, VAGUE, form


async def planned(server: ModelServer, local: LocalPlanner, **can: Any) -> tuple[Plan, Meter]:
    model = chat_model("test-model", base_url=server.url, api_key="none", timeout_s=5)
    role = ChatRole(model, name="test-model", capabilities=Capabilities(**can), retries=0)
    meter = Meter()
    with calls_counted(Calls("plan", meter, lambda _: None)):
        plan = await ModelPlanner(role, local, mode="model").plan(PlanRequest(question=VAGUE, cards=CARDS))
    return plan, meter


@pytest.mark.parametrize("way", ["json_schema", "tools", "json"])
async def test_every_way_to_a_form_gives_the_plan(planner: LocalPlanner, way: str) -> None:
    async with ModelServer(Reply(form=POND)) as server:
        plan, meter = await planned(server, planner, structured=way)
    assert (plan.source, plan.steps[0].intent) == ("model", "Find photos of the pond behind the barn.")
    assert meter.by_node["plan"].call_count == 1
    assert meter.by_node["plan"].input_tokens > 300


async def test_a_refusal_is_repaired(planner: LocalPlanner) -> None:
    async with ModelServer(Reply(refusal="I will not."), Reply(form=POND)) as server:
        plan, meter = await planned(server, planner)
    assert plan.source == "repaired"
    assert meter.total.call_count == 2


async def test_an_unknown_agent_is_repaired(planner: LocalPlanner) -> None:
    async with ModelServer(Reply(form=form(("photo_search", "Pond."))), Reply(form=POND)) as server:
        plan, _ = await planned(server, planner)
        assert "No agent is called" in server.chats[-1].prompt
    assert plan.source == "repaired"
