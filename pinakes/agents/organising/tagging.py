"""Putting tags on files and taking them off."""

from __future__ import annotations

from pinakes.agents.organising.draft import Draft, counted, listing
from pinakes.agents.organising.excepting import select
from pinakes.agents.organising.reading import unquoted
from pinakes.agents.organising.refining import refined_files
from pinakes.agents.organising.request import Action, Request
from pinakes.library.names import folded


async def propose_tags(request: Request, draft: Draft) -> None:
    """Propose to tag or untag what the request means; untagging without a tag takes all off."""
    taking = request.action is Action.UNTAG
    tags = tuple(unquoted(tag) for tag in request.tags)
    if draft.wishes.renamed:
        tags = (draft.wishes.renamed[-1][1],)
    if not tags and not taking:
        draft.refusals.append("Say which tag is meant.")
        return
    chosen = await select(request.what, draft.task, draft.ctx)
    draft.left(f"as it is not sure that “{request.what}” means this", chosen.unsure)
    changed = []
    for file in await refined_files(draft, chosen.files):
        count = len(draft.changes.changes)
        if taking:
            gone = {folded(t) for t in tags}
            draft.changes.tag(file, remove=[t for t in file.tags if not gone or folded(t) in gone])
        else:
            draft.changes.tag(file, add=tags)
        if len(draft.changes.changes) > count:
            changed.append(file)
    what = " and ".join(f"“{t}”" for t in tags) or "all tags"
    if not changed:
        so = f"has {what}" if taking else f"lacks {what}"
        draft.refusals.append(chosen.note or f"None of the files meant {so}.")
        return
    verb = f"Take {what} off" if taking else f"Tag with {what}"
    draft.lines.append(f"{verb}{'' if taking else ':'} {counted(len(changed))}: {listing(changed)}.")
