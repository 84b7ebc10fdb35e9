"""Rooms that were made for sessions, rooms being made, and arrivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.rooms import Room, Window
from services.scheduler.store.tables import session_arrivals, session_rooms
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A room as it is stored; while it is being made, by whom and until when."""

    room: Room
    claim: UUID | None
    claimed_until: datetime | None


async def add_room(
    conn: AsyncConnection, session_id: UUID, room: Room, claim: UUID, until: datetime
) -> bool:
    """Remember that `room` is being made; False if there is one already, or someone makes one."""
    values = _row(room) | {"session_id": session_id, "claim": claim, "claimed_until": until}
    made = await conn.execute(insert(conn, session_rooms).values(values).on_conflict_do_nothing())
    return made.rowcount == 1


async def find_room(conn: AsyncConnection, session_id: UUID) -> Remembered | None:
    return await _room(conn, sa.select(session_rooms).where(_of(session_id)))


async def lock_room(conn: AsyncConnection, session_id: UUID) -> Remembered | None:
    """Return the session's room and hold it until the commit."""
    return await _room(conn, sa.select(session_rooms).where(_of(session_id)).with_for_update())


async def claim_room(
    conn: AsyncConnection, session_id: UUID, room: Room, claim: UUID, until: datetime
) -> None:
    """Remember that `room` is being made in the place of what was there."""
    values = _row(room) | {"claim": claim, "claimed_until": until}
    await conn.execute(sa.update(session_rooms).where(_of(session_id)).values(values))


async def settle_room(conn: AsyncConnection, session_id: UUID, room: Room, claim: UUID) -> bool:
    """Remember `room` as made; False if the claim was lost to someone else."""
    values = _row(room) | {"claim": None, "claimed_until": None}
    mine = (_of(session_id), session_rooms.c.claim == claim)
    settled = await conn.execute(sa.update(session_rooms).where(*mine).values(values))
    return settled.rowcount == 1


async def forget_claim(conn: AsyncConnection, session_id: UUID, claim: UUID) -> None:
    """Forget a room that could not be made, unless someone else is making it now."""
    mine = (_of(session_id), session_rooms.c.claim == claim)
    await conn.execute(sa.delete(session_rooms).where(*mine))


async def forget_room(conn: AsyncConnection, session_id: UUID, room: Room) -> None:
    """Forget this very room, which its provider does not know any more."""
    same = (_of(session_id), session_rooms.c.name == room.name, session_rooms.c.claim.is_(None))
    await conn.execute(sa.delete(session_rooms).where(*same))


async def forget_rooms(conn: AsyncConnection, closed_before: datetime) -> int:
    """Forget the rooms whose window has long passed, and return how many."""
    passed = session_rooms.c.closes_at < closed_before
    return (await conn.execute(sa.delete(session_rooms).where(passed))).rowcount


async def arrive(conn: AsyncConnection, session_id: UUID, person_id: UUID, now: datetime) -> None:
    """Record that the person has come, again if need be."""
    values = {"session_id": session_id, "person_id": person_id, "arrived_at": now}
    statement = insert(conn, session_arrivals).values(values)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "person_id"], set_={"arrived_at": now}
        )
    )


async def arrived_since(
    conn: AsyncConnection, session_id: UUID, people: Sequence[UUID], since: datetime
) -> frozenset[UUID]:
    """Return which of `people` have come to the session from `since` on."""
    rows = await conn.execute(
        sa.select(session_arrivals.c.person_id).where(
            session_arrivals.c.session_id == session_id,
            session_arrivals.c.person_id.in_(people),
            session_arrivals.c.arrived_at >= since,
        )
    )
    return frozenset(rows.scalars().all())


def _of(session_id: UUID) -> sa.ColumnElement[bool]:
    return session_rooms.c.session_id == session_id


async def _room(conn: AsyncConnection, query: sa.Select[tuple[object, ...]]) -> Remembered | None:
    row = (await conn.execute(query)).first()
    if row is None:
        return None
    room = Room(
        provider=row.provider,
        name=row.name,
        window=Window(opens_at=row.opens_at, closes_at=row.closes_at),
        url=row.url,
        reference=row.reference,
    )
    return Remembered(room=room, claim=row.claim, claimed_until=row.claimed_until)


def _row(room: Room) -> dict[str, object]:
    return {
        "provider": room.provider,
        "name": room.name,
        "opens_at": room.window.opens_at,
        "closes_at": room.window.closes_at,
        "url": room.url,
        "reference": room.reference,
    }
