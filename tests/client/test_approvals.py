"""Approvals through the client: in the stream's loop, days later, in another process, and twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from approval_stage import NAMES, open_stage, sort

from pinakes.core.approvals import ApprovalStatus
from pinakes.core.changes import ChangeSet
from pinakes.core.chat import ChatTokenType, TurnStatus
from pinakes.core.errors import (
    ChangeError,
    PlanDecidedError,
    PlanExpiredError,
    ResourceNotFoundError,
    ValidationError,
)
from pinakes.core.events import CLOSING
from pinakes.core.options import TurnOptions

LOOSE = dict.fromkeys(NAMES, "")
SORTED = dict.fromkeys(NAMES, "Sorted")
PENDING = ChatTokenType.PLAN_PENDING_APPROVAL


@pytest.fixture
async def stage(tmp_path):
    async with open_stage(tmp_path) as opened:
        await opened.fill()
        yield opened


async def paused(stage, session_id=None):
    """Ask for a proposal and return session, turn and what waits."""
    session_id = session_id or await stage.session()
    answer = await stage.chats.send("Sort my files", session_id=session_id)
    turn = (await stage.catalog.turns(session_id))[-1]
    return session_id, turn.id, answer.metadata["pending_approval"]


async def test_a_paused_send_returns_what_it_proposes(stage):
    session_id, turn_id, asked = await paused(stage)
    assert set(asked) == {"plan_id", "description", "changes", "expires_at"}
    assert len(asked["changes"]) == 4
    assert asked["description"].startswith("Create 1 folder (Sorted)")
    turn = await stage.catalog.get_turn(turn_id)
    assert (turn.status, turn.answer) == (TurnStatus.PENDING_APPROVAL, asked["description"])
    messages = await stage.chats.get_messages(session_id)
    assert [message.content for message in messages] == ["Sort my files", asked["description"]]
    assert messages[1].metadata["pending_approval"]["plan_id"] == asked["plan_id"]
    assert await stage.places() == LOOSE


async def test_approving_returns_what_was_done(stage):
    session_id, turn_id, asked = await paused(stage)
    response = await stage.chats.approve_plan(session_id, asked["plan_id"])
    assert (response.success, response.action_taken, response.status) == (True, "approve", "applied")
    assert response.message.endswith("Say “undo that” to take it back.")
    [entry] = await stage.catalog.history()
    assert response.results["entry_id"] == entry.id
    assert await stage.places() == SORTED
    turn = await stage.catalog.get_turn(turn_id)
    assert (turn.status, turn.answer) == (TurnStatus.COMPLETE, response.message)
    assert turn.metadata["changes"]["status"] == "applied"
    state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
    assert [m.text for m in state.values["messages"]] == ["Sort my files", response.message]


async def test_approving_inside_the_loop_lets_the_stream_go_on(stage):
    async with stage.chats.session() as session:
        tokens = []
        async for token in session.send_stream("Sort my files"):
            tokens.append(token)
            if token.type is PENDING:
                assert token.content == token.data["description"]
                assert token.data["plan"]["steps"][0]["agent"] == "folder_management"
                await session.approve_plan(token.data["plan_id"])
    kinds = [token.type for token in tokens]
    assert kinds.count(PENDING) == 1
    assert kinds[-1] is ChatTokenType.COMPLETE
    seqs = [token.seq for token in tokens]
    assert seqs == sorted(set(seqs))
    assert tokens[-1].data["metadata"]["changes"]["status"] == "applied"


async def test_not_waiting_in_the_loop_is_fine_too(stage):
    async with stage.chats.session() as session:
        last = None
        async for token in session.send_stream("Sort my files"):
            last = token
            if token.type is PENDING:
                response = await session.approve_plan(token.data["plan_id"], wait=False)
                assert response.results is None
        assert last.type is ChatTokenType.COMPLETE


async def test_going_on_without_a_decision_ends_the_stream_and_leaves_it_open(stage):
    session_id = await stage.session()
    tokens = [token async for token in stage.chats.send_stream("Sort my files", session_id=session_id)]
    assert tokens[-1].type is PENDING
    [approval] = await stage.catalog.open_approvals(session_id)
    assert approval.plan_id == tokens[-1].data["plan_id"]
    assert await stage.catalog.take_lease(session_id, "another", 1)


async def test_another_process_decides_and_both_segments_can_be_read_anywhere(tmp_path):
    async with open_stage(tmp_path) as one:
        await one.fill()
        session_id, turn_id, asked = await paused(one)
        first = await one.all_events(turn_id)
        assert first[-1].event.type == "plan_pending_approval"
    async with open_stage(tmp_path) as two:
        assert await two.all_events(turn_id) == first
    async with open_stage(tmp_path) as three:
        async with three.chats.session(session_id=session_id) as session:
            await session.approve_plan(asked["plan_id"])
        whole = await three.all_events(turn_id)
        assert whole[: len(first)] == first
        assert [e.seq for e in whole] == list(range(1, len(whole) + 1))
        assert whole[-1].event.type == "complete"
        assert sum(e.event.type in CLOSING for e in whole) == 2
        for after in range(len(whole) + 1):
            assert await three.all_events(turn_id, after) == whole[after:]
        assert await three.places() == SORTED


async def test_a_second_decision_is_refused(stage):
    session_id, _, asked = await paused(stage)
    await stage.chats.approve_plan(session_id, asked["plan_id"])
    for decide in (stage.chats.approve_plan, stage.chats.cancel_plan):
        with pytest.raises(PlanDecidedError):
            await decide(session_id, asked["plan_id"])
    assert await stage.journal() == 1


async def test_of_two_at_once_one_wins(stage):
    session_id, _, asked = await paused(stage)
    decisions = [stage.chats.approve_plan(session_id, asked["plan_id"]) for _ in range(4)]
    ends = await asyncio.gather(*decisions, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["PlanActionResponse"] + ["PlanDecidedError"] * 3
    assert await stage.journal() == 1


async def test_yes_and_no_at_once_tell_one_story(stage):
    session_id, _, asked = await paused(stage)
    await asyncio.gather(
        stage.chats.cancel_plan(session_id, asked["plan_id"]),
        stage.chats.approve_plan(session_id, asked["plan_id"]),
        return_exceptions=True,
    )
    approval = await stage.catalog.get_approval(asked["plan_id"])
    applied = approval.status is ApprovalStatus.APPLIED
    assert await stage.places() == (SORTED if applied else LOOSE)
    assert await stage.journal() == int(applied)


async def test_unknown_plans(stage):
    session_id, _, asked = await paused(stage)
    with pytest.raises(ResourceNotFoundError):
        await stage.chats.approve_plan(session_id, "nothing")
    with pytest.raises(ResourceNotFoundError):
        await stage.chats.approve_plan(await stage.session(), asked["plan_id"])


async def test_an_expired_plan_is_refused_and_its_turn_ends(tmp_path):
    async with open_stage(tmp_path, limits={"approval": timedelta(seconds=-1)}) as stage:
        await stage.fill()
        session_id, turn_id, asked = await paused(stage)
        for _ in range(2):
            with pytest.raises(PlanExpiredError):
                await stage.chats.approve_plan(session_id, asked["plan_id"])
        turn = await stage.catalog.get_turn(turn_id)
        assert turn.status is TurnStatus.COMPLETE
        assert "waited too long" in turn.answer
        assert await stage.places() == LOOSE


async def test_cancelling_with_a_reason(stage):
    session_id, _, asked = await paused(stage)
    response = await stage.chats.cancel_plan(session_id, asked["plan_id"], "I like it so")
    assert (response.action_taken, response.status) == ("cancel", "rejected")
    assert response.message == "Nothing was changed. You said: “I like it so”"
    assert await stage.journal() == 0


async def test_editing(stage):
    session_id, _, asked = await paused(stage)
    kept = [c for c in asked["changes"] if c.get("file_id")][:2]
    response = await stage.chats.edit_plan(session_id, asked["plan_id"], {"changes": kept})
    assert response.status == "applied"
    assert await stage.places() == {**SORTED, "c.txt": ""}


async def test_a_bad_edit_leaves_it_open(stage):
    session_id, _, asked = await paused(stage)
    approval = await stage.catalog.get_approval(asked["plan_id"])
    [*_, last] = approval.changes.changes
    forged = last.model_copy(update={"file_id": "another"})
    bad = approval.changes.model_copy(update={"changes": (forged,)})
    with pytest.raises(ChangeError) as caught:
        await stage.chats.edit_plan(session_id, asked["plan_id"], bad)
    assert caught.value.details["problems"][0]["change_id"] == last.id
    deep = last.model_copy(
        update={"after": last.after.model_copy(update={"folder_path": "/".join("abcdefghijkl")})}
    )
    with pytest.raises(ChangeError):
        await stage.chats.edit_plan(session_id, asked["plan_id"], ChangeSet(plan_id="x", changes=(deep,)))
    assert (await stage.chats.approve_plan(session_id, asked["plan_id"])).status == "applied"


async def test_responding_asks_again_in_the_same_turn(stage):
    session_id, turn_id, asked = await paused(stage)
    with pytest.raises(ValidationError):
        await stage.chats.respond_plan(session_id, asked["plan_id"], " ")
    response = await stage.chats.respond_plan(session_id, asked["plan_id"], "call it Letters")
    [again] = response.pending_actions
    assert response.status == "revised"
    assert again["plan_id"] != asked["plan_id"]
    with pytest.raises(PlanDecidedError):
        await stage.chats.approve_plan(session_id, asked["plan_id"])
    await stage.chats.approve_plan(session_id, again["plan_id"])
    assert await stage.places() == dict.fromkeys(NAMES, "Letters")
    kinds = [e.event.type for e in await stage.all_events(turn_id)]
    assert [kind for kind in kinds if kind in CLOSING] == ["plan_pending_approval"] * 2 + ["complete"]


async def test_words_that_are_wholly_a_decision_decide(stage):
    session_id, _, asked = await paused(stage)
    response = await stage.chats.respond_plan(session_id, asked["plan_id"], "no, only the first")
    assert response.status == "applied"
    before = dict.fromkeys(NAMES, "")
    assert len(set((await stage.places()).items()) - set(before.items())) == 1


async def test_drift_is_asked_about_again(stage):
    session_id, _, asked = await paused(stage)
    [gone] = [c["file_id"] for c in asked["changes"] if c.get("file_id")][:1]
    await stage.library.delete([gone])
    response = await stage.chats.approve_plan(session_id, asked["plan_id"])
    [again] = response.pending_actions
    assert (response.status, await stage.journal()) == ("revised", 1)  # the deletion alone
    assert len(again["changes"]) == 3
    await stage.chats.approve_plan(session_id, again["plan_id"])
    assert await stage.places() == {"b.txt": "Sorted", "c.txt": "Sorted"}


async def test_a_message_while_it_waits_is_answered_and_reminds(stage):
    session_id, _, asked = await paused(stage)
    answer = await stage.chats.send("Who are you?", session_id=session_id)
    assert answer.content.startswith("Hello.")
    assert f"Still waiting for your yes: {asked['description'].rstrip('.')}." in answer.content
    response = await stage.chats.approve_plan(session_id, asked["plan_id"])
    assert response.status == "applied"
    messages = [m.content for m in await stage.chats.get_messages(session_id)]
    assert messages == ["Sort my files", response.message, "Who are you?", answer.content]
    state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
    assert [m.text for m in state.values["messages"]] == messages


@pytest.mark.parametrize(
    ("word", "status", "places"), [("yes", "applied", SORTED), ("no", "rejected", LOOSE)]
)
async def test_a_decision_by_message(stage, word, status, places):
    session_id, turn_id, asked = await paused(stage)
    answer = await stage.chats.send(word, session_id=session_id)
    assert answer.metadata["changes"]["status"] == status
    assert await stage.places() == places
    first = await stage.catalog.get_turn(turn_id)
    assert (first.status, first.answer) == (TurnStatus.COMPLETE, asked["description"])
    assert (await stage.all_events(turn_id))[-1].event.type == "complete"
    with pytest.raises(PlanDecidedError):
        await stage.chats.approve_plan(session_id, asked["plan_id"])
    messages = [m.content for m in await stage.chats.get_messages(session_id)]
    state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
    assert [m.text for m in state.values["messages"]] == messages


async def test_refining_by_message_and_then_yes(stage):
    session_id, turn_id, _ = await paused(stage)
    again = await stage.chats.send("no, call it Letters", session_id=session_id)
    assert again.metadata["pending_approval"]
    assert (await stage.catalog.get_turn(turn_id)).status is TurnStatus.COMPLETE
    await stage.chats.send("ja, mach das", session_id=session_id)
    assert await stage.places() == dict.fromkeys(NAMES, "Letters")
    turns = await stage.catalog.turns(session_id)
    assert [turn.status for turn in turns] == [TurnStatus.COMPLETE] * 3


async def test_two_proposals_at_once_yes_means_the_newest(stage):
    session_id, first, one = await paused(stage)
    _, _, two = await paused(stage, session_id)
    await stage.chats.send("yes", session_id=session_id)
    assert (await stage.catalog.get_approval(two["plan_id"])).status is ApprovalStatus.APPLIED
    assert (await stage.catalog.get_turn(first)).status is TurnStatus.PENDING_APPROVAL
    response = await stage.chats.approve_plan(session_id, one["plan_id"])
    assert response.message.startswith("Nothing was changed: there is nothing left to do")
    assert await stage.journal() == 1


async def test_a_message_and_an_approval_at_once(stage):
    session_id, _, asked = await paused(stage)
    answer, decided = await asyncio.gather(
        stage.chats.send("Who are you?", session_id=session_id),
        stage.chats.approve_plan(session_id, asked["plan_id"]),
    )
    assert answer.content.startswith("Hello.")
    assert decided.status == "applied"
    assert await stage.journal() == 1


async def test_an_approval_survives_lost_checkpoints(tmp_path):
    async with open_stage(tmp_path) as stage:
        await stage.fill()
        session_id, _, asked = await paused(stage)
    for file in tmp_path.glob("checkpoints.sqlite*"):
        file.unlink()
    async with open_stage(tmp_path) as stage:
        response = await stage.chats.approve_plan(session_id, asked["plan_id"])
        assert response.status == "applied"
        assert await stage.places() == SORTED
        state = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
        assert [m.text for m in state.values["messages"]] == ["Sort my files", response.message]


async def test_a_failure_after_the_yes_is_told_and_leaves_nothing_half_done(stage, monkeypatch):
    session_id, turn_id, asked = await paused(stage)

    async def broken(*args, **settings):
        raise OSError("disk full")

    monkeypatch.setattr(stage.library, "apply_changes", broken)
    response = await stage.chats.approve_plan(session_id, asked["plan_id"])
    assert not response.success
    assert (await stage.catalog.get_turn(turn_id)).status is TurnStatus.ERROR
    assert (await stage.catalog.get_approval(asked["plan_id"])).status is ApprovalStatus.REJECTED
    monkeypatch.undo()
    _, _, again = await paused(stage, session_id)
    await stage.chats.approve_plan(session_id, again["plan_id"])
    assert await stage.places() == SORTED


async def test_leaving_while_it_waits_cancels_nothing(tmp_path):
    async with open_stage(tmp_path) as stage:
        await stage.fill()
        session_id, turn_id, _ = await paused(stage)
    async with open_stage(tmp_path) as stage:
        assert (await stage.catalog.get_turn(turn_id)).status is TurnStatus.PENDING_APPROVAL
        answer = await stage.chats.send("yes", session_id=session_id)
        assert answer.metadata["changes"]["status"] == "applied"


async def test_agents_are_not_asked_again_for_a_yes(tmp_path):
    calls = []

    async def counted(task, context):
        calls.append(task)
        return await sort(task, context)

    async with open_stage(tmp_path, sort=counted) as stage:
        await stage.fill()
        session_id, _, asked = await paused(stage)
        await stage.chats.approve_plan(session_id, asked["plan_id"])
    assert len(calls) == 1


async def test_plans_are_asked_about_where_the_options_say_so(stage):
    session_id = await stage.session()
    options = TurnOptions.model_validate({"approval": "plan"})
    first = await stage.chats.send("Sort my files", session_id=session_id, options=options)
    asked = first.metadata["pending_approval"]
    assert asked["changes"] == []
    assert asked["description"].startswith("Run 1 step:")
    response = await stage.chats.approve_plan(session_id, asked["plan_id"])
    [again] = response.pending_actions
    assert len(again["changes"]) == 4
    await stage.chats.approve_plan(session_id, again["plan_id"])
    assert await stage.places() == SORTED


async def test_never_asking_through_the_client(stage):
    options = TurnOptions.model_validate({"approval": "never"})
    answer = await stage.chats.send("Sort my files", session_id=await stage.session(), options=options)
    assert answer.metadata["changes"]["status"] == "applied"
    assert await stage.places() == SORTED


async def test_an_expired_proposal_ends_when_someone_comes_back(tmp_path):
    async with open_stage(tmp_path, limits={"approval": timedelta(seconds=-1)}) as stage:
        await stage.fill()
        session_id, turn_id, _ = await paused(stage)
        answer = await stage.chats.send("Who are you?", session_id=session_id)
        assert answer.content == "Hello."
        await stage.chats.get_messages(session_id)
        turn = await stage.catalog.get_turn(turn_id)
        assert (turn.status, "waited too long" in turn.answer) == (TurnStatus.COMPLETE, True)


@pytest.mark.parametrize("by_message", [False, True])
async def test_cancelled_before_it_was_applied_is_not_applied_later(stage, monkeypatch, by_message):
    session_id, turn_id, asked = await paused(stage)
    applying = asyncio.Event()

    async def stuck(*args, **settings):
        applying.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(stage.library, "apply_changes", stuck)
        if by_message:
            running = await stage.runner.start(session_id, "yes")
        else:
            running = turn_id
            await stage.chats.approve_plan(session_id, asked["plan_id"], wait=False)
        await applying.wait()
        assert await stage.chats.cancel(running)
    assert (await stage.catalog.get_turn(running)).status is TurnStatus.CANCELLED
    approval = await stage.catalog.get_approval(asked["plan_id"])
    assert approval.status is ApprovalStatus.REJECTED
    first = (await stage.catalog.get_turn(turn_id)).status
    assert first is (TurnStatus.COMPLETE if by_message else TurnStatus.CANCELLED)
    answer = await stage.chats.send("Who are you?", session_id=session_id)
    assert answer.content == "Hello."
    assert await stage.journal() == 0
