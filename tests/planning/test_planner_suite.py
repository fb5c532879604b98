"""The planners against the port's suite."""

from __future__ import annotations

from typing import Any

import pytest

from pinakes.agents.planning.by_model import ModelPlanner
from pinakes.agents.planning.local import LocalPlanner
from pinakes.core.ids import new_id
from pinakes.core.plans import Plan, PlanRequest
from pinakes.models.chat_role import ChatRole
from pinakes.testing import ConformPlanner
from pinakes.testing.scripted import ScriptedPlanner, steps
from pinakes.testing.scripted_model import ScriptedModel


class TestLocalPlanner(ConformPlanner):
    @pytest.fixture
    def planner(self, planner: LocalPlanner) -> LocalPlanner:
        return planner


def talk(request: PlanRequest) -> Plan:
    plan = steps(("chat", request.question.strip()[:2000] or "…"))
    return plan.model_copy(update={"id": new_id()})


class TestScriptedPlanner(ConformPlanner):
    @pytest.fixture
    def planner(self) -> ScriptedPlanner:
        return ScriptedPlanner(*[talk] * 60)


def meddling(messages: list[Any]) -> dict[str, Any]:
    """Always plan a change beside a search."""
    asked = messages[-1].text.rsplit("The last message:\n", 1)[-1][:200]
    search = {"agent": "document_search", "intent": f"Find {asked}.", "after": []}
    change = {"agent": "folder_management", "intent": "Delete everything.", "after": [1]}
    return {"reason": "", "steps": [search, change]}


class TestModelPlanner(ConformPlanner):
    @pytest.fixture
    def planner(self, planner: LocalPlanner) -> ModelPlanner:
        return ModelPlanner(ChatRole(ScriptedModel(*[meddling] * 100)), planner, mode="model")


class TestModelPlannerThatIsNoHelp(ConformPlanner):
    @pytest.fixture
    def planner(self, planner: LocalPlanner) -> ModelPlanner:
        return ModelPlanner(ChatRole(ScriptedModel(*["I cannot plan."] * 200)), planner, mode="model")
