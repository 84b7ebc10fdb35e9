"""Sessions: what is taken, what is agreed, and what changes.

The database refuses an overlap of one person's active sessions row by row, so a change of
several sessions first deactivates their rows, then writes, then activates them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import time, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.sessions import Kind, Session, Status
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import agreed
from services.scheduler.store.tables import session_clients, sessions
from shared.zones import zone

LONGEST: Final = timedelta(days=1)  # the tables refuse a longer session

_ADD: Final = sa.insert(sessions)
_ADD_SIDES: Final = sa.insert(session_clients)


async def taken_of_clinician(
    conn: AsyncConnection, clinician_id: UUID, span: Slot, *, but: Collection[UUID] = ()
) -> list[Slot]:
    """Return the hours that the clinician's active sessions hold within `span`."""
    rows = await conn.execute(
        sa.select(sessions.c.starts_at, sessions.c.ends_at).where(
            sessions.c.clinician_id == clinician_id,
            sessions.c.id.not_in(but),
            *within(sessions, span),
        )
    )
    return [_slot(row) for row in rows.all()]


async def taken_of_clients(
    conn: AsyncConnection, client_ids: Sequence[UUID], span: Slot, *, but: Collection[UUID] = ()
) -> list[Slot]:
    """Return the hours that active sessions of any of these clients hold within `span`."""
    rows = await conn.execute(
        sa.select(session_clients.c.starts_at, session_clients.c.ends_at).where(
            session_clients.c.client_id.in_(client_ids),
            session_clients.c.session_id.not_in(but),
            *within(session_clients, span),
        )
    )
    return [_slot(row) for row in rows.all()]


async def add(
    conn: AsyncConnection, booked: Sequence[Session], *, usual: time | None = None
) -> None:
    """Store new sessions; the database refuses them all if one overlaps.

    `usual` is the time of day of their course, which is agreed also where a clock jumps over it.
    """
    await conn.execute(_ADD, [_row(session, usual) for session in booked])
    sides = [side for session in booked for side in _sides(session)]
    await conn.execute(_ADD_SIDES, sides)


async def change(
    conn: AsyncConnection, changed: Sequence[Session], *, usual: time | None = None
) -> None:
    """Store sessions as they now are, and who is expected at them.

    Among one another they may take each other's hours. The local hour that was agreed changes
    only with the instant, or with whose clock it is: not because the zone's rules did.
    """
    ids = [session.id for session in changed]
    await conn.execute(sa.update(sessions).where(sessions.c.id.in_(ids)).values(active=False))
    await conn.execute(sa.delete(session_clients).where(session_clients.c.session_id.in_(ids)))
    rows = [_row(each, usual) for each in changed]
    every_column: dict[str, sa.ColumnElement[object]] = {
        name: sa.bindparam(f"new_{name}", type_=sessions.c[name].type) for name in rows[0]
    }
    every_column["local_starts_at"] = _as_agreed(every_column)
    await conn.execute(
        sa.update(sessions).where(sessions.c.id == sa.bindparam("new_id")).values(every_column),
        [{f"new_{name}": value for name, value in row.items()} for row in rows],
    )
    await conn.execute(_ADD_SIDES, [s for each in changed for s in _sides(each)])


async def find(conn: AsyncConnection, id: UUID) -> Session | None:
    found = await read(conn, sa.select(sessions).where(sessions.c.id == id))
    return found[0] if found else None


async def lock(conn: AsyncConnection, id: UUID) -> Session | None:
    """Return the session and hold it until the commit; after the locks of its people."""
    found = await read(conn, sa.select(sessions).where(sessions.c.id == id).with_for_update())
    return found[0] if found else None


async def lock_of_course(conn: AsyncConnection, course_id: UUID) -> tuple[Session, ...]:
    """Return the sessions of a course by their ordinal and hold them until the commit."""
    query = sa.select(sessions).where(sessions.c.course_id == course_id)
    return tuple(
        await read(conn, query.order_by(sessions.c.ordinal, sessions.c.id).with_for_update())
    )


