"""Between LangGraph's stream and Pinakes' events: the only place that knows both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk
from langgraph.runtime import Runtime
from langgraph.types import Interrupt, StreamMode

from pinakes.core.approvals import RUN_PLAN, Approval
from pinakes.core.events import (
    EVENT,
    Complete,
    Connection,
    Event,
    Failed,
    PlanPendingApproval,
    Results,
    ThinkingStep,
    Token,
    ToolResult,
    UserInput,
)
from pinakes.core.evidence import Evidence, resolve_marks
from pinakes.core.files import MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Plan, StepResult
from pinakes.graph.bounds import bounded
from pinakes.graph.messages import answer_id
from pinakes.graph.state import dump, read_results

STREAM_MODES: tuple[StreamMode, ...] = ("updates", "messages", "custom")
"""What a run has to stream for the translator, with `version="v2"`."""


def announce(runtime: Runtime[TurnOptions], event: Event) -> None:
    """Send an event from inside a node."""
    runtime.stream_writer(event.model_dump(mode="json"))


class TurnTranslator:
    """Turns one turn's stream parts into events and remembers what the closing one needs."""

    def __init__(self, turn_id: str, question: str) -> None:
        self.message_id = answer_id(turn_id)
        self.accumulated = ""
        self._question = question
        self._tokens = 0
        self._answer: AIMessage | None = None
        self._found: dict[str, Evidence | None] = {}
        self._asked: PlanPendingApproval | None = None

    def remember(self, event: Event) -> None:
        """Take from an earlier segment's event what the closing one needs."""
        if isinstance(event, ToolResult) and event.result.get("step_id"):
            self._step(StepResult.model_validate(event.result))

    def opening(self) -> list[Event]:
        """Return the events before anything runs."""
        return [Connection(message_id=self.message_id), UserInput(content=self._question)]

    def translate(self, part: Mapping[str, Any]) -> list[Event]:
        """Return the events that one part of the stream stands for; parts of subgraphs stand for none."""
        if part["ns"]:
            return []
        if part["type"] == "custom":
            return [EVENT.validate_python(part["data"])]
        if part["type"] == "messages":
            return self._piece(*part["data"])
        return [event for node, update in part["data"].items() for event in self._update(node, update or {})]

    def closing(self, elapsed_ms: int) -> Event:
        """Return the event that ends the segment after the stream has ended."""
        if self._asked is not None:
            return self._asked
        if self._answer is None:
            return Failed(
                code="CHAT_ERROR", message="The turn ended without an answer; ask again.", retryable=True
            )
        return complete(self._answer, list(self._found.values()), elapsed_ms)

    def _piece(self, message: Any, origin: Mapping[str, Any]) -> list[Event]:
        if origin.get("langgraph_node") != "write" or not isinstance(message, AIMessageChunk):
            return []
        return self._token(message.text, message.additional_kwargs.get("result_refs", {}))

    def _token(self, text: str, refs: Mapping[str, Any] = MappingProxyType({})) -> list[Event]:
        self.accumulated += text
        self._tokens += 1
        index = self._tokens - 1
        return [Token(content=text, accumulated=self.accumulated, token_index=index, result_refs=dict(refs))]

    def _update(self, node: str, update: Any) -> Iterable[Event]:
        if node == "__interrupt__":
            self._asked = _pending(update)
            return []
        if node == "plan":
            return [_plan_step(Plan.model_validate(update["plan"]))]
        if node == "write":
            return self._written(update["messages"][-1])
        if node in _ROUTING or node.startswith("__"):
            return []
        results = read_results(update.get("results") or {}).values()
        return [event for result in results for event in self._step(result)]

    def _written(self, answer: AIMessage) -> list[Event]:
        self._answer = answer
        return [] if self.accumulated or not answer.text else self._token(answer.text)

    def _step(self, result: StepResult) -> list[Event]:
        first: dict[str, Evidence | None] = dict.fromkeys(result.file_ids)
        for piece in result.evidence:
            first[piece.file_id] = first.get(piece.file_id) or piece
        self._found = {**first, **self._found}
        return [_tool_result(result, len(first)), *_results([piece for piece in first.values() if piece])]


