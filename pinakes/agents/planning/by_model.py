"""Planning with a language model: one call for the whole plan, the local planner before, beside and behind it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from typing import Literal

from pinakes.agents.cards import CARDS
from pinakes.agents.planning.compile import compile_plan
from pinakes.agents.planning.local import LocalPlanner
from pinakes.agents.planning.permission import changes, may_change, without_changes
from pinakes.agents.planning.plan_form import form_for
from pinakes.agents.planning.plan_prompt import plan_prompt, repair_prompt
from pinakes.agents.planning.sureness import SURE
from pinakes.core.errors import (
    ContentFilteredError,
    ModelError,
    ModelOutputError,
    PinakesError,
    PlanError,
)
from pinakes.core.events import ThinkingStep, Warned
from pinakes.core.plans import AgentCard, Plan, PlanRequest
from pinakes.core.prompts import Prompt
from pinakes.core.usage import current_calls
from pinakes.ports.language_model import LanguageModel

_log = logging.getLogger(__name__)

_REPAIRABLE = (PlanError, ModelOutputError, ContentFilteredError)
_MOST_PROBLEMS = 5
_NO_FORM = "it is not JSON in the form asked for."
_REFUSED = "it is a refusal. Only a plan is asked for; what it finds is checked later."


class ModelPlanner:
    """Plans with a model; where that is not needed or does not work, the local planner's plan is taken.

    Args:
        model: Asked once for each plan, and once more when its answer is no plan that runs.
        local: Decides alone when it is sure, has the last word about changes, and steps in when the model fails.
        mode: "auto" asks the model only when the local planner is not sure; "model" asks always.
        sure: The local planner's confidence from which on it decides alone.
        guidance: What a domain asks of a plan, by the domain's name.
    """

    def __init__(
        self,
        model: LanguageModel,
        local: LocalPlanner,
        mode: Literal["auto", "model"] = "auto",
        sure: float = SURE,
        guidance: Callable[[str], str] | None = None,
    ) -> None:
        self._model = model
        self._local = local
        self._mode = mode
        self._sure = sure
        self._guidance = guidance or (lambda domain: "")

    async def plan(self, request: PlanRequest) -> Plan:
        """Return a compiled plan, or the local planner's; a model's faults are told as warnings, not raised."""
        own = await self._local.plan(request)
        cards = request.cards or CARDS
        if reason := self._decides_alone(own, request, cards):
            _think(f"Planned without a model: {reason}.", own)
            return own
        permitted = may_change(request, own, cards)
        guidance = self._guidance(request.options.domain)
        prompt = plan_prompt(request, cards, names=not permitted, guidance=guidance)
        try:
            made = await self._made(prompt, cards, ordered=changes(own, cards))
        except (ModelError, PlanError) as error:
            _warn("The model gave no usable plan, so the local planner made a simpler one.", error)
            return own
        _think(f"{self._model.name} planned {_counted(made)}.", made)
        return made if permitted else _kept(made, own, request, cards)

    def _decides_alone(self, own: Plan, request: PlanRequest, cards: Sequence[AgentCard]) -> str:
        """Return why no model is asked; empty where one is."""
        if request.options.read_only and changes(own, cards):
            return "a change was ordered, which is not permitted now"
        if not request.question.strip():
            return "nothing was asked"
        if self._mode == "auto" and own.confidence >= self._sure:
            return f"the grammar is clear ({own.confidence:.2f})"
        return ""

    async def _made(self, prompt: Prompt, cards: Sequence[AgentCard], ordered: bool) -> Plan:
        try:
            return await self._asked(prompt, cards, ordered)
        except _REPAIRABLE as error:
            _log.info("a plan is repaired: %s", error.code)
            again = repair_prompt(prompt, str(error.details.get("text", "")), _problem(error))
        repaired = await self._asked(again, cards, ordered)
        return repaired.model_copy(update={"source": "repaired"})

    async def _asked(self, prompt: Prompt, cards: Sequence[AgentCard], ordered: bool) -> Plan:
        form = await self._model.fill(prompt, form_for(tuple(card.name for card in cards)))
        plan = form.to_plan(cards)
        if ordered and not plan.effects:
            message = "The last message orders a change, but no step carries it out; add one."
            raise PlanError(message, text=form.model_dump_json())
        return plan


def _kept(made: Plan, own: Plan, request: PlanRequest, cards: Sequence[AgentCard]) -> Plan:
    """Return what remains of a plan when it may not change anything."""
    if not changes(made, cards):
        return made
    why = (
        "changes are not permitted now" if request.options.read_only else "your words do not plainly order it"
    )
    _warn(f"The model wanted to change the library; that was left out, because {why}.")
    try:
        return compile_plan(without_changes(made, cards), cards)
    except PlanError:
        return own  # nothing that works was left


def _problem(error: PinakesError) -> str:
    if isinstance(error, ContentFilteredError):
        return _REFUSED
    if not isinstance(error, ModelOutputError):
        return error.message
    found = [f"{one.get('path')}: {one.get('message')}" for one in error.details.get("problems", ())]
    return f"{'; '.join(found[:_MOST_PROBLEMS])}." if found else _NO_FORM


def _counted(plan: Plan) -> str:
    return "one step" if len(plan.steps) == 1 else f"{len(plan.steps)} steps"


def _think(message: str, plan: Plan) -> None:
    calls = current_calls()
    if calls is None or not calls.debug:
        return
    data = {"source": plan.source, "confidence": plan.confidence}
    calls.tell(ThinkingStep(phase="planning", message=message, reasoning=plan.reason, data=data))


def _warn(message: str, error: PinakesError | None = None) -> None:
    details = error.to_dict() if error else {}
    if error:  # the model's own words are long, and nobody asked for them
        details["details"] = {key: value for key, value in error.details.items() if key != "text"}
    _tell(Warned(message=message, details=json.loads(json.dumps(details, default=str))))


def _tell(event: Warned) -> None:
    calls = current_calls()
    if calls is None:
        _log.warning("%s", event.message)
    else:
        calls.tell(event)