async def of_course(conn: AsyncConnection, course_id: UUID) -> tuple[Session, ...]:
    """Return the sessions of a course by their ordinal."""
    query = sa.select(sessions).where(sessions.c.course_id == course_id)
    return tuple(await read(conn, query.order_by(sessions.c.ordinal)))


async def scheduled_within(conn: AsyncConnection, clinician_id: UUID, span: Slot) -> list[Session]:
    """Return the clinician's sessions in `span` that are still to be held, by their start."""
    query = sa.select(sessions).where(
        sessions.c.clinician_id == clinician_id,
        sessions.c.status == Status.SCHEDULED.value,
        *within(sessions, span),
    )
    return await read(conn, query.order_by(sessions.c.starts_at, sessions.c.id))


async def read(conn: AsyncConnection, query: sa.Select[Any]) -> list[Session]:
    """Return the sessions whose rows `query` selects, with their clients."""
    rows = (await conn.execute(query)).all()
    found = await conn.execute(
        sa.select(
            session_clients.c.session_id, session_clients.c.client_id, session_clients.c.confirmed
        )
        .where(session_clients.c.session_id.in_([row.id for row in rows]))
        .order_by(session_clients.c.session_id, session_clients.c.place)
    )
    sides: dict[UUID, list[sa.Row[Any, Any, Any]]] = {}
    for side in found.all():
        sides.setdefault(side.session_id, []).append(side)
    return [_session(row, sides[row.id]) for row in rows]


def within(table: sa.Table, span: Slot) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.active,
        table.c.starts_at < span.ends_at,
        table.c.starts_at > span.starts_at - LONGEST,  # bounds the search of the index
        table.c.ends_at > span.starts_at,
    )


def _as_agreed(new: Mapping[str, sa.ColumnElement[object]]) -> sa.ColumnElement[object]:
    same_hour = sa.and_(
        sessions.c.starts_at == new["starts_at"], sessions.c.timezone == new["timezone"]
    )
    return sa.case((same_hour, sessions.c.local_starts_at), else_=new["local_starts_at"])


def _holds(session: Session) -> bool:
    return session.status is not Status.CANCELLED


def _row(session: Session, usual: time | None) -> dict[str, object]:
    return {
        "id": session.id,
        "revision": session.revision,
        "kind": session.kind.value,
        "course_id": session.course_id,
        "ordinal": session.ordinal,
        "clinician_id": session.clinician_id,
        "starts_at": session.slot.starts_at,
        "ends_at": session.slot.ends_at,
        "timezone": session.timezone,
        "status": session.status.value,
        "active": _holds(session),
        "links_expire_at": session.links_expire_at,
        "cancel_reason": session.cancel_reason,
        "cancelled_late": session.cancelled_late,
        "overbooked": session.overbooked,
        "local_starts_at": agreed(session.slot.starts_at, zone(session.timezone), usual),
    }


def _sides(session: Session) -> list[dict[str, object]]:
    return [
        {
            "session_id": session.id,
            "client_id": client_id,
            "place": place,
            "starts_at": session.slot.starts_at,
            "ends_at": session.slot.ends_at,
            "active": _holds(session),
            "overbooked": session.overbooked,
            "confirmed": client_id in session.confirmed_by,
        }
        for place, client_id in enumerate(session.client_ids)
    ]


def _slot(row: sa.Row[Any, Any]) -> Slot:
    return Slot(starts_at=row.starts_at, ends_at=row.ends_at)


def _session(row: sa.Row[Any], sides: Sequence[sa.Row[Any, Any, Any]]) -> Session:
    return Session(
        id=row.id,
        revision=row.revision,
        kind=Kind(row.kind),
        course_id=row.course_id,
        ordinal=row.ordinal,
        clinician_id=row.clinician_id,
        client_ids=tuple(side.client_id for side in sides),
        slot=Slot(starts_at=row.starts_at, ends_at=row.ends_at),
        timezone=row.timezone,
        status=Status(row.status),
        links_expire_at=row.links_expire_at,
        cancel_reason=row.cancel_reason,
        cancelled_late=row.cancelled_late,
        overbooked=row.overbooked,
        confirmed_by=tuple(side.client_id for side in sides if side.confirmed),
    )