def complete(answer: AIMessage, found: Sequence[Evidence | None], elapsed_ms: int) -> Complete:
    """Return the event that ends a turn with this answer, `found` being one piece of evidence a file."""
    usage = answer.response_metadata.get("usage", {})
    refs = answer.additional_kwargs["result_refs"]
    return Complete(
        message_id=str(answer.id),
        content=answer.text,
        resolved_content=resolve_marks(answer.text, refs),
        agents_used=tuple(answer.response_metadata["agents_used"]),
        has_results=bool(found),
        result_count=len(found),
        image_context=tuple(_item(piece) for piece in found if piece and piece.media_type is MediaType.IMAGE),
        result_refs=refs,
        processing_time_ms=elapsed_ms,
        token_count=usage.get("input_tokens", 0) + usage.get("output_tokens", 0),
        metadata={**answer.response_metadata, **answer.additional_kwargs},
    )


def pending(approval: Approval) -> PlanPendingApproval:
    """Return the event that closes a segment with this question."""
    changes = approval.changes.changes if approval.changes else ()
    return PlanPendingApproval(
        plan_id=approval.plan_id,
        description=approval.description,
        plan=dump(approval.plan) if approval.plan else {},
        changes=tuple(dump(change) for change in changes),
        expires_at=approval.expires_at,
    )


def _pending(interrupts: Sequence[Interrupt]) -> PlanPendingApproval:
    """Return the event for an interrupt of `approve`; its plan is the one with the action `run_plan`."""
    value = interrupts[0].value
    args = value["action_requests"][0]["args"]
    is_plan = value["action_requests"][0]["name"] == RUN_PLAN
    return PlanPendingApproval(
        plan_id=value["plan_id"],
        description=value["description"],
        plan=args if is_plan else value.get("plan", {}),
        changes=() if is_plan else tuple(args.get("changes", ())),
        expires_at=value["expires_at"],
    )


def _plan_step(plan: Plan) -> ThinkingStep:
    waves = [[step.id for step in wave] for wave in plan.waves()]
    agents = ", ".join(dict.fromkeys(step.agent for step in plan.steps))
    return ThinkingStep(
        phase="planning",
        message=f"{len(plan.steps)} step{'s' * (len(plan.steps) > 1)}: {agents}",
        reasoning=plan.reason,
        data={"plan": plan.model_dump(mode="json"), "waves": waves},
    )


def _tool_result(result: StepResult, count: int) -> ToolResult:
    return ToolResult(
        call_id=result.step_id,
        tool_name=result.agent,
        agent_name=result.agent,
        result_count=count,
        status=str(result.status),
        result=dump(bounded(result)),
    )


def _results(evidence: list[Evidence]) -> list[Event]:
    events: list[Event] = []
    for kind in MediaType:
        items = tuple(_item(piece) for piece in evidence if piece.media_type is kind)
        if items:
            events.append(Results(type=_RESULT_TYPES[kind], items=items, count=len(items)))
    return events


def _item(piece: Evidence) -> dict[str, Any]:
    """Return a file found as the wire shows it; pictures carry the fields of `ImageReference`."""
    if piece.media_type is MediaType.IMAGE:
        names = {"image_id": piece.file_id, "filename": piece.filename}
        return {**names, "description": piece.why or None, "confidence": piece.score}
    return dump(piece)


_ROUTING = frozenset({"prepare", "propose", "approve", "apply"})
_RESULT_TYPES: dict[MediaType, Any] = {
    MediaType.IMAGE: "image_results",
    MediaType.DOCUMENT: "document_results",
    MediaType.LINK: "link_results",
    MediaType.VIDEO: "video_results",
}
