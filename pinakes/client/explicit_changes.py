"""Changes that a caller asks for in code: the call is the yes, for everything that deletes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pinakes.core.changes import Change, ChangeAction, ChangeSet
from pinakes.core.errors import ChangeError
from pinakes.core.plans import StepResult
from pinakes.graph.nodes.propose import content_of
from pinakes.graph.resources import Resources


@dataclass(frozen=True)
class Applied:
    """What was changed, or would be; `entry_id` is None where nothing was."""

    changes: ChangeSet | None = None
    entry_id: str | None = None


async def apply_proposals(
    resources: Resources, plan_id: str, results: Sequence[StepResult], *, dry_run: bool
) -> Applied:
    """Apply what steps propose, journaled and undoable.

    Raises:
        ChangeError: A proposal would delete files, or does not fit the library; nothing was done.
    """
    proposed = [result for result in results if result.changes]
    if not proposed:
        return Applied()
    description = " ".join(result.text for result in proposed).strip()
    wanted = ChangeSet(plan_id=plan_id, description=description, **content_of(proposed))
    changes = await resources.library.prepare_changes(wanted)
    if dry_run:
        return Applied(changes)
    if changes.deletes:
        raise ChangeError(
            "This would delete files, which needs a person's yes: ask for it in a chat and approve it there.",
            counts=changes.counts,
        )
    entry = await resources.library.apply_changes(changes)
    await ingest_added(resources, changes.changes)
    return Applied(changes, entry.id)


async def ingest_added(resources: Resources, changes: Iterable[Change]) -> None:
    """Have the files read that changes added."""
    added = [change.file_id for change in changes if change.action is ChangeAction.ADD and change.file_id]
    if added and resources.ingest is not None:
        await resources.ingest(added)
