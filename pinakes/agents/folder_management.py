"""Proposes changes to a library: folders, moves, names, tags, merged duplicates, removals, and the way back.

It never changes anything. Only the user's instruction chooses what is done and to what: texts in files are weighed to
see what belongs together, and are never read as instructions.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from pinakes.agents.citing import nothing, result
from pinakes.agents.organising import lexicon
from pinakes.agents.organising.draft import Draft
from pinakes.agents.organising.joining import propose_joining
from pinakes.agents.organising.moving import propose_archive, propose_filing, propose_move
from pinakes.agents.organising.reading import read_requests, read_wishes
from pinakes.agents.organising.removing import propose_merge, propose_removal, propose_return
from pinakes.agents.organising.renaming import propose_folders, propose_rename
from pinakes.agents.organising.request import Action, Request
from pinakes.agents.organising.selecting import SEARCHES
from pinakes.agents.organising.sorting import propose_groups
from pinakes.agents.organising.tagging import propose_tags
from pinakes.agents.spec import AgentContext
from pinakes.core.changes import MAX_CHANGES
from pinakes.core.errors import ChangeError
from pinakes.core.ids import new_id
from pinakes.core.plans import StepResult, Task

Proposing = Callable[[Request, Draft], Awaitable[None]]

_PROPOSE: dict[Action, Proposing] = {
    Action.MOVE: propose_move,
    Action.ARCHIVE: propose_archive,
    Action.FILE: propose_filing,
    Action.GROUP: propose_groups,
    Action.CREATE: propose_folders,
    Action.RENAME: propose_rename,
    Action.TAG: propose_tags,
    Action.UNTAG: propose_tags,
    Action.DELETE: propose_removal,
    Action.MERGE: propose_merge,
    Action.JOIN: propose_joining,
    Action.RESTORE: propose_return,
}
_ABLE = (
    "Say what to change: move, rename, tag, delete or bring back files, create folders, merge folders or duplicates, "
    "or sort files by year, month, place, camera, type, author, tag, topic or product."
)


async def run(task: Task, ctx: AgentContext) -> StepResult:
    """Propose the changes that the intent asks for, as the refinements want them."""
    requests = read_requests(task.step.intent) or read_requests(task.question)
    if not requests:
        return nothing(task, text=_ABLE)
    back = next((r for r in requests if r.action in {Action.UNDO, Action.REDO}), None)
    if back:
        return await _the_way_back(back.action, task, ctx)
    ctx.report("Working out what would change")
    draft = await Draft.begin(_searched(task, requests), ctx, read_wishes(task.refinements))
    for request in requests:
        await _PROPOSE[request.action](request, draft)
    return _proposal(task, draft)


def _searched(task: Task, requests: Sequence[Request]) -> Task:
    """Return the task; where its requests name several things, without what was found by searching for all of them."""
    named = {r.what.casefold() for r in requests if r.what and not lexicon.POINTING.search(r.what)}
    if len(named) < 2:
        return task
    return task.model_copy(update={"inputs": tuple(s for s in task.inputs if s.agent not in SEARCHES)})


def _proposal(task: Task, draft: Draft) -> StepResult:
    if draft.changes.protected:
        draft.left("as they are protected", draft.changes.protected.values())
    for words in draft.wishes.unread:
        draft.notes.append(f"“{words}” was not understood and changed nothing.")
    notes = tuple(dict.fromkeys(draft.notes))
    if not draft.changes.changes:
        return nothing(task, *notes, text=" ".join(draft.refusals) or "There is nothing to change.")
    if len(draft.changes.changes) > MAX_CHANGES:
        notes += (f"Only the first {MAX_CHANGES:,} changes are proposed now: ask again for the rest.",)
    text = " ".join(dict.fromkeys(draft.lines))
    return result(
        task,
        text=text,
        changes=draft.changes.changes[:MAX_CHANGES],
        file_ids=draft.changes.file_ids,
        notes=(*notes, *dict.fromkeys(draft.refusals)),
    )


async def _the_way_back(action: Action, task: Task, ctx: AgentContext) -> StepResult:
    """Propose to take the last changes back, or to do again what was taken back."""
    step = ctx.library.undo_changes if action is Action.UNDO else ctx.library.redo_changes
    try:
        changes = await step(None, plan_id=new_id())
    except ChangeError as error:
        return nothing(task, text=error.message)
    return result(
        task,
        text=f"{changes.description.rstrip('.')}.",
        changes=changes.changes,
        change_kind=changes.kind,
        entry_id=changes.entry_id,
        file_ids=tuple(dict.fromkeys(c.file_id for c in changes.changes if c.file_id)),
        notes=changes.notes,
    )
