"""The first node: checks the question, freezes the options and clears what an earlier turn left."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Overwrite

from pinakes.core.files import MediaType
from pinakes.core.options import TurnOptions
from pinakes.core.plans import Focus
from pinakes.graph.messages import question_of
from pinakes.graph.resources import Resources
from pinakes.graph.state import TurnNode, TurnState, dump, focus_of


def prepare_node(resources: Resources) -> TurnNode:
    """Return the node."""

    async def prepare(state: TurnState, runtime: Runtime[TurnOptions]) -> dict[str, Any]:
        question_of(state["messages"])
        given: TurnOptions | None = runtime.context  # None on resume, and where the caller gave none
        options = TurnOptions() if given is None else given
        return {
            "options": dump(options),
            "started": resources.now().timestamp(),
            "plan": None,
            "results": Overwrite({}),
            "focus": dump(_focus(focus_of(state), options)),
        }

    return prepare


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
