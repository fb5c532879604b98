"""Going back: history, branches, edited questions; the original stays as it is."""

from __future__ import annotations

import asyncio

import approval_stage
import pytest
from turn_stage import WORDS, open_stage, until

from pinakes.core.chat import ChatTokenType, TurnStatus
from pinakes.core.errors import (
    ModelError,
    PlanDecidedError,
    ResourceNotFoundError,
    SessionBusyError,
    ValidationError,
)
from pinakes.graph.messages import answer_id


async def ask(stage, session_id, *questions):
    """Ask in turn, each answered by its own words, and return the questions' ids."""
    ids = []
    for question in questions:
        stage.writer.text = f"Answer to {question}"
        await stage.chats.send(question, session_id=session_id)
        ids.append((await stage.chats.history(session_id))[-1].message_id)
    return ids


async def said(stage, session_id):
    return [message.content for message in await stage.chats.get_messages(session_id)]


async def state(stage, session_id):
    found = await stage.graph.aget_state({"configurable": {"thread_id": session_id}})
    return [message.text for message in found.values.get("messages", ())], found.values.get("focus") or {}


async def test_history_tells_questions_and_answers(tmp_path):
    async with open_stage(tmp_path) as stage, stage.chats.session() as session:
        assert await session.history() == []
        one, two = await ask(stage, session.id, "One?", "Two?")
        found = await session.history()
        assert [(t.message_id, t.question, t.answer_preview) for t in found] == [
            (one, "One?", "Answer to One?"),
            (two, "Two?", "Answer to Two?"),
        ]
        assert found[0].answer_id == answer_id(one) and found[0].asked_at <= found[1].asked_at
        with pytest.raises(ResourceNotFoundError):
            await stage.chats.history("nowhere")


async def test_a_branch_goes_on_from_a_message_and_the_original_stays(tmp_path):
    async with (
        open_stage(tmp_path) as stage,
        stage.chats.session(image_ids=["f1"], use_all_images=False) as session,
    ):
        one, two, three = await ask(stage, session.id, "One?", "Two?", "Three?")
        await session.update_domain("mining")
        before = await said(stage, session.id), await state(stage, session.id)
        branch = await session.branch(answer_id(two), title="Other way")
        assert branch.session.title == "Other way" and branch.session.total_messages == 4
        assert await said(stage, branch.id) == ["One?", "Answer to One?", "Two?", "Answer to Two?"]
        messages, focus = await state(stage, branch.id)
        assert messages == await said(stage, branch.id)
        assert focus["file_ids"] == ["f1"] and focus["intent"] == "Two?"
        async with branch:
            stage.writer.text = "Another end"
            await branch.send("And then?")
        request = stage.planner.requests[-1]
        assert request.history == ("One?", "Two?") and request.focus.intent == "Two?"
        assert request.options.domain == "mining" and request.options.image_ids == ("f1",)
        assert (await said(stage, branch.id))[-2:] == ["And then?", "Another end"]
        assert (await said(stage, session.id), await state(stage, session.id)) == before
        ids = {turn.message_id for turn in await branch.history()}
        assert not ids & {one, two, three}, "messages of a branch are its own"


async def test_a_branch_from_the_question_has_its_answer_and_the_logs_can_be_read(tmp_path):
    async with open_stage(tmp_path) as stage, stage.chats.session() as session:
        (one,) = await ask(stage, session.id, "One?")
        branch = await session.branch(one)
        assert branch.session.title == "One? (branch)"
        again = await branch.branch((await branch.history())[0].message_id)
        assert again.session.title == "One? (branch)"
        tokens = [token async for token in again.resume()]
        assert (tokens[-1].type, tokens[-1].content) == (ChatTokenType.COMPLETE, "Answer to One?")
        turn = (await again.history())[0]
        assert tokens[0].data["message_id"] == tokens[-1].data["message_id"] == turn.answer_id
        metadata = (await again.get_messages())[1].metadata
        assert metadata["branched_from"]["session_id"] == branch.id
        with pytest.raises(ResourceNotFoundError):
            await branch.branch(one)
        with pytest.raises(ValidationError):
            await session.branch(one, title="x" * 256)


