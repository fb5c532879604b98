"""Sessions, turns, the event log, leases and named values."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from pinakes.core.chat import SessionRecord, TurnRecord, TurnStatus
from pinakes.core.errors import ResourceNotFoundError, ValidationError
from pinakes.core.events import Envelope
from pinakes.library.adapters.sql.rows import TEXTS, to_text
from pinakes.library.adapters.sql.schema import now
from pinakes.library.adapters.sql.session_tables import EVENTS, LEASES, NAMED_VALUES, SESSIONS, TURNS
from pinakes.library.adapters.sql.store import TenantStore
from pinakes.library.names import folded

_LISTS = ("image_ids", "document_ids", "video_ids")
_FIXED = frozenset({"id", "created_at"})
_METADATA: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class SqlSessions(TenantStore):
    """The conversation half of the catalog."""

    async def add_session(self, record: SessionRecord) -> None:
        """Insert a session. Raises ValidationError if its id is taken."""
        try:
            async with self._database.write() as connection:
                row = _session_columns(record.model_dump())
                await connection.execute(SESSIONS.insert().values(self._row(**row)))
        except IntegrityError as error:
            raise ValidationError("A session with this id exists already.", id=record.id) from error

    async def get_session(self, session_id: str) -> SessionRecord:
        """Return a session. Raises ResourceNotFoundError."""
        async with self._database.read() as connection:
            return await self._session(connection, session_id)

    async def update_session(self, session_id: str, **fields: Any) -> SessionRecord:
        """Change fields of a session and return it. Raises ResourceNotFoundError, ValidationError."""
        wrong = sorted(set(fields) - (set(SessionRecord.model_fields) - _FIXED))
        if wrong:
            raise ValidationError(f"A session has no changeable field {', '.join(wrong)}.")
        changes = {"updated_at": now()} | fields
        async with self._database.write() as connection:
            known = await self._session(connection, session_id)
            checked = SessionRecord.model_validate(known.model_dump() | changes)
            row = _session_columns(checked.model_dump(include=set(changes)))
            await connection.execute(update(SESSIONS).where(self._one(SESSIONS, session_id)).values(row))
            return await self._session(connection, session_id)

    async def add_branch(
        self, record: SessionRecord, turns: Sequence[TurnRecord], envelopes: Sequence[Envelope]
    ) -> None:
        """Insert a session with turns that have ended, and their logs. Raises ValidationError if an id is taken."""
        try:
            async with self._database.write() as connection:
                row = self._row(**_session_columns(record.model_dump()))
                await connection.execute(SESSIONS.insert().values(row))
                if turns:
                    await connection.execute(TURNS.insert(), [self._row(**_turn_columns(t)) for t in turns])
                if envelopes:
                    await connection.execute(EVENTS.insert(), self._event_rows(envelopes))
        except IntegrityError as error:
            raise ValidationError("A session or turn with this id exists already.", id=record.id) from error

    async def list_sessions(
        self, *, limit: int = 20, offset: int = 0, active_only: bool = False, words: str | None = None
    ) -> tuple[list[SessionRecord], int]:
        """Return a page of sessions, last used first, and how many there are; with `words` those that have them."""
        where = [self._mine(SESSIONS)]
        if active_only:
            where.append(SESSIONS.c.is_active.is_(True))
        if words is not None:
            where.append(self._says(folded(words)))
        page = select(SESSIONS).where(*where).order_by(SESSIONS.c.updated_at.desc(), SESSIONS.c.id)
        async with self._database.read() as connection:
            total = await connection.scalar(select(func.count()).select_from(SESSIONS).where(*where))
            rows = (await connection.execute(page.limit(limit).offset(offset))).mappings().all()
        return [_to_session(row) for row in rows], total or 0

    def _says(self, words: str) -> ColumnElement[bool]:
        def has(column: ColumnElement[str]) -> ColumnElement[bool]:
            return self._database.folded(column).contains(words, autoescape=True)

        turns = select(TURNS.c.session_id).where(
            self._mine(TURNS), or_(has(TURNS.c.question), has(TURNS.c.answer))
        )
        return or_(has(SESSIONS.c.title), SESSIONS.c.id.in_(turns))

    def _event_rows(self, envelopes: Sequence[Envelope]) -> list[dict[str, Any]]:
        return [
            self._row(turn_id=envelope.turn_id, seq=envelope.seq, envelope=envelope.model_dump_json())
            for envelope in envelopes
        ]

    async def _session(self, connection: AsyncConnection, session_id: str) -> SessionRecord:
        found = await connection.execute(select(SESSIONS).where(self._one(SESSIONS, session_id)))
        row = found.mappings().one_or_none()
        if row is None:
            raise ResourceNotFoundError("There is no session with this id.", id=session_id)
        return _to_session(row)

    async def add_turn(self, turn_id: str, session_id: str, question: str) -> TurnRecord:
        """Insert a running turn with the next ordinal and return it.

        Raises ResourceNotFoundError for an unknown session, ValidationError if the id is taken.
        """
        started = now()
        last = select(func.max(TURNS.c.ordinal)).where(self._one(TURNS, session_id, "session_id"))
        try:
            async with self._database.write() as connection:
                await self._session(connection, session_id)
                ordinal = (await connection.scalar(last) or 0) + 1
                turn = TurnRecord(
                    id=turn_id, session_id=session_id, ordinal=ordinal, question=question, started_at=started
                )
                row = turn.model_dump() | {"metadata": "{}", "status": str(turn.status)}
                await connection.execute(TURNS.insert().values(self._row(**row)))
                await self._touch(connection, session_id)
        except IntegrityError as error:
            raise ValidationError("A turn with this id exists already.", id=turn_id) from error
        return turn

    async def end_turn(
        self, turn_id: str, status: TurnStatus, *, answer: str = "", metadata: dict[str, Any] | None = None
    ) -> None:
        """Record how a turn ended or what it waits for; `token_count` is taken from the metadata.

        Raises ResourceNotFoundError.
        """
        details = metadata or {}
        open_still = status in (TurnStatus.RUNNING, TurnStatus.PENDING_APPROVAL)
        ended = {
            "status": str(status),
            "answer": answer,
            "metadata": _METADATA.dump_json(details).decode(),
            "token_count": int(details.get("token_count") or 0),
            "ended_at": None if open_still else now(),
        }
        async with self._database.write() as connection:
            done = await connection.execute(update(TURNS).where(self._one(TURNS, turn_id)).values(ended))
            if not done.rowcount:
                raise ResourceNotFoundError("There is no turn with this id.", id=turn_id)
            session_id = select(TURNS.c.session_id).where(self._one(TURNS, turn_id))
            await self._touch(connection, (await connection.scalars(session_id)).one())

    async def get_turn(self, turn_id: str) -> TurnRecord:
        """Return a turn. Raises ResourceNotFoundError."""
        async with self._database.read() as connection:
            found = await connection.execute(select(TURNS).where(self._one(TURNS, turn_id)))
            row = found.mappings().one_or_none()
        if row is None:
            raise ResourceNotFoundError("There is no turn with this id.", id=turn_id)
        return _to_turn(row)

    async def turns(self, session_id: str, *, limit: int | None = None) -> list[TurnRecord]:
        """Return a session's turns, oldest first; with a limit, the last ones."""
        statement = select(TURNS).where(self._one(TURNS, session_id, "session_id"))
        async with self._database.read() as connection:
            newest_first = statement.order_by(TURNS.c.ordinal.desc()).limit(limit)
            rows = (await connection.execute(newest_first)).mappings().all()
        return [_to_turn(row) for row in reversed(rows)]

    async def _touch(self, connection: AsyncConnection, session_id: str) -> None:
        touched = update(SESSIONS).where(self._one(SESSIONS, session_id)).values(updated_at=now())
        await connection.execute(touched)

    async def append_events(self, envelopes: Sequence[Envelope]) -> None:
        """Append to turns' logs; a sequence number that exists is left as it is.

        Raises ResourceNotFoundError for an unknown turn.
        """
        rows = self._event_rows(envelopes)
        if not rows:
            return
        try:
            async with self._database.write() as connection:
                await connection.execute(self._database.insert_new(EVENTS), rows)
        except IntegrityError as error:
            raise ResourceNotFoundError("Events belong to a turn that was added before.") from error

    async def events(self, turn_id: str, *, after: int = 0) -> list[Envelope]:
        """Return a turn's events after a sequence number."""
        later = self._one(EVENTS, turn_id, "turn_id") & (EVENTS.c.seq > after)
        async with self._database.read() as connection:
            statement = select(EVENTS.c.envelope).where(later).order_by(EVENTS.c.seq)
            texts = (await connection.scalars(statement)).all()
        return [Envelope.model_validate_json(text) for text in texts]

    async def take_lease(self, session_id: str, owner: str, seconds: float) -> bool:
        """Take or renew the right to run a turn; False while another owner's has not run out."""
        moment = time.time()
        row = self._row(session_id=session_id, owner=owner, expires_at=moment + seconds)
        async with self._database.write() as connection:
            found = await connection.execute(
                select(LEASES).where(self._one(LEASES, session_id, "session_id"))
            )
            held = found.mappings().one_or_none()
            if held is not None and held["owner"] != owner and held["expires_at"] > moment:
                return False
            await connection.execute(self._database.upsert(LEASES, "owner", "expires_at").values(row))
        return True

    async def release_lease(self, session_id: str, owner: str) -> None:
        """Give the right back; another owner's is left alone."""
        mine = self._one(LEASES, session_id, "session_id") & (LEASES.c.owner == owner)
        async with self._database.write() as connection:
            await connection.execute(delete(LEASES).where(mine))

    async def get_value(self, key: str) -> str | None:
        """Return a named value."""
        statement = select(NAMED_VALUES.c.value).where(self._one(NAMED_VALUES, key, "key"))
        async with self._database.read() as connection:
            return (await connection.scalars(statement)).one_or_none()

    async def set_value(self, key: str, value: str) -> None:
        """Write a named value."""
        statement = self._database.upsert(NAMED_VALUES, "value").values(self._row(key=key, value=value))
        async with self._database.write() as connection:
            await connection.execute(statement)


def _session_columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_text(TEXTS, tuple(value)) if name in _LISTS else value for name, value in fields.items()}


def _to_session(row: Mapping[Any, Any]) -> SessionRecord:
    fields = {name: row[name] for name in SessionRecord.model_fields}
    return SessionRecord(**fields | {name: TEXTS.validate_json(row[name]) for name in _LISTS})


def _turn_columns(turn: TurnRecord) -> dict[str, Any]:
    written = {"metadata": _METADATA.dump_json(turn.metadata).decode(), "status": str(turn.status)}
    return turn.model_dump() | written


def _to_turn(row: Mapping[Any, Any]) -> TurnRecord:
    fields = {name: row[name] for name in TurnRecord.model_fields}
    return TurnRecord(**fields | {"metadata": _METADATA.validate_json(row["metadata"])})
