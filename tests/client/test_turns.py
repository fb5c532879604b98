"""The turn runner: its log, reconnecting, cancelling, leases, and what a killed process leaves."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from turn_stage import WORDS, open_stage, until

from pinakes.core.chat import TurnStatus
from pinakes.core.errors import (
    LibraryError,
    ModelError,
    ResourceNotFoundError,
    SessionBusyError,
    ValidationError,
)
from pinakes.core.events import Envelope

KILLED = Path(__file__).parent / "killed_process.py"


@pytest.fixture
async def stage(tmp_path):
    async with open_stage(tmp_path) as opened:
        yield opened


def types(envelopes: list[Envelope]) -> list[str]:
    return [envelope.event.type for envelope in envelopes]


async def test_a_turn_is_logged_from_connection_to_complete(stage):
    turn_id = await stage.runner.start(await stage.session(), "Where is the tractor?")
    seen = await stage.all_events(turn_id)
    kinds = types(seen)
    assert kinds[:4] == ["connection", "user_input", "status", "thinking_step"]
    middle = ["tool_invocation", "status", "tool_result", "image_results", "status"]
    assert kinds[4:9] == middle
    assert set(kinds[9:-1]) == {"token"}
    assert kinds[-1] == "complete"
    assert [envelope.seq for envelope in seen] == list(range(1, len(seen) + 1))
    step = seen[3].event
    assert step.data["plan"]["steps"][0]["agent"] == "image_search"
    assert step.data["waves"] == [["s1"]]
    tokens = [envelope.event for envelope in seen if envelope.event.type == "token"]
    assert "".join(token.content for token in tokens) == tokens[-1].accumulated == WORDS
    assert [token.token_index for token in tokens] == list(range(len(tokens)))
    end = seen[-1].event
    assert (end.content, end.result_count, end.agents_used) == (WORDS, 1, ("image_search",))
    assert end.image_context[0]["image_id"] == "f1"


async def test_the_saved_log_is_what_was_seen(stage):
    turn_id = await stage.runner.start(await stage.session(), "Where?")
    seen = await stage.all_events(turn_id)
    await until(lambda: not stage.runner._live)
    assert await stage.all_events(turn_id) == seen
    turns = await stage.catalog.turns((await stage.catalog.get_turn(turn_id)).session_id)
    assert [(turn.status, turn.answer) for turn in turns] == [(TurnStatus.COMPLETE, WORDS)]


async def test_a_cut_stream_goes_on_at_every_place(stage):
    stage.writer.gate.clear()
    turn_id = await stage.runner.start(await stage.session(), "Where?")
    head = []
    async for envelope in stage.runner.events(turn_id):
        head.append(envelope)
        if envelope.event.type == "token":
            break
    followers = [asyncio.create_task(stage.all_events(turn_id, after)) for after in range(len(head) + 1)]
    await asyncio.sleep(0.02)
    stage.writer.gate.set()
    whole, *rest = await asyncio.gather(*followers)
    assert whole[: len(head)] == head
    assert list(rest) == [whole[after:] for after in range(1, len(head) + 1)]
    await until(lambda: not stage.runner._live)
    for after in range(len(whole) + 1):
        assert await stage.all_events(turn_id, after) == whole[after:]


async def test_nobody_has_to_read(stage):
    session_id = await stage.session()
    turn_id = await stage.runner.start(session_id, "Where?")
    await until(lambda: not stage.runner._live)
    assert (await stage.catalog.get_turn(turn_id)).answer == WORDS


async def test_the_question_is_saved_before_anything_runs(stage):
    stage.writer.gate.clear()
    session_id = await stage.session()
    turn_id = await stage.runner.start(session_id, "Where?")
    turn = await stage.catalog.get_turn(turn_id)
    assert (turn.question, turn.status) == ("Where?", TurnStatus.RUNNING)
    stage.writer.gate.set()
    await stage.all_events(turn_id)


async def test_who_saw_the_end_finds_it_saved(stage):
    turn_id = await stage.runner.start(await stage.session(), "Where?")
    async for envelope in stage.runner.events(turn_id):
        if envelope.event.type == "complete":
            saved = await stage.catalog.events(turn_id)
            assert saved[-1].event.type == "complete"
            assert (await stage.catalog.get_turn(turn_id)).status is TurnStatus.COMPLETE


async def test_cancelling_keeps_what_was_written_and_the_question(stage):
    stage.writer.gate.clear()
    session_id = await stage.session()
    turn_id = await stage.runner.start(session_id, "Where?")
    await until(lambda: stage.runner._live[turn_id].translator.accumulated.count(" ") == 2)
    assert await stage.runner.cancel(turn_id)
    seen = await stage.all_events(turn_id)
    assert (seen[-1].event.type, seen[-1].event.content) == ("cancelled", "The red tractor")
    assert (await stage.catalog.get_turn(turn_id)).status is TurnStatus.CANCELLED
    assert not await stage.runner.cancel(turn_id)
    stage.writer.gate.set()
    await stage.all_events(await stage.runner.start(session_id, "And now?"))
    assert stage.writer.requests[-1].history == ("Where?",)
    state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
    assert [message.text for message in state.values["messages"]] == ["Where?", "And now?", WORDS]


async def test_cancelled_before_it_began(stage):
    session_id = await stage.session()
    turn_id = await stage.runner.start(session_id, "Where?")
    await stage.runner.cancel(turn_id)
    assert types(await stage.all_events(turn_id)) == ["connection", "user_input", "cancelled"]
    again = await stage.runner.start(session_id, "Where?")
    assert types(await stage.all_events(again))[-1] == "complete"


async def test_an_error_ends_the_turn_typed(stage):
    stage.writer.error = ModelError("The model is gone; choose another.", model="x")
    session_id = await stage.session()
    turn_id = await stage.runner.start(session_id, "Where?")
    end = (await stage.all_events(turn_id))[-1].event
    assert (end.type, end.code, end.details) == ("error", "MODEL_ERROR", {"model": "x"})
    assert (await stage.catalog.get_turn(turn_id)).status is TurnStatus.ERROR
    stage.writer.error = None
    assert types(await stage.all_events(await stage.runner.start(session_id, "Again?")))[-1] == "complete"


async def test_an_internal_error_tells_no_secrets(stage):
    stage.writer.error = RuntimeError("password=hunter2")
    turn_id = await stage.runner.start(await stage.session(), "Where?")
    end = (await stage.all_events(turn_id))[-1].event
    assert (end.type, end.code) == ("error", "CHAT_ERROR")
    assert "hunter2" not in end.message


async def test_two_messages_at_once_are_answered_one_after_the_other(stage):
    session_id = await stage.session()
    ids = await asyncio.gather(*(stage.runner.start(session_id, f"Question {n}") for n in range(4)))
    ends = [types(await stage.all_events(turn_id))[-1] for turn_id in ids]
    assert ends == ["complete"] * 4
    state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
    assert len(state.values["messages"]) == 8
    assert [turn.ordinal for turn in await stage.catalog.turns(session_id)] == [1, 2, 3, 4]
    assert [len(request.history) for request in stage.planner.requests] == [0, 1, 2, 3]


async def test_or_the_second_is_refused(tmp_path):
    async with open_stage(tmp_path, wait_seconds=0) as stage:
        stage.writer.gate.clear()
        session_id = await stage.session()
        first = await stage.runner.start(session_id, "One?")
        with pytest.raises(SessionBusyError):
            await stage.runner.start(session_id, "Two?")
        stage.writer.gate.set()
        assert types(await stage.all_events(first))[-1] == "complete"
        assert types(await stage.all_events(await stage.runner.start(session_id, "Two?")))[-1] == "complete"


async def test_waiting_ends(tmp_path):
    async with open_stage(tmp_path, wait_seconds=0.05) as stage:
        stage.writer.gate.clear()
        session_id = await stage.session()
        first = await stage.runner.start(session_id, "One?")
        with pytest.raises(SessionBusyError):
            await stage.runner.start(session_id, "Two?")
        stage.writer.gate.set()
        await stage.all_events(first)


async def test_two_runners_on_one_library_take_turns_and_follow_each_other(tmp_path):
    async with open_stage(tmp_path) as one, open_stage(tmp_path, wait_seconds=0) as two:
        one.writer.gate.clear()
        session_id = await one.session()
        turn_id = await one.runner.start(session_id, "One?")
        with pytest.raises(SessionBusyError):
            await two.runner.start(session_id, "Two?")
        following = asyncio.create_task(two.all_events(turn_id))
        await asyncio.sleep(0.1)
        one.writer.gate.set()
        assert await following == await one.all_events(turn_id)
        await until(lambda: not one.runner._live)
        await two.all_events(await two.runner.start(session_id, "Two?"))
        assert two.planner.requests[0].history == ("One?",)


async def test_a_runner_that_lost_its_lease_stops(tmp_path):
    async with open_stage(tmp_path, lease_seconds=0.06) as stage:
        stage.writer.gate.clear()
        session_id = await stage.session()
        turn_id = await stage.runner.start(session_id, "One?")
        taken = False
        while not taken:  # the runner's renewal may come in between
            await stage.catalog.release_lease(session_id, stage.runner._leases._owner)
            taken = await stage.catalog.take_lease(session_id, "another", 30)
        end = (await stage.all_events(turn_id))[-1].event
        assert (end.type, end.code) == ("error", "SESSION_BUSY")


async def test_leaving_the_client_cancels_what_runs(tmp_path):
    async with open_stage(tmp_path) as stage:
        stage.writer.gate.clear()
        session_id = await stage.session()
        turn_id = await stage.runner.start(session_id, "One?")
    async with open_stage(tmp_path) as stage:
        assert (await stage.catalog.get_turn(turn_id)).status is TurnStatus.CANCELLED


async def test_bad_input_is_typed_and_leaves_no_turn(stage):
    session_id = await stage.session()
    for text in ("", " ", "x" * 10_001):
        with pytest.raises(ValidationError):
            await stage.runner.start(session_id, text)
    with pytest.raises(ResourceNotFoundError):
        await stage.runner.start("nowhere", "Hello?")
    with pytest.raises(ResourceNotFoundError):
        await stage.all_events("nothing")
    assert await stage.catalog.turns(session_id) == []


async def test_coming_back_in_another_process_goes_on(tmp_path):
    async with open_stage(tmp_path) as stage:
        session_id = await stage.session()
        await stage.all_events(await stage.runner.start(session_id, "Where?"))
    async with open_stage(tmp_path) as stage:
        await stage.all_events(await stage.runner.start(session_id, "Which of those?"))
        assert stage.planner.requests[0].history == ("Where?",)
        assert stage.planner.requests[0].focus.file_ids == ("f1",)


async def test_lost_checkpoints_are_made_again_from_the_log(tmp_path):
    async with open_stage(tmp_path) as stage:
        session_id = await stage.session()
        await stage.all_events(await stage.runner.start(session_id, "Where?"))
    for file in tmp_path.glob("checkpoints.sqlite*"):
        file.unlink()
    async with open_stage(tmp_path) as stage:
        await stage.all_events(await stage.runner.start(session_id, "And?"))
        state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
        assert [message.text for message in state.values["messages"]] == ["Where?", WORDS, "And?", WORDS]


@pytest.mark.parametrize("damage", ["cut", "no database"])
async def test_damaged_checkpoints_are_made_again_from_the_log(tmp_path, damage):
    async with open_stage(tmp_path) as stage:
        session_id = await stage.session()
        await stage.all_events(await stage.runner.start(session_id, "Where?"))
    file = tmp_path / "checkpoints.sqlite"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"no database at all " * 100)
    async with open_stage(tmp_path) as stage:
        await stage.all_events(await stage.runner.start(session_id, "And?"))
        state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
        assert [message.text for message in state.values["messages"]] == ["Where?", WORDS, "And?", WORDS]
    assert (tmp_path / "checkpoints.sqlite.damaged").is_file()


async def test_checkpoints_that_cannot_be_opened_say_so(tmp_path):
    (tmp_path / "checkpoints.sqlite").mkdir()
    with pytest.raises(LibraryError, match="cannot be used"):
        async with open_stage(tmp_path):
            pass


async def test_an_answer_that_only_the_checkpoint_knows_is_recovered(tmp_path):
    async with open_stage(tmp_path) as stage:
        session_id = await stage.session()
        turn_id = "11111111-1111-4111-8111-111111111111"
        await stage.catalog.add_turn(turn_id, session_id, "Where?")
        config = {"configurable": {"thread_id": session_id}}
        question = {"role": "user", "content": "Where?", "id": turn_id}
        await stage.graph.ainvoke({"messages": [question]}, config)
        messages = await stage.chats.get_messages(session_id)
        assert [message.content for message in messages] == ["Where?", WORDS]
        assert types(await stage.all_events(turn_id)) == ["complete"]


async def test_a_log_that_cannot_be_written_is_written_later(stage, monkeypatch):
    session_id, append, failures = (
        await stage.session(),
        stage.catalog.append_events,
        [OSError("disk full")] * 2,
    )

    async def broken(envelopes):
        if failures:
            raise failures.pop()
        await append(envelopes)

    monkeypatch.setattr(stage.catalog, "append_events", broken)
    stage.writer.gate.clear()
    turn_id = await stage.runner.start(session_id, "Where?")
    await until(lambda: not failures)
    stage.writer.gate.set()
    seen = await stage.all_events(turn_id)
    await until(lambda: not stage.runner._live)
    assert await stage.all_events(turn_id) == seen


async def test_an_end_that_could_not_be_saved_is_made_good_later(stage, monkeypatch):
    session_id = await stage.session()

    async def broken(*args, **settings):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(stage.catalog, "end_turn", broken)
        turn_id = await stage.runner.start(session_id, "Where?")
        assert types(await stage.all_events(turn_id))[-1] == "complete"
        await until(lambda: not stage.runner._live)
    assert (await stage.catalog.get_turn(turn_id)).status is TurnStatus.RUNNING
    await stage.all_events(await stage.runner.start(session_id, "And?"))
    first, second = await stage.catalog.turns(session_id)
    assert (first.status, first.answer, second.status) == (TurnStatus.COMPLETE, WORDS, TurnStatus.COMPLETE)


async def test_a_killed_process_loses_no_question(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(KILLED), str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    line = (await asyncio.wait_for(process.stdout.readline(), 300)).decode().split()
    os.kill(process.pid, signal.SIGKILL)
    await process.communicate()
    session_id, turn_id = line
    async with open_stage(tmp_path, owner="the process that has the library open") as stage:
        messages = await stage.chats.get_messages(session_id)
        assert [message.content for message in messages] == ["What was here?", "The red tractor"]
        assert messages[1].metadata["status"] == "interrupted"
        turn = await stage.catalog.get_turn(turn_id)
        assert turn.status is TurnStatus.INTERRUPTED
        end = (await stage.all_events(turn_id))[-1].event
        assert (end.type, end.retryable) == ("error", True)
        await stage.all_events(await stage.runner.start(session_id, "And now?"))
        assert stage.planner.requests[0].history == ("What was here?",)
