"""The first node: checks the question, freezes the options and clears what an earlier turn left.

A message that answers an open proposal goes on with that instead, and so does a run that brings its decision along.
"""

from __future__ import annotations

from langgraph.config import get_config
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite

from pinakes.core.failpoints import reach
from pinakes.core.files import MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus
from pinakes.graph.deciding import follow
from pinakes.graph.meeting import Meeting, given_options, meet
from pinakes.graph.messages import question_of, turn_id_of
from pinakes.graph.resources import Resources
from pinakes.graph.state import EMPTY_DESK, RoutingNode, Turn, TurnState, dump, focus_of

WAYS = ("plan", "approve", "apply", "gather", "write")


def prepare_node(resources: Resources) -> RoutingNode:
    """Return the node."""

    async def prepare(state: TurnState, runtime: Runtime[TurnOptions]) -> Command[str]:
        met = await meet(resources, state, runtime, get_config())
        if isinstance(met, Meeting):
            reach("approve.resumed")
            goto, update = await follow(met.question, met.response)
            known = {key: met.question.state.get(key) for key in met.fresh}
            return Command(goto=goto, update={**known, "results": _overwritten(met.question.state), **update})
        turn = Turn(id=turn_id_of(state["messages"]), question=question_of(state["messages"]))
        options = given_options(resources, runtime)
        return Command(
            goto="plan",
            update={
                **EMPTY_DESK,
                "turn": dump(turn),
                "options": dump(options),
                "started": resources.now().timestamp(),
                "results": Overwrite({}),
                "usage": Overwrite({}),
                "focus": dump(_focus(focus_of(state), options)),
                "waiting": met,
            },
        )

    return prepare


def _overwritten(state: TurnState) -> Overwrite:
    return Overwrite(state.get("results") or {})


def _focus(focus: Focus, options: TurnOptions) -> Focus:
    """Without an earlier result, "these" means the selection."""
    if focus.file_ids:
        return focus
    chosen = {
        MediaType.IMAGE: () if options.use_all_images else options.image_ids,
        MediaType.DOCUMENT: options.document_ids,
        MediaType.VIDEO: options.video_ids,
    }
    kinds = [kind for kind, ids in chosen.items() if ids]
    return focus.model_copy(
        update={
            "media_type": kinds[0] if len(kinds) == 1 else None,
            "file_ids": tuple(file_id for kind in kinds for file_id in chosen[kind]),
        }
    )
