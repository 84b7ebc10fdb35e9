"""Sessions and who is in them, as last told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.sessions import Session
from services.notifier.store.tables import participants, sessions, told
from shared.store.dialects import insert


async def find_session(conn: AsyncConnection, session_id: UUID) -> Session | None:
    found = await _select(conn, sa.select(sessions).where(sessions.c.id == session_id))
    return found[0] if found else None


async def known_sessions(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Session]:
    found = await _select(conn, sa.select(sessions).where(sessions.c.id.in_(ids)))
    return {session.id: session for session in found}


async def participants_of(
    conn: AsyncConnection, ids: Collection[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """Return who is expected at each of these sessions."""
    rows = await conn.execute(
        sa.select(participants.c.session_id, participants.c.person_id).where(
            participants.c.session_id.in_(ids)
        )
    )
    found: dict[UUID, set[UUID]] = {}
    for row in rows.all():
        found.setdefault(row.session_id, set()).add(row.person_id)
    return {id: frozenset(people) for id, people in found.items()}


async def hold_session(conn: AsyncConnection, session_id: UUID, person: UUID) -> Session | None:
    """As `find_session`, if `person` is in it; it cannot change before this transaction ends."""
    statement = _with(person).where(sessions.c.id == session_id)
    found = await _select(conn, statement.with_for_update(read=True, of=sessions))
    return found[0] if found else None


async def hold_course(conn: AsyncConnection, course_id: UUID, person: UUID) -> list[Session]:
    """Return the sessions of a course that `person` is in, and hold them as `hold_session` does."""
    statement = _with(person).where(sessions.c.course_id == course_id).order_by(sessions.c.id)
    return await _select(conn, statement.with_for_update(read=True, of=sessions))


async def hold_concerning(
    conn: AsyncConnection, course_id: UUID, person: UUID
) -> list[tuple[Session, bool]]:
    """Return the sessions of a course that `person` is in or was told of, and which of the two.

    They are held as `hold_session` does.
    """
    in_it = sa.exists().where(
        participants.c.session_id == sessions.c.id, participants.c.person_id == person
    )
    heard = sa.exists().where(told.c.session_id == sessions.c.id, told.c.person_id == person)
    rows = await conn.execute(
        sa.select(sessions, in_it.label("in_it"))
        .where(sessions.c.course_id == course_id, sa.or_(in_it, heard))
        .order_by(sessions.c.id)
        .with_for_update(read=True, of=sessions)
    )
    found = []
    for row in rows.mappings().all():
        values = dict(row)
        expected = bool(values.pop("in_it"))
        found.append((Session(**values), expected))
    return found


async def save_sessions(
    conn: AsyncConnection, saved: Sequence[tuple[Session, Iterable[UUID]]]
) -> None:
    """Store each session and exactly these people in it."""
    statement = insert(conn, sessions)
    new = {column.name: statement.excluded[column.name] for column in sessions.c}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=[sessions.c.id], set_=new),
        [asdict(session) for session, _ in saved],
    )
    ids = [session.id for session, _ in saved]
    await conn.execute(sa.delete(participants).where(participants.c.session_id.in_(ids)))
    rows = [
        {"session_id": session.id, "person_id": person}
        for session, people in saved
        for person in dict.fromkeys(people)
    ]
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
