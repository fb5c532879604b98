"""The form that a model fills in to plan a turn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from pinakes.agents.planning.compile import compile_plan
from pinakes.core.errors import PlanError
from pinakes.core.ids import new_id
from pinakes.core.plans import AgentCard, Plan, Step


def _lean(schema: dict[str, Any]) -> None:
    """Leave only what a model needs, every field required, as strict endpoints want it."""
    schema.pop("description", None)
    for field in schema["properties"].values():
        field.pop("title", None)
        field.pop("default", None)
    schema["required"] = list(schema["properties"])


class StepForm(BaseModel):
    """One step; `after` counts steps from 1."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=_lean)

    agent: str
    intent: str
    after: list[int] = Field(default_factory=list)


class PlanForm(BaseModel):
    """A plan as a model gives it: numbered by order, unchecked."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=_lean)

    reason: str = ""
    steps: Sequence[StepForm]

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the schema with the step's form in its place, which takes fewer tokens than a reference."""
        schema = super().model_json_schema(*args, **kwargs)
        steps = schema.pop("$defs", {})
        if len(steps) == 1:
            schema["properties"]["steps"]["items"] = next(iter(steps.values()))
            schema["properties"]["steps"]["items"].pop("title", None)
        return schema

    def to_plan(self, cards: Sequence[AgentCard], *, read_only: bool = False) -> Plan:
        """Return the compiled plan. Raises PlanError, whose details hold the plan as `text`."""
        steps = tuple(
            Step.model_construct(
                id=str(number),
                agent=step.agent.strip().lower().replace(" ", "_").replace("-", "_"),
                intent=step.intent.strip(),
                depends_on=tuple(map(str, step.after)),
            )
            for number, step in enumerate(self.steps, start=1)
        )
        plan = Plan(id=new_id(), steps=steps, source="model", reason=self.reason)
        try:
            return compile_plan(plan, cards, read_only=read_only)
        except PlanError as error:
            raise PlanError(error.message, text=self.model_dump_json()) from error


@cache
def form_for(agents: tuple[str, ...]) -> type[PlanForm]:
    """Return the form whose schema names the agents; other names are still read, to be told of in a repair."""
    named: Any = Field(json_schema_extra={"enum": list(agents)})
    step = create_model("StepForm", __base__=StepForm, agent=(str, named))
    return create_model("PlanForm", __base__=PlanForm, steps=(list[step], ...))
