"""The local planner and the scripted one against the port's suite."""

from __future__ import annotations

import pytest

from pinakes.agents.planning.local import LocalPlanner
from pinakes.core.ids import new_id
from pinakes.core.plans import Plan, PlanRequest
from pinakes.testing import ConformPlanner
from pinakes.testing.scripted import ScriptedPlanner, steps


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