async def test_an_edited_question_is_asked_in_a_new_conversation(tmp_path):
    async with open_stage(tmp_path) as stage, stage.chats.session() as session:
        one, two, _ = await ask(stage, session.id, "One?", "Two?", "Three?")
        stage.writer.text = "Better"
        answer = await session.edit(two, "Two, but so?")
        assert answer.session_id != session.id
        assert await said(stage, answer.session_id) == ["One?", "Answer to One?", "Two, but so?", "Better"]
        assert stage.planner.requests[-1].history == ("One?",)
        first = await session.edit(one, "Quite another?")
        assert await said(stage, first.session_id) == ["Quite another?", "Better"]
        assert stage.planner.requests[-1].history == () and not stage.planner.requests[-1].focus.file_ids
        assert len(await session.history()) == 3
        with pytest.raises(ValidationError):
            await session.edit(one, " ")
        assert (await stage.chats.list_sessions()).total == 3, "nothing is left of what was refused"


async def test_branches_after_a_restart_and_without_a_checkpoint(tmp_path):
    async with open_stage(tmp_path) as stage:
        session_id = await stage.session()
        one, two = await ask(stage, session_id, "One?", "Two?")
        stage.writer.text, stage.writer.error = WORDS, ModelError("Gone.")
        with pytest.raises(ModelError):
            await stage.chats.send("Fails?", session_id=session_id)
        failed = (await stage.chats.history(session_id))[-1].message_id
    async with open_stage(tmp_path) as stage:
        branch = await stage.chats.branch_session(session_id, one)
        assert (await state(stage, branch.id))[0] == ["One?", "Answer to One?"]
        late = await stage.chats.branch_session(session_id, failed)
        assert [turn.status for turn in await stage.chats.history(late.id)][-1] is TurnStatus.ERROR
        await stage.chats.send("Next?", session_id=late.id)
        assert stage.planner.requests[-1].history == ("One?", "Two?", "Fails?")
    for path in tmp_path.glob("checkpoints.sqlite*"):
        path.unlink()
    async with open_stage(tmp_path) as stage:
        branch = await stage.chats.branch_session(session_id, two)
        await stage.chats.send("And those?", session_id=branch.id)
        request = stage.planner.requests[-1]
        assert request.history == ("One?", "Two?")
        assert (request.focus.file_ids, request.focus.intent) == (("f1",), "Two?")
        assert (await said(stage, branch.id))[-1] == WORDS


async def test_what_is_still_being_answered_cannot_be_branched_from(tmp_path):
    async with open_stage(tmp_path) as stage, stage.chats.session() as session:
        (one,) = await ask(stage, session.id, "One?")
        stage.writer.text = WORDS
        stage.writer.gate.clear()
        async with session.send_stream("Two?") as stream:
            with pytest.raises(SessionBusyError):
                await session.branch(stream.id)
            branch = await session.branch(one)
            assert branch.session.total_messages == 2, "what came before can"
            assert await session.cancel()


async def test_a_proposal_stays_with_the_original(tmp_path):
    async with approval_stage.open_stage(tmp_path) as stage:
        await stage.fill()
        async with stage.chats.session() as session:
            await session.send("Hello")
            asked = await session.send("Sort my files")
            plan_id = asked.metadata["pending_approval"]["plan_id"]
            branch = await session.branch((await session.history())[-1].message_id)
            turn = (await branch.history())[-1]
            assert (turn.status, turn.answer_preview) == (TurnStatus.COMPLETE, asked.content)
            with pytest.raises(ResourceNotFoundError):
                await branch.approve_plan(plan_id)
            answer = await branch.send("yes, do it")
            assert "pending_approval" not in (answer.metadata or {})
            assert await stage.journal() == 0, "a yes in the branch decides nothing of the original"
            assert (await session.approve_plan(plan_id)).status == "applied"
            with pytest.raises(PlanDecidedError):
                await session.approve_plan(plan_id)
            assert [token async for token in branch.resume(turn.message_id)][-1].type == "complete"


async def test_cancelling_leaves_a_usable_session(tmp_path):
    async with open_stage(tmp_path) as stage, stage.chats.session() as session:
        assert not await session.cancel()
        stage.writer.gate.clear()
        async with session.send_stream("One?") as stream:
            waiting = asyncio.create_task(session.send("Two?"))
            async for token in stream:
                if token.type is ChatTokenType.TOKEN:
                    break
            assert await session.cancel()
        await until(lambda: len(stage.planner.requests) == 2)
        stage.writer.gate.set()
        assert (await waiting).content == WORDS, "what waited is answered next"
        assert [t.status for t in await session.history()] == [TurnStatus.CANCELLED, TurnStatus.COMPLETE]
        assert (await session.send("Three?")).content == WORDS
        assert stage.planner.requests[-1].history == ("One?", "Two?")
