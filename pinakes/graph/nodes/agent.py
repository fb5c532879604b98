"""A specialist as a node: whatever happens inside, a `StepResult` comes out."""

from __future__ import annotations

import asyncio
import logging
from time import perf_counter
from typing import Any

from langgraph.errors import GraphBubbleUp
from langgraph.runtime import Runtime
from langgraph.types import RetryPolicy

from pinakes.agents.domains.guided import guided
from pinakes.agents.domains.wordings import worded
from pinakes.agents.spec import AgentContext, AgentSpec, Run
from pinakes.core.errors import AgentError, PinakesError, PinakesTimeoutError
from pinakes.core.events import Status, ThinkingStep, ToolInvocation
from pinakes.core.options import TurnOptions
from pinakes.core.plans import StepError, StepResult, StepStatus, Task
from pinakes.core.tracing import span
from pinakes.graph.metering import counted, write_usage
from pinakes.graph.resources import Limits, Resources
from pinakes.graph.state import StepInput, StepNode, write_results
from pinakes.graph.stream import announce

_log = logging.getLogger(__name__)


def agent_node(spec: AgentSpec, resources: Resources) -> StepNode:
    """Return the node that runs this agent on one step."""

    async def agent(state: StepInput, runtime: Runtime[TurnOptions]) -> dict[str, Any]:
        task = Task.model_validate(state["task"])
        attempt = runtime.execution_info.node_attempt if runtime.execution_info else 1
        if attempt == 1:
            announce(runtime, _invocation(task))
        started = perf_counter()
        meter = resources.meters.of(state["turn_id"], state, task.options)
        name = spec.card.name
        with (
            counted(name, meter, runtime, debug=task.options.debug_reasoning),
            span("invoke_agent", name, agent__name=name, tool__call__id=task.step.id) as watched,
        ):
            result = await _result(spec, task, resources, runtime, attempt, _seconds(state, task, resources))
            watched.set("pinakes.status", str(result.status))
        stamped = _stamped(result, task, started)
        if task.options.debug_reasoning:
            announce(runtime, _thought(stamped))
        return {"results": write_results([stamped]), "usage": write_usage(meter)}

    return agent


def retry_policy(limits: Limits) -> RetryPolicy:
    """Return LangGraph's policy for errors that say they may pass."""
    return RetryPolicy(
        max_attempts=limits.attempts, initial_interval=limits.retry_after_s, retry_on=_may_pass
    )


async def _result(
    spec: AgentSpec,
    task: Task,
    resources: Resources,
    runtime: Runtime[TurnOptions],
    attempt: int,
    seconds: float,
) -> StepResult:
    if spec.run is None:
        return _unavailable(spec, task)
    if spec.card.mutates and task.options.read_only:
        return _failed(task, AgentError("Changes are not permitted here, so nothing was changed."))

    def report(message: str) -> None:
        announce(runtime, Status(phase="searching", message=message, agent_name=spec.card.name))

    domain = resources.domains.get(task.options.domain)
    context = AgentContext(
        library=worded(resources.library, domain),
        report=report,
        now=resources.now,
        models=guided(resources.models, domain),
    )
    try:
        async with resources.slots.take():
            return await _within(seconds, spec.run, task, context)
    except GraphBubbleUp:
        raise
    except Exception as error:
        if _may_pass(error) and attempt < resources.limits.attempts:
            raise
        return _failed(task, error)


async def _within(seconds: float, run: Run, task: Task, context: AgentContext) -> StepResult:
    try:
        async with asyncio.timeout(seconds) as clock:
            return await run(task, context)
    except TimeoutError as error:
        if not clock.expired():
            raise PinakesTimeoutError(f"{task.step.agent} waited too long for something.") from error
        raise AgentError(f"{task.step.agent} took longer than {seconds:g} s and was stopped.") from error


def _seconds(state: StepInput, task: Task, resources: Resources) -> float:
    limit, budget = resources.limits.step_seconds, task.options.budget.max_seconds
    if budget is None:
        return limit
    spent = resources.now().timestamp() - state["started"]
    return max(0.0, min(limit, budget - spent))


def _may_pass(error: Exception) -> bool:
    return isinstance(error, PinakesError) and error.retryable


def _invocation(task: Task) -> ToolInvocation:
    step = task.step
    arguments = {"intent": step.intent, "depends_on": list(step.depends_on)}
    return ToolInvocation(call_id=step.id, tool_name=step.agent, agent_name=step.agent, arguments=arguments)


def _thought(result: StepResult) -> ThinkingStep:
    """Return how a step went, for those who want to see the reasoning."""
    seen = [
        f"{piece.filename} ({piece.score:.2f}): {piece.why}" for piece in result.evidence[:5] if piece.why
    ]
    found = len(set(result.file_ids) | {piece.file_id for piece in result.evidence})
    return ThinkingStep(
        phase="searching",
        message=f"{result.intent}: {result.status}, {found} file{'s' * (found != 1)}",
        agent_name=result.agent,
        reasoning="\n".join((*result.notes, *seen)),
        data={"step_id": result.step_id, "duration_ms": result.duration_ms},
    )


def _failed(task: Task, error: Exception) -> StepResult:
    known = isinstance(error, PinakesError)
    if not known:
        _log.exception("%s failed", task.step.agent, exc_info=error)
    message = str(error) if known else f"{task.step.agent} stopped on an internal error; see the log."
    code = error.code if isinstance(error, PinakesError) else AgentError.code
    return StepResult(
        step_id=task.step.id,
        agent=task.step.agent,
        status=StepStatus.FAILED,
        error=StepError(code=code, message=message),
    )


def _unavailable(spec: AgentSpec, task: Task) -> StepResult:
    notes = ("not available yet", *(("nothing was changed",) if spec.card.mutates else ()))
    return StepResult(step_id=task.step.id, agent=task.step.agent, status=StepStatus.UNAVAILABLE, notes=notes)


def _stamped(result: StepResult, task: Task, started: float) -> StepResult:
    step = task.step
    return result.model_copy(
        update={
            "step_id": step.id,
            "agent": step.agent,
            "intent": step.intent,
            "duration_ms": round((perf_counter() - started) * 1000),
        }
    )
