"""Sessions and who is in them, as last told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.sessions import CANCELLED, SCHEDULED, Matter, Session
from services.notifier.store.tables import participants, sessions, told
from shared.store.dialects import insert

AT_ONCE: Final = 1000  # ids in one statement
Expected = tuple[Session, tuple[UUID, ...]]


async def find_session(conn: AsyncConnection, session_id: UUID) -> Session | None:
    found = await _select(conn, sa.select(sessions).where(sessions.c.id == session_id))
    return found[0] if found else None


async def known_sessions(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Session]:
    found = await _select(conn, sa.select(sessions).where(sessions.c.id.in_(ids)))
    return {session.id: session for session in found}


async def participants_of(
    conn: AsyncConnection, ids: Sequence[UUID]
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


async def hold_any_session(conn: AsyncConnection, session_id: UUID) -> Session | None:
    """As `find_session`; it cannot change before this transaction ends."""
    statement = sa.select(sessions).where(sessions.c.id == session_id)
    found = await _select(conn, statement.with_for_update(read=True))
    return found[0] if found else None


async def hold_session(conn: AsyncConnection, session_id: UUID, client: UUID) -> Session | None:
    """As `hold_any_session`, if `client` is in it."""
    statement = _with(client).where(sessions.c.id == session_id)
    found = await _select(conn, statement.with_for_update(read=True, of=sessions))
    return found[0] if found else None


async def hold_free_sessions(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Session]:
    """Return and hold those of these sessions that nobody is changing: it waits for none."""
    rows = await conn.execute(_FREE, {"ids": list(ids)})
    return {row[0]: _session(dict(zip(_FIELDS, row, strict=True))) for row in rows.all()}


async def hold_course(conn: AsyncConnection, course_id: UUID, client: UUID) -> list[Session]:
    """Return the sessions of a course that `client` is in, and hold them as `hold_session` does."""
    statement = _with(client).where(sessions.c.course_id == course_id).order_by(sessions.c.id)
    return await _select(conn, statement.with_for_update(read=True, of=sessions))


async def revision_of(conn: AsyncConnection, matter: Matter) -> int:
    """Return the sum of the revisions of all its sessions, whoever is in them; 0 if unknown.

    A course only ever gains sessions and a session's revision only ever rises, so the sum does.
    """
    revisions = sa.select(sa.func.sum(sessions.c.revision)).where(_of(matter))
    return int(await conn.scalar(revisions) or 0)


async def hold_concerning(
    conn: AsyncConnection, matter: Matter, client: UUID, reader: UUID
) -> list[tuple[Session, bool]]:
    """Return its sessions that `client` is in or of which `reader` knows, and which it is.

    They are held as `hold_session` does.
    """
    in_it = sa.exists().where(
        participants.c.session_id == sessions.c.id, participants.c.person_id == client
    )
    heard = sa.exists().where(told.c.session_id == sessions.c.id, told.c.person_id == reader)
    rows = await conn.execute(
        sa.select(sessions, in_it.label("in_it"))
        .where(_of(matter), sa.or_(in_it, heard))
        .order_by(sessions.c.id)
        .with_for_update(read=True, of=sessions)
    )
    found = []
    for row in rows.mappings().all():
        values = dict(row)
        expected = bool(values.pop("in_it"))
        found.append((_session(values), expected))
    return found


async def latest_start(conn: AsyncConnection, client: UUID) -> datetime | None:
    """Return when the last session that `client` is in starts, of those that are not cancelled."""
    statement = (
        sa.select(sa.func.max(sessions.c.starts_at))
        .join(participants, participants.c.session_id == sessions.c.id)
        .where(participants.c.person_id == client, sessions.c.status != CANCELLED)
    )
    latest: datetime | None = await conn.scalar(statement)
    return latest


async def save_sessions(
    conn: AsyncConnection, saved: Sequence[tuple[Session, Iterable[UUID]]]
) -> None:
    """Store each session and exactly these people in it."""
    statement = insert(conn, sessions)
    new = {column.name: statement.excluded[column.name] for column in sessions.c}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=[sessions.c.id], set_=new),
        [_row(session) for session, _ in saved],
    )
    ids = [session.id for session, _ in saved]
    await conn.execute(sa.delete(participants).where(participants.c.session_id.in_(ids)))
    rows = [
        {"session_id": session.id, "person_id": person}
        for session, people in saved
        for person in dict.fromkeys(people)
    ]
    await conn.execute(sa.insert(participants), rows)


async def ahead_of(
    conn: AsyncConnection, now: datetime, *, clients: Collection[UUID] | None = None
) -> list[Expected]:
    """Return the sessions to come with who is expected at each; of some `clients`, or all."""
    ahead = sa.and_(sessions.c.starts_at > now, sessions.c.status == SCHEDULED)
    statement = sa.select(sessions).where(ahead)
    if clients is not None:
        inside = sa.select(participants.c.session_id).where(participants.c.person_id.in_(clients))
        statement = statement.where(sessions.c.id.in_(inside))
    found = await _select(conn, statement.order_by(sessions.c.id))
    people: dict[UUID, frozenset[UUID]] = {}
    for place in range(0, len(found), AT_ONCE):
        ids = [each.id for each in found[place : place + AT_ONCE]]
        people |= await participants_of(conn, ids)
    return [(each, tuple(sorted(people.get(each.id, ())))) for each in found]


async def day_of_clinician(
    conn: AsyncConnection, clinician_id: UUID, begins: datetime, ends: datetime
) -> list[Session]:
    """Return a clinician's sessions that start from `begins` on and before `ends`."""
    statement = sa.select(sessions).where(
        sessions.c.clinician_id == clinician_id,
        sessions.c.starts_at >= begins,
        sessions.c.starts_at < ends,
    )
    return await _select(conn, statement)


def _of(matter: Matter) -> sa.ColumnElement[bool]:
    if matter.course_id is None:
        return sessions.c.id == matter.session_id
    return sessions.c.course_id == matter.course_id


_FIELDS: Final = tuple(Session.__dataclass_fields__)
_FREE: Final = (
    sa.select(*(sessions.c[name] for name in _FIELDS))
    .where(sessions.c.id.in_(sa.bindparam("ids", expanding=True)))
    .with_for_update(read=True, skip_locked=True)
)


def _with(person: UUID) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(sessions)
        .join(participants, participants.c.session_id == sessions.c.id)
        .where(participants.c.person_id == person)
    )


async def _select(conn: AsyncConnection, statement: sa.Select[tuple[object, ...]]) -> list[Session]:
    rows = await conn.execute(statement)
    return [_session(row) for row in rows.mappings().all()]


def _session(row: Mapping[Any, Any]) -> Session:
    confirmed_by = frozenset(UUID(each) for each in row["confirmed_by"])
    return Session(**{**row, "confirmed_by": confirmed_by})


def _row(session: Session) -> dict[str, object]:
    row = {name: getattr(session, name) for name in Session.__dataclass_fields__}
    return row | {"confirmed_by": sorted(str(each) for each in session.confirmed_by)}
