"""The last node: turns what the steps found into the answer, streaming it, and clears the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk
from langgraph.graph.message import push_message
from langgraph.runtime import Runtime
from langgraph.types import Overwrite

from pinakes.core.chat import Answer, Counted, WriteRequest
from pinakes.core.errors import ModelError
from pinakes.core.events import Status
from pinakes.core.evidence import Evidence
from pinakes.core.failpoints import reach
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus, Plan, StepResult, StepStatus, is_partial
from pinakes.core.usage import Meter, Spent
from pinakes.graph.bounds import MAX_MEMBERS, bounded_refs
from pinakes.graph.findings import findings
from pinakes.graph.messages import answer_id, earlier_exchanges, earlier_questions
from pinakes.graph.metering import counted, usage_event
from pinakes.graph.progress import in_plan_order
from pinakes.graph.resources import Resources
from pinakes.graph.state import (
    EMPTY_DESK,
    TurnNode,
    TurnState,
    dump,
    focus_of,
    options_of,
    plan_of,
    results_of,
    turn_of,
)
from pinakes.graph.stream import announce
from pinakes.graph.wording import still_waiting

DETAILED_WORDS = 300
FOCUS_SIZE = MAX_MEMBERS


def write_node(resources: Resources) -> TurnNode:
    """Return the node."""

    async def write(state: TurnState, runtime: Runtime[TurnOptions]) -> dict[str, Any]:
        announce(runtime, Status(phase="writing", message="Writing the answer"))
        request = await _request(state, resources)
        turn_id, options = turn_of(state).id, options_of(state)
        meter = resources.meters.of(turn_id, state, options)
        message_id = answer_id(turn_id)
        with counted("write", meter, runtime, debug=options.debug_reasoning):
            answer = await _stream(resources, request, message_id)
        answer = _ending(answer, [*_cut_short(meter), *_reminders(state)], message_id)
        message = _message(message_id, answer, request, state.get("outcome"), meter)
        resources.meters.end(turn_id)
        reach("write.done")
        return {
            **EMPTY_DESK,
            "messages": [message],
            "focus": dump(next_focus(request.focus, request.results, answer)),
            "results": Overwrite({}),
            "usage": Overwrite({}),
            "session_usage": dump(Spent.model_validate(state.get("session_usage") or {}) + meter.total),
            "options": {},
        }

    return write


def next_focus(focus: Focus, results: Sequence[StepResult], answer: Answer) -> Focus:
    """Return what "those" will point to: the files of this answer, or of the last one that had any."""
    searched = [result for result in results if _has_looked(result)]
    if not searched:
        return focus
    members = (file_id for result in searched for file_id in (*result.file_ids, *_files(result.evidence)))
    file_ids = tuple(dict.fromkeys(answer.file_ids or members))[:FOCUS_SIZE]
    kinds = {
        piece.media_type for result in searched for piece in result.evidence if piece.file_id in file_ids
    }
    return Focus(
        media_type=(kinds.pop() if len(kinds) == 1 else None) if file_ids else focus.media_type,
        file_ids=file_ids or focus.file_ids,
        intent=searched[0].intent,
        agents=tuple(dict.fromkeys(result.agent for result in searched)),
    )


async def _request(state: TurnState, resources: Resources) -> WriteRequest:
    plan, options, turn = plan_of(state), options_of(state), turn_of(state)
    results = in_plan_order(plan, results_of(state))
    evidence = _distinct(piece for result in results for piece in result.evidence)
    detailed = DETAILED_WORDS if options.detailed_analysis else None
    return WriteRequest(
        question=turn.question,
        plan=plan,
        results=results,
        passages=tuple(await resources.library.passages(evidence)) if evidence else (),
        history=earlier_questions(state["messages"], turn.id),
        conversation=earlier_exchanges(state["messages"], turn.id),
        focus=focus_of(state),
        domain=options.domain,
        detailed=options.detailed_analysis,
        max_words=options.max_words or detailed,
        library_empty=not evidence and await _is_empty(resources),
    )


async def _is_empty(resources: Resources) -> bool:
    inventory = await resources.library.catalog.inventory()
    return not any(inventory.counts.values())


async def _stream(resources: Resources, request: WriteRequest, message_id: str) -> Answer:
    """Send the writer's pieces to whoever follows the messages, and return its answer."""
    answer: Answer | None = None
    refs: dict[str, Any] = {}
    async for piece in resources.writer.write(request):
        if isinstance(piece, Answer):
            answer = piece
        elif isinstance(piece, Counted):
            refs |= piece.result_refs
        elif piece:
            known = {"result_refs": refs} if refs else {}
            push_message(
                AIMessageChunk(content=piece, id=message_id, additional_kwargs=known), state_key=None
            )
            refs = {}
    if answer is None:
        raise ModelError(f"The writer '{resources.writer.name}' ended without an answer; try again.")
    return answer


def _cut_short(meter: Meter) -> list[str]:
    """Return what has to be said where a budget has stopped something."""
    if meter.exhausted is None:
        return []
    return [f"{meter.exhausted.message} This is the best answer within it."]


def _reminders(state: TurnState) -> list[str]:
    """Return what earlier proposals still wait for."""
    waiting = state.get("waiting")
    return [still_waiting(waiting)] if waiting else []


def _ending(answer: Answer, endings: Sequence[str], message_id: str) -> Answer:
    """Add paragraphs to an answer that has been streamed."""
    if not endings:
        return answer
    added = "".join(f"\n\n{ending}" for ending in endings)
    push_message(AIMessageChunk(content=added, id=message_id), state_key=None)
    return answer.model_copy(update={"content": f"{answer.content}{added}".strip()})


def _message(
    message_id: str, answer: Answer, request: WriteRequest, changes: dict[str, Any] | None, meter: Meter
) -> AIMessage:
    citations = [dump(citation) for citation in answer.citations]
    return AIMessage(
        content=answer.content,
        id=message_id,
        additional_kwargs={"citations": citations, "result_refs": bounded_refs(answer.result_refs)},
        response_metadata={
            "writer": answer.writer,
            "found": answer.found,
            "partial": answer.partial or is_partial(request.results) or meter.exhausted is not None,
            "dropped_marks": answer.dropped_marks,
            "unsupported": list(answer.unsupported),
            "usage": usage_event(meter).model_dump(exclude={"type"}),
            "agents_used": list(dict.fromkeys(result.agent for result in request.results)),
            "plan": _plan_summary(request.plan, request.results),
            **findings(request.results),
            **({"changes": changes} if changes else {}),
        },
    )


def _plan_summary(plan: Plan, results: Sequence[StepResult]) -> dict[str, Any]:
    endings = {result.step_id: result.status for result in results}
    return {
        "id": plan.id,
        "source": plan.source,
        "steps": [dump(step) | {"status": str(endings.get(step.id, StepStatus.OK))} for step in plan.steps],
    }


def _distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Drop what several steps found alike, keeping the better score's place in line."""
    found: dict[tuple[str, str | None, str], Evidence] = {}
    for piece in evidence:
        found.setdefault((piece.file_id, piece.chunk_id, piece.quote), piece)
    return list(found.values())


def _files(evidence: Iterable[Evidence]) -> Iterable[str]:
    return (piece.file_id for piece in evidence)


def _has_looked(result: StepResult) -> bool:
    return bool(result.evidence or result.file_ids or result.table) or result.status is StepStatus.EMPTY
