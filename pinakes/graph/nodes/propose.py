"""Collecting what the steps propose into one exact set of changes, and asking about it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite

from pinakes.core.approvals import APPLY_CHANGES
from pinakes.core.changes import Change, ChangeAction, ChangeKind, ChangeSet
from pinakes.core.errors import ChangeError
from pinakes.core.options import Approval, TurnOptions
from pinakes.core.plans import StepResult
from pinakes.graph.asking import ask_changes, ask_plan, next_name, session_of
from pinakes.graph.progress import in_plan_order
from pinakes.graph.resources import Resources
from pinakes.graph.state import (
    RoutingNode,
    TurnState,
    dump,
    options_of,
    plan_of,
    results_of,
    write_results,
)
from pinakes.graph.telling import outcome, refused, told
from pinakes.graph.wording import KEPT_DELETIONS, NOTHING_LEFT, summarised

WAYS = ("approve", "apply", "write")

_log = logging.getLogger(__name__)


def propose_node(resources: Resources) -> RoutingNode:
    """Return the node; where the policy says so, it asks about the plan before anything has run."""

    async def propose(state: TurnState, runtime: Runtime[TurnOptions]) -> Command[str]:
        session_id = session_of(state, runtime)
        proposals = [r for r in in_plan_order(plan_of(state), results_of(state)) if r.changes]
        if not proposals:
            return Command(goto="approve", update=await ask_plan(resources, state, session_id))
        proposers = [result.step_id for result in proposals]
        try:
            changes = await _prepared(resources, state, proposals)
        except ChangeError as error:
            _log.info("a proposal was refused: %s", error.message)
            return Command(goto="write", update=refused(state, proposers, error))
        state = {**state, "proposers": proposers, "results": _without_changes(state, proposers)}
        goto, update = await _way(resources, state, session_id, changes)
        kept = {"proposers": proposers, "results": Overwrite(state["results"])}
        return Command(goto=goto, update={**kept, **update})

    return propose


async def _prepared(resources: Resources, state: TurnState, proposals: Sequence[StepResult]) -> ChangeSet:
    name = next_name(state, APPLY_CHANGES)
    wanted = ChangeSet(**name, **content_of(proposals))
    changes = await resources.library.prepare_changes(wanted)
    if options_of(state).approval is Approval.NEVER and changes.deletes:
        kept = wanted.model_copy(
            update={
                "changes": _sparing(wanted.changes, changes),
                "notes": (*wanted.notes, KEPT_DELETIONS),
            }
        )
        changes = await resources.library.prepare_changes(kept) if kept.changes else kept
    return changes


def content_of(proposals: Sequence[StepResult]) -> dict[str, Any]:
    """Return kind, changes and notes; going back or forth does not mix with anything else."""
    first = proposals[0]
    if first.change_kind is not ChangeKind.APPLY and len(proposals) == 1:
        notes, kind = first.notes, first.change_kind
        return {"kind": kind, "entry_id": first.entry_id, "changes": first.changes, "notes": notes}
    if any(proposal.change_kind is not ChangeKind.APPLY for proposal in proposals):
        raise ChangeError("Taking something back has to be asked for alone; say so in a message of its own.")
    every = [change for proposal in proposals for change in proposal.changes]
    if len(proposals) > 1:
        every = [change.model_copy(update={"id": f"c{n}"}) for n, change in enumerate(every, 1)]
    notes = tuple(dict.fromkeys(note for proposal in proposals for note in proposal.notes))
    return {"changes": tuple(every), "notes": notes}


def _sparing(wanted: Sequence[Change], prepared: ChangeSet) -> tuple[Change, ...]:
    """Return what was proposed but for deletions, and for folders that only those would have emptied."""
    deleting = {change.id for change in prepared.changes if change.deletes}
    return tuple(
        change
        for change in wanted
        if change.id not in deleting
        and not change.deletes
        and change.action not in (ChangeAction.DELETE_FOLDER, ChangeAction.MERGE)
    )


async def _way(
    resources: Resources, state: TurnState, session_id: str, changes: ChangeSet
) -> tuple[str, dict[str, Any]]:
    if not changes.changes:
        text = " ".join([*changes.notes]) or NOTHING_LEFT
        return "write", {**told(state, text), "outcome": outcome("nothing_left", changes)}
    if options_of(state).approval is Approval.NEVER:
        told_as = {"description": summarised(changes)}
        named = changes.model_copy(update={**next_name(state, APPLY_CHANGES), **told_as})
        return "apply", {"changes": dump(named), "asked": None, "change_no": named.change_no}
    return "approve", await ask_changes(resources, state, session_id, changes)


def _without_changes(state: TurnState, proposers: Sequence[str]) -> dict[str, Any]:
    """Return the results with their proposals taken out: the set holds them."""
    results = results_of(state)
    bare = [results[step_id].model_copy(update={"changes": ()}) for step_id in proposers]
    return write_results(list(results.values())) | write_results(bare)
