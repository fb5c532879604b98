"""What one person does with a library, told once: the async client, the sync client and a transport all run it.

For the sync client `async` and `await` are struck out of this text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pinakes.core.errors import PinakesError


async def scenario(client: Any, papers: Path) -> list[Any]:
    """Return what happened, without what differs from run to run."""
    told: list[Any] = []
    seen: list[str] = []
    manual = await client.files.upload(papers / "manual.md", tags=["pump"])
    told.append((manual.filename, manual.is_completed))
    batch = await client.uploads.upload(
        [papers / "Memos" / "memo.txt", papers / "red.png"],
        on_file_complete=lambda event: seen.append(event.result.filename),
    )
    told.append((type(batch).__name__, batch.summary(), sorted(seen), [r.filename for r in batch]))
    told.append((await client.files.upload(b"# Crane\n\nGreased weekly.", filename="crane.md")).filename)

    listed = await client.files.list(media_types=["document"], sort_by="filename", sort_order="asc")
    told.append((listed.total_count, [f.filename for f in listed.items]))
    told.append(sorted([f.filename async for f in client.files.list_all(page_size=2)]))
    told.append((await client.files.get(manual.file_id)).tags)
    told.append((await client.files.get_text(manual.file_id))["text"])
    told.append(await client.files.download(manual.file_id))
    found = await client.files.search("worst vibration allowed", limit=3)
    told.append([(hit.document_filename, round(hit.score, 4)) for hit in found.items])
    told.append(await client.documents.get_text(manual.file_id))

    folder = await client.folders.create("Machines")
    moved = await client.folders.move_files([manual.file_id], folder_id=folder.id)
    told.append((folder.name, moved.moved))
    told.append([f.filename for f in (await client.folders.get(folder.id)).files])
    extracted = await client.colors.extract(batch[1].file_id)
    told.append([color.hex for color in extracted.color_analysis.dominant_colors])

    async with client.chat_session(title="Pumps") as session:
        answer = await session.send("When must the pump be stopped?")
        told.append((answer.content.split("[[")[0], len(answer.citations)))
        kinds, text = [], ""
        async for token in session.send_stream("Who ordered a new motor?"):
            kinds.append(str(token.type))
            text = token.content if token.type == "complete" else text
        told.append((sorted(set(kinds)), text.split("[[")[0]))
        async with session.send_stream("Who ordered a new motor?") as stream:
            first = await anext(stream)
        told.append((stream.id != "", str(first.type)))
        rest = [token async for token in client.chats.events(stream.id, after=first.seq)]
        told.append(str(rest[-1].type))
        told.append(
            [(str(message.role), message.content.split("[[")[0]) for message in await session.get_messages()]
        )
        told.append((await session.update_documents([manual.file_id]))["session_id"] == session.session_id)
    told.append([s.title async for s in client.chats.iter_sessions(page_size=1)])
    told.append(b"Pumps" in await client.chats.export_session(session.session_id))

    piped = await client.pipeline().search_documents("vibration").analyze_documents("Summarise").run()
    told.append((piped.success, piped.total_waves, [(step.agent, step.status) for step in piped.steps]))
    undone = await client.undo()
    told.append((undone.kind, [entry.kind for entry in await client.history(limit=2)]))
    told.append([f.filename for f in (await client.folders.get(folder.id)).files])
    told.append([step.agent for step in (await client.plan("Which pages tell of vibration?")).steps])
    told.append((await client.status()).counts)
    told.append((await client.upload_one(b"# Crane two\n\nOiled daily.", filename="two.md")).is_completed)

    pages = await client.agent_search.documents("vibration", limit=2)
    told.append((pages.count, pages.as_collection().content_type))
    told.append((await client.links.list()).total_count)
    await client.files.delete(manual.file_id)
    told.append((await client.files.list()).total_count)
    try:
        await client.files.get("nothing")
    except PinakesError as error:
        told.append((type(error).__name__, error.message, sorted(error.details)))
    return told


def sync_scenario() -> Callable[[Any, Path], list[Any]]:
    """Return the scenario for a client without `async`."""
    source = Path(__file__).read_text("utf8")
    without = re.sub(r"\b(async|await) ", "", source).replace("anext(", "next(")
    names: dict[str, Any] = {"__file__": __file__, "__name__": "sync_scenario"}
    exec(compile(without, "sync scenario", "exec"), names)
    found: Callable[[Any, Path], list[Any]] = names["scenario"]
    return found
