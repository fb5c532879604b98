"""Streams that are cut and taken up again give exactly the rest: at every place, later, and from another process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import approval_stage
import pytest
from turn_stage import WORDS, open_stage

from pinakes.core.chat import ChatTokenType
from pinakes.core.errors import ResourceNotFoundError


async def rest_of(session, turn_id, after):
    return [token async for token in session.resume(turn_id, after=after)]


async def check_every_cut(session, turn_id, whole):
    """Check that taking a turn up after each of its tokens gives what came after it, token for token."""
    for cut in range(len(whole) + 1):
        after = whole[cut - 1].seq if cut else 0
        assert await rest_of(session, turn_id, after) == whole[cut:], cut


async def test_a_running_stream_can_be_cut_at_every_place(tmp_path):
    async with open_stage(tmp_path) as stage, stage.chats.session() as session:
        whole = [token async for token in session.send_stream("Where?")]
        for cut in range(1, len(whole)):
            async with session.send_stream("Where?") as stream:
                seen = [await anext(stream) for _ in range(cut)]
            seen += await rest_of(session, stream.id, seen[-1].seq)
            told = [(token.seq, token.type, token.content) for token in seen[:-1]]
            assert told == [(token.seq, token.type, token.content) for token in whole[:-1]], cut
            assert seen[-1].content == WORDS


async def test_the_rest_is_the_same_later_and_from_another_process(tmp_path):
    async with open_stage(tmp_path) as stage, stage.chats.session() as session:
        async with session.send_stream("Where?") as stream:
            whole = [token async for token in stream]
        await check_every_cut(session, stream.id, whole)
        session_id = session.id
    async with open_stage(tmp_path) as stage, stage.chats.session(session_id=session_id) as session:
        await check_every_cut(session, stream.id, whole)
        await check_every_cut(session, None, whole)
        assert await rest_of(session, stream.id, 10_000) == []


async def test_days_later_another_process_approves_and_the_stream_goes_on(tmp_path):
    async with approval_stage.open_stage(tmp_path) as stage:
        await stage.fill()
        async with stage.chats.session() as session, session.send_stream("Sort my files") as stream:
            first = [token async for token in stream]
        assert first[-1].type is ChatTokenType.PLAN_PENDING_APPROVAL
        await check_every_cut(session, stream.id, first)
        session_id, plan_id = session.id, first[-1].data["plan_id"]
    later = datetime.now(UTC) + timedelta(days=6)
    async with approval_stage.open_stage(tmp_path, now=lambda: later) as stage:
        async with stage.chats.session(session_id=session_id) as session:
            assert await rest_of(session, None, first[-1].seq) == [], "it waits"
            assert (await session.approve_plan(plan_id)).status == "applied"
            rest = await rest_of(session, stream.id, first[-1].seq)
            assert rest[-1].type is ChatTokenType.COMPLETE and rest[0].seq == first[-1].seq + 1
            await check_every_cut(session, stream.id, first + rest)
        assert set((await stage.places()).values()) == {"Sorted"}
    async with approval_stage.open_stage(tmp_path) as stage:
        session = await stage.chats.session(session_id=session_id).__aenter__()
        await check_every_cut(session, stream.id, first + rest)


async def test_what_cannot_be_resumed_is_said(tmp_path):
    async with open_stage(tmp_path) as stage, stage.chats.session() as session:
        with pytest.raises(ResourceNotFoundError):
            await rest_of(session, None, 0)
        async with session.send_stream("Where?") as stream:
            assert [token async for token in stream]
        async with stage.chats.session() as other:
            with pytest.raises(ResourceNotFoundError):
                await rest_of(other, stream.id, 0)
            with pytest.raises(ResourceNotFoundError):
                await rest_of(other, "unknown", 0)
