"""A client that nobody enters: it opens with its first call, closes once, and says so afterwards."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from pathlib import Path

import pytest

from pinakes import Pinakes, Settings
from pinakes.client.files import FilesResource
from pinakes.core.errors import (
    ConfigurationError,
    LibraryError,
    LibraryLockedError,
    ResourceNotFoundError,
    ValidationError,
)

IN_A_LOOP_OF_ITS_OWN = """
import asyncio
from pinakes import Pinakes, Settings
client = Pinakes(settings=Settings(library={library!r}, ocr="none", workers=1))
async def main():
    session = await client.chats.create_session()
    stream = client.chat_stream("Who?", session_id=session.id)
    print((await anext(stream)).type)
"""
ENDINGS = {
    "run": "asyncio.run(main())",
    "run twice": "asyncio.run(main())\nasyncio.run(main())",
    "a loop that stays": "loop = asyncio.new_event_loop()\nloop.run_until_complete(main())",
    "a loop that is closed": "loop = asyncio.new_event_loop()\nloop.run_until_complete(main())\nloop.close()",
}


async def test_the_first_call_opens(settings: Settings, papers: Path) -> None:
    client = Pinakes(settings=settings)
    files = client.files
    assert isinstance(files, FilesResource) and not settings.folder.exists()
    put = await files.upload(papers / "manual.md")
    session = client.chat_session(title="Pumps")
    async with session:
        tokens = [token async for token in session.send_stream("When must the pump be stopped?")]
    assert tokens[-1].type == "complete" and "7.1 mm/s" in (tokens[-1].content or "")
    async with client.chats.send_stream("And the bearing?", session_id=session.session_id) as stream:
        assert stream.id and await stream.cancel()
    assert [f.id async for f in client.files.list_all()] == [put.file_id]
    with pytest.raises(ResourceNotFoundError):
        await client.files.get("nothing")
    assert (await client.pipeline().search_documents("pump").run()).success
    assert client.library.tenant == "default"
    await client.close()


async def test_a_message_that_is_none_is_refused_in_words(settings: Settings) -> None:
    client = Pinakes(settings=settings)
    session = await client.chats.create_session()
    for nothing in (None, 5, "", " "):
        with pytest.raises(ValidationError, match="message"):
            await client.chat(nothing, session_id=session.id)  # type: ignore[arg-type]
    await client.close()


async def test_calls_at_once_open_it_once(settings: Settings) -> None:
    client = Pinakes(settings=settings)
    made = await asyncio.gather(*(client.folders.create(f"Hall {n}") for n in range(5)))
    assert len({folder.id for folder in made}) == 5
    await client.aclose()


async def test_after_closing_every_call_says_so(settings: Settings) -> None:
    client = Pinakes(settings=settings)
    await client.folders.tree()
    kept = client.files
    await client.close()
    await client.close()
    for call in (lambda: client.files, lambda: client.chat_session(), lambda: client.library):
        with pytest.raises(ConfigurationError, match="closed"):
            call()
    with pytest.raises(ConfigurationError, match="closed"):
        await kept.list()
    async with client:
        assert (await client.files.list()).total_count == 0
    with pytest.raises(ConfigurationError, match="closed"):
        await client.status()
    never = Pinakes(settings=settings)
    await never.aclose()
    with pytest.raises(ConfigurationError, match="closed"):
        await never.undo()


async def test_what_was_kept_of_an_entered_client_works_no_more(settings: Settings, papers: Path) -> None:
    async with Pinakes(settings=settings) as client:
        files, session = client.files, await client.chat_session().__aenter__()
        put = await files.upload(papers / "manual.md")
        later = session.send_stream("And then?")
    for call in (
        files.list,
        lambda: files.download(put.file_id),
        lambda: session.send("When must the pump be stopped?"),
        lambda: anext(later),
        lambda: files.upload(papers / "Memos" / "memo.txt"),
    ):
        with pytest.raises(LibraryError, match="closed"):
            await call()


async def test_what_needs_the_open_library_says_so(settings: Settings) -> None:
    client = Pinakes(settings=settings)
    with pytest.raises(ConfigurationError, match="Enter the client"):
        _ = client.graph
    with pytest.raises(ConfigurationError, match="enter the client"):
        client.pipeline().search_images("pump").plan()


async def test_a_caller_who_gives_up_leaves_nothing_half_open(settings: Settings) -> None:
    client = Pinakes(settings=settings)
    with pytest.raises(asyncio.CancelledError):
        opening = asyncio.create_task(client.files.list())
        await asyncio.sleep(0)
        opening.cancel()
        await opening
    assert (await client.files.list()).total_count == 0
    await client.close()


async def test_a_forgotten_client_lets_the_library_go(settings: Settings) -> None:
    """As when a notebook's cell runs again."""
    client = Pinakes(settings=settings)
    await client.files.list()
    with pytest.raises(LibraryLockedError):
        await Pinakes(settings=settings).files.list()
    client = Pinakes(settings=settings)
    gc.collect()
    assert (await client.files.list()).total_count == 0
    await client.close()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_program_that_closes_nothing_ends(tmp_path: Path, ending: str) -> None:
    program = IN_A_LOOP_OF_ITS_OWN.format(library=str(tmp_path / "library")) + ENDINGS[ending]
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["connection"] * (2 if ending == "run twice" else 1)
    if ending != "a loop that is closed":  # with that, nothing of it can be closed any more
        assert "Traceback" not in ended.stderr and "never awaited" not in ended.stderr
        assert not (tmp_path / "library" / ".owner").exists()
