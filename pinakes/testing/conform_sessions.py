"""Sessions, turns, events and leases; see `pinakes.testing.conform_catalog`."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from pinakes.core.chat import SessionRecord, TurnStatus
from pinakes.core.errors import ResourceNotFoundError, ValidationError
from pinakes.core.events import Complete, Envelope, Token
from pinakes.ports.catalog import Catalog
from pinakes.testing.refusal import refused
from pinakes.testing.samples import START


def session(name: str, *, minute: int = 0) -> SessionRecord:
    """Return a session with a selection, last used so many minutes after START."""
    moment = START + timedelta(minutes=minute)
    return SessionRecord(id=name, title="T", image_ids=("x", "y"), created_at=START, updated_at=moment)


def token(turn_id: str, seq: int, content: str = "word") -> Envelope:
    """Return a token event in its envelope."""
    return Envelope(seq=seq, turn_id=turn_id, at=START, event=Token(content=content))


class ConformSessions:
    """The suite's part on conversations."""

    async def test_session(self, catalog: Catalog, other: Catalog) -> None:
        """A session comes back, changes, and is a tenant's own."""
        await catalog.add_session(session("s"))
        assert await catalog.get_session("s") == session("s")
        await refused(other.get_session("s"), ResourceNotFoundError)
        await refused(other.update_session("s", title="x"), ResourceNotFoundError)
        await refused(catalog.add_session(session("s")), ValidationError)
        changed = await catalog.update_session("s", title="New", image_ids=(), is_active=False)
        assert (changed.title, changed.image_ids, changed.is_active) == ("New", (), False)
        assert changed.updated_at > START
        assert await catalog.get_session("s") == changed
        for fields in ({"id": "t"}, {"created_at": START}, {"colour": "red"}):
            await refused(catalog.update_session("s", **fields), ValidationError)

    async def test_sessions_last_used_first(self, catalog: Catalog) -> None:
        """Pages of sessions, the total, and active ones alone; a turn is a use."""
        for minute, name in enumerate("abc"):
            await catalog.add_session(session(name, minute=minute))
        await catalog.add_turn("t", "a", "Why?")
        listed, total = await catalog.list_sessions(limit=2)
        assert ([item.id for item in listed], total) == (["a", "c"], 3)
        listed, _ = await catalog.list_sessions(limit=2, offset=2)
        assert [item.id for item in listed] == ["b"]
        await catalog.update_session("b", is_active=False)
        listed, total = await catalog.list_sessions(active_only=True)
        assert ([item.id for item in listed], total) == (["a", "c"], 2)

    async def test_sessions_by_words(self, catalog: Catalog, other: Catalog) -> None:
        """Words are found in titles, questions and answers, whatever their case, and stand for themselves."""
        for minute, name in enumerate("abc"):
            await catalog.add_session(session(name, minute=minute))
            await catalog.add_turn(f"t-{name}", name, f"Question {name}")
        await catalog.update_session("a", title="Über 100%")
        await catalog.end_turn("t-b", TurnStatus.COMPLETE, answer="In the barn.")
        for words, expected in (
            ("ÜBER", "a"),
            ("0%", "a"),
            ("QUESTION C", "c"),
            ("the Barn", "b"),
            ("x", ""),
        ):
            listed, total = await catalog.list_sessions(words=words)
            assert ("".join(item.id for item in listed), total) == (expected, len(expected)), words
        assert (await other.list_sessions(words="barn"))[1] == 0

    async def test_branch(self, catalog: Catalog, other: Catalog) -> None:
        """A session comes with turns and their logs, or not at all."""
        await catalog.add_session(session("s"))
        await catalog.add_turn("t", "s", "Why?")
        await catalog.end_turn("t", TurnStatus.COMPLETE, answer="Because.", metadata={"found": True})
        turn = (await catalog.get_turn("t")).model_copy(update={"id": "u", "session_id": "b"})
        await catalog.add_branch(session("b"), [turn], [token("u", 1), token("u", 2)])
        assert await catalog.turns("b") == [turn]
        assert await catalog.events("u") == [token("u", 1), token("u", 2)]
        assert (await catalog.add_turn("v", "b", "And now?")).ordinal == 2
        clash = turn.model_copy(update={"session_id": "c"})
        await refused(catalog.add_branch(session("c"), [clash], []), ValidationError)
        await refused(catalog.get_session("c"), ResourceNotFoundError)
        await catalog.add_branch(session("d"), [], [])
        assert await catalog.turns("d") == [] and await other.turns("b") == []

    async def test_turns(self, catalog: Catalog, other: Catalog) -> None:
        """Turns are numbered from 1 and keep their outcome."""
        await catalog.add_session(session("s"))
        await refused(catalog.add_turn("t", "unknown", "Why?"), ResourceNotFoundError)
        for n in (1, 2, 3):
            turn = await catalog.add_turn(f"t{n}", "s", f"Question {n}")
            assert (turn.ordinal, turn.status, turn.ended_at) == (n, TurnStatus.RUNNING, None)
        await refused(catalog.add_turn("t1", "s", "again"), ValidationError)
        metadata = {"citations": [{"mark": "x"}], "token_count": 7}
        await catalog.end_turn("t2", TurnStatus.COMPLETE, answer="Because.", metadata=metadata)
        ended = await catalog.get_turn("t2")
        assert (ended.status, ended.answer, ended.metadata) == (TurnStatus.COMPLETE, "Because.", metadata)
        assert ended.token_count == 7
        assert ended.ended_at is not None
        assert [turn.id for turn in await catalog.turns("s")] == ["t1", "t2", "t3"]
        assert [turn.id for turn in await catalog.turns("s", limit=2)] == ["t2", "t3"]
        assert await other.turns("s") == []
        await refused(other.get_turn("t2"), ResourceNotFoundError)
        await refused(other.end_turn("t2", TurnStatus.ERROR), ResourceNotFoundError)

    async def test_waiting_turn_has_not_ended(self, catalog: Catalog) -> None:
        """A turn that waits for a decision has no end yet."""
        await catalog.add_session(session("s"))
        await catalog.add_turn("t", "s", "Move them.")
        await catalog.end_turn("t", TurnStatus.PENDING_APPROVAL)
        assert (await catalog.get_turn("t")).ended_at is None

    async def test_turns_at_once_get_their_own_ordinals(self, catalog: Catalog) -> None:
        """Two turns never share an ordinal."""
        await catalog.add_session(session("s"))
        turns = await asyncio.gather(*(catalog.add_turn(f"t{n}", "s", "?") for n in range(10)))
        assert sorted(turn.ordinal for turn in turns) == list(range(1, 11))

    async def test_events(self, catalog: Catalog, other: Catalog) -> None:
        """The log keeps order, ignores what it has, and tells what came after."""
        await catalog.add_session(session("s"))
        await catalog.add_turn("t", "s", "Why?")
        await catalog.append_events([])
        await catalog.append_events([token("t", 2), token("t", 1)])
        await catalog.append_events([token("t", 2, "changed"), token("t", 3)])
        done = Envelope(seq=4, turn_id="t", at=START, event=Complete(message_id="t", content="Because."))
        await catalog.append_events([done])
        logged = await catalog.events("t")
        assert logged == [token("t", 1), token("t", 2), token("t", 3), done]
        assert await catalog.events("t", after=2) == logged[2:]
        assert await other.events("t") == []
        await refused(catalog.append_events([token("unknown", 1)]), ResourceNotFoundError)

    async def test_lease(self, catalog: Catalog, other: Catalog) -> None:
        """One owner at a time, renewable, until it is given back or runs out."""
        assert await catalog.take_lease("s", "one", 60)
        assert await catalog.take_lease("s", "one", 60)
        assert not await catalog.take_lease("s", "two", 60)
        assert await other.take_lease("s", "two", 60)
        await catalog.release_lease("s", "two")
        assert not await catalog.take_lease("s", "two", 60)
        await catalog.release_lease("s", "one")
        assert await catalog.take_lease("s", "two", 0.01)
        await asyncio.sleep(0.05)
        assert await catalog.take_lease("s", "three", 60)

    async def test_lease_race(self, catalog: Catalog) -> None:
        """Of many who ask at once, one gets it."""
        taken = await asyncio.gather(*(catalog.take_lease("s", f"owner {n}", 60) for n in range(12)))
        assert sum(taken) == 1
