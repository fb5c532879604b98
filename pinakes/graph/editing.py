"""What a human made of a proposal: an edited one may leave things out or put them elsewhere, never reach further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from pinakes.agents.planning.compile import compile_plan
from pinakes.core.changes import Change, ChangeSet
from pinakes.core.errors import ChangeError, PlanError
from pinakes.core.plans import AgentCard, Plan, Step

_FREE = {"after", "folder_after", "why"}


def edited_changes(original: ChangeSet, args: Mapping[str, Any]) -> ChangeSet:
    """Return the proposal with the changes that are left in `args`, each ending as it says there.

    Raises:
        ChangeError: Something was added, starts from another state, names another file or now deletes one.
    """
    wanted = _parsed(original, args)
    known = {change.id: change for change in original.changes}
    problems = [problem for change in wanted.changes if (problem := _problem(change, known))]
    problems += _repeated(wanted.changes)
    if problems:
        details = [{"change_id": change_id, "problem": problem} for change_id, problem in problems]
        raise ChangeError(f"The edit cannot be used: {problems[0][1]}.", problems=details)
    return original.model_copy(update={"changes": wanted.changes})


def edited_plan(original: Plan, args: Mapping[str, Any], cards: Sequence[AgentCard]) -> Plan:
    """Return the plan with the steps that are left in `args`, compiled. Raises PlanError as `left_steps` does."""
    return compile_plan(original.model_copy(update={"steps": left_steps(original, args)}), cards)


def left_steps(original: Plan, args: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps that are left in `args`. Raises PlanError when one is new or none is left."""
    kept = [step.get("id") if isinstance(step, Mapping) else None for step in args.get("steps") or ()]
    unknown = [str(step_id) for step_id in kept if step_id not in {step.id for step in original.steps}]
    if unknown or not kept:
        raise PlanError("An edited plan may leave steps out, but needs one and can gain none.", steps=unknown)
    left = tuple(step for step in original.steps if step.id in kept)
    return tuple(
        step.model_copy(update={"depends_on": tuple(need for need in step.depends_on if need in kept)})
        for step in left
    )


def _parsed(original: ChangeSet, args: Mapping[str, Any]) -> ChangeSet:
    forced = {"plan_id": original.plan_id, "change_no": original.change_no}
    try:
        return ChangeSet.model_validate({**args, **forced})
    except ValidationError as error:
        where = [".".join(map(str, fault["loc"])) for fault in error.errors()[:5]]
        raise ChangeError(
            f"The edit is not a set of changes; look at {', '.join(where)}.", problems=[]
        ) from error


def _problem(change: Change, known: Mapping[str, Change]) -> tuple[str, str] | None:
    original = known.get(change.id)
    if original is None:
        return change.id, f"there is no change “{change.id}” in the proposal; an edit cannot add any"
    if change.model_dump(exclude=_FREE) != original.model_dump(exclude=_FREE):
        return change.id, f"of “{change.id}” only what is there afterwards can be altered"
    if change.deletes != original.deletes or (change.after is None) != (original.after is None):
        return change.id, f"“{change.id}” cannot be made to delete or keep a file; leave it out instead"
    if (change.folder_after is None) != (original.folder_after is None):
        return change.id, f"“{change.id}” cannot be made to delete or keep a folder; leave it out instead"
    return None


def _repeated(changes: Sequence[Change]) -> list[tuple[str, str]]:
    ids = [change.id for change in changes]
    return [(i, f"“{i}” stands in it more than once") for i in dict.fromkeys(ids) if ids.count(i) > 1]
