"""Sessions and who is in them, as last told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.sessions import Session
from services.notifier.store.tables import participants, sessions
from shared.store.dialects import insert


async def find_session(conn: AsyncConnection, session_id: UUID) -> Session | None:
    found = await _select(conn, sa.select(sessions).where(sessions.c.id == session_id))
    return found[0] if found else None


async def hold_session(conn: AsyncConnection, session_id: UUID, person: UUID) -> Session | None:
    """As `find_session`, if `person` is in it; it cannot change before this transaction ends."""
    statement = _with(person).where(sessions.c.id == session_id)
    found = await _select(conn, statement.with_for_update(read=True, of=sessions))
    return found[0] if found else None


async def hold_course(conn: AsyncConnection, course_id: UUID, person: UUID) -> list[Session]:
    """Return the sessions of a course that `person` is in, and hold them as `hold_session` does."""
    statement = _with(person).where(sessions.c.course_id == course_id).order_by(sessions.c.id)
    return await _select(conn, statement.with_for_update(read=True, of=sessions))


async def save_session(conn: AsyncConnection, session: Session, people: Iterable[UUID]) -> None:
    """Store `session` and exactly these `people` in it."""
    values = asdict(session)
    statement = insert(conn, sessions).values(values)
    await conn.execute(statement.on_conflict_do_update(index_elements=[sessions.c.id], set_=values))
    await conn.execute(sa.delete(participants).where(participants.c.session_id == session.id))
    rows = [{"session_id": session.id, "person_id": person} for person in dict.fromkeys(people)]
    await conn.execute(sa.insert(participants), rows)


def _with(person: UUID) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(sessions)
        .join(participants, participants.c.session_id == sessions.c.id)
        .where(participants.c.person_id == person)
    )


async def _select(conn: AsyncConnection, statement: sa.Select[tuple[object, ...]]) -> list[Session]:
    rows = await conn.execute(statement)
    return [Session(**row) for row in rows.mappings().all()]
