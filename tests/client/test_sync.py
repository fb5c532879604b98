"""The sync client is the async one without `async`: same methods, same results, and it leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import inspect
import runpy
import signal
import subprocess
import sys
import textwrap
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pinakes import Pinakes, Settings, SyncPinakes
from pinakes.client import bridge, sync
from pinakes.core.errors import ConfigurationError, LibraryLockedError, ResourceNotFoundError, ValidationError


@pytest.fixture
def sync_client(settings: Settings) -> Iterator[SyncPinakes]:
    with SyncPinakes(settings=settings) as opened:
        yield opened


def portals() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "pinakes"]


@pytest.mark.parametrize("cls", [*sync.BRIDGED, Pinakes], ids=lambda cls: cls.__name__)
def test_every_signature_is_that_of_the_async_client(cls: type) -> None:
    ours = getattr(sync, bridge.sync_name(cls.__name__))
    public = {name for name in dir(cls) if not name.startswith("_")} - {"aclose"}
    assert public <= set(dir(ours))
    for name in public:
        kept, made = inspect.getattr_static(cls, name), inspect.getattr_static(ours, name)
        assert isinstance(kept, property) is isinstance(made, property), name
        if inspect.isfunction(kept):
            assert not inspect.iscoroutinefunction(made) and not inspect.isasyncgenfunction(made)
            assert inspect.signature(made) == inspect.signature(kept), name
            assert made.__name__ == name and (made.__doc__ is None) is (kept.__doc__ is None)
    assert inspect.signature(SyncPinakes) == inspect.signature(Pinakes)


def test_type_checkers_see_the_methods_as_they_are() -> None:
    """When this fails, run scripts/write_sync_types.py."""
    pytest.importorskip("ruff")
    script = runpy.run_path(str(Path(__file__).resolve().parents[2] / "scripts" / "write_sync_types.py"))
    assert script["TARGET"].read_text("utf8") == script["written"]()


def test_docstrings_speak_of_no_async() -> None:
    for cls in sync.BRIDGED:
        for name, member in vars(bridge.sync_class(cls)).items():
            assert "async with" not in (member.__doc__ or ""), name


def test_everything_the_client_gives_is_declared(sync_client: SyncPinakes) -> None:
    given = [getattr(sync_client, n) for n, p in vars(SyncPinakes).items() if isinstance(p, property)]
    made = {type(value) for value in given if isinstance(value, bridge.Proxy)}
    declared = {bridge.sync_class(cls) for cls in sync.BRIDGED}
    assert {cls.__name__ for cls in made - declared} <= {"SyncLibrary"}


def test_a_stream_is_an_iterator_and_a_context_manager(sync_client: SyncPinakes, papers: Path) -> None:
    sync_client.upload(papers)
    with sync_client.chat_session() as session:
        tokens = list(session.send_stream("When must the pump be stopped?"))
        assert [t.seq for t in tokens] == sorted(t.seq for t in tokens)
        assert tokens[-1].type == "complete" and "7.1 mm/s" in tokens[-1].content
        with session.send_stream("Who ordered a new motor?") as stream:
            turn_id = stream.id
            first = next(stream)
        assert list(stream) == []  # closed
        rest = list(sync_client.chats.events(turn_id, after=first.seq))
        assert rest[0].seq > first.seq and "Ada Quill" in rest[-1].content
        for _ in session.send_stream("Who ordered a new motor?"):
            break  # and forgotten
        assert session.send("Who ordered a new motor?").content
    assert session.is_closed


def test_a_session_without_a_with_block(sync_client: SyncPinakes) -> None:
    session = sync_client.chat_session(title="Shift")
    assert session.session.title == "Shift" and not session.is_closed
    assert session.send("Who ordered a new motor?").session_id == session.session_id
    session.close()
    assert session.is_closed and sync_client.chats.list_sessions(active_only=True).items == []


def test_errors_come_through_as_they_are(sync_client: SyncPinakes) -> None:
    with pytest.raises(SyncPinakes.ResourceNotFoundError) as caught:
        sync_client.files.get("nothing")
    assert isinstance(caught.value, ResourceNotFoundError)
    with pytest.raises(ValidationError), sync_client.chat_session() as session:
        session.send("")
    assert session.is_closed


def test_many_threads_at_once(sync_client: SyncPinakes) -> None:
    def work(number: int) -> str:
        result = sync_client.files.upload(
            f"Pump {number} stands in hall {number}.".encode(), filename=f"{number}.txt"
        )
        return sync_client.files.get(result.file_id).filename

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(work, range(8))) == [f"{n}.txt" for n in range(8)]
    assert sync_client.files.list().total_count == 8 and portals() == ["pinakes"]


async def test_inside_a_running_loop(settings: Settings) -> None:
    """As in a notebook, whose cells run in a loop."""
    with SyncPinakes(settings=settings) as client, client.chat_session(title="Cell") as session:
        assert session.session.title == "Cell"
    assert portals() == []


def test_without_a_with_block(settings: Settings) -> None:
    client = SyncPinakes(settings=settings)
    assert portals() == []
    assert client.files.list().total_count == 0
    client.close()
    client.close()
    assert portals() == []
    with pytest.raises(ConfigurationError, match="closed"):
        client.files.list()
    with client:
        assert client.files.list().total_count == 0


def test_a_client_that_is_dropped_lets_the_library_go(settings: Settings) -> None:
    client = SyncPinakes(settings=settings)
    files = client.files
    del client
    gc.collect()
    assert files.list().total_count == 0  # what it gave out keeps it open
    del files
    gc.collect()
    with SyncPinakes(settings=settings) as second:
        assert second.files.list().total_count == 0
    assert portals() == []


def test_a_library_that_does_not_open_leaves_no_thread(settings: Settings, sync_client: SyncPinakes) -> None:
    with pytest.raises(LibraryLockedError), SyncPinakes(settings=settings):
        pass
    assert portals() == ["pinakes"]


def test_closing_cancels_what_other_threads_wait_for(settings: Settings) -> None:
    client = SyncPinakes(settings=settings)
    client.files.list()
    failed: list[BaseException] = []
    begun = threading.Event()

    async def long() -> None:
        begun.set()
        await asyncio.sleep(600)

    def wait() -> None:
        try:
            client._bridge.call(long)
        except ConfigurationError as error:
            failed.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    begun.wait()
    client.close()
    waiting.join()
    assert "closed during the call" in str(failed[0]) and portals() == []


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Interrupts raise, also in a process that was started in the background and ignores them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def running_in(thread: int) -> set[str]:
    """Return the names of the functions that a thread is in."""
    return {frame.f_code.co_name for frame, _ in traceback.walk_stack(sys._current_frames()[thread])}


def test_an_interrupt_cancels_the_call(sync_client: SyncPinakes, interruptible: None) -> None:
    ended = threading.Event()
    main = threading.main_thread().ident or 0

    async def long() -> None:
        try:
            while "wait" not in running_in(main):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.005)
            signal.pthread_kill(main, signal.SIGINT)
            await asyncio.sleep(600)
        finally:
            ended.set()

    with pytest.raises(KeyboardInterrupt):
        sync_client._bridge.call(long)
    assert ended.is_set() and sync_client.files.list().total_count == 0


def test_a_callback_that_calls_back_is_told(sync_client: SyncPinakes, papers: Path) -> None:
    said: list[str] = []

    def listen(event: object) -> None:
        try:
            sync_client.files.list()
        except ConfigurationError as error:
            said.append(error.message)

    sync_client.uploads.upload(papers / "manual.md", on_file_complete=listen)
    assert said and "callback" in said[0]


def test_the_interpreter_ends_though_nothing_was_closed(tmp_path: Path) -> None:
    code = f"""
        from pinakes import Settings, SyncPinakes
        client = SyncPinakes(settings=Settings(library={str(tmp_path / "library")!r}, ocr="none", workers=1))
        client.files.upload(b"Pump.", filename="pump.txt")
        session = client.chat_session().__enter__()
        stream = session.send_stream("pump?")
        next(stream)
        print("left")
    """
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    noise = [line for line in done.stderr.splitlines() if line and not line.startswith("Executing <")]
    assert (done.returncode, done.stdout, noise) == (0, "left\n", [])
    with SyncPinakes(settings=Settings(library=tmp_path / "library", ocr="none", workers=1)) as client:
        assert client.files.list().total_count == 1


def test_pipelines_and_lists(sync_client: SyncPinakes, papers: Path) -> None:
    sync_client.upload(papers)
    pipeline = sync_client.pipeline()
    assert pipeline.search_documents("vibration") is pipeline and len(pipeline.steps) == 1
    assert pipeline.run().success
    assert {file.filename for file in sync_client.files.list_all(page_size=1)} == {"manual.md", "memo.txt"}
    assert sync_client.async_client.files and sync_client.library.tenant == "default"
