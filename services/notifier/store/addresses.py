"""Addresses that mail came back from for good: none is sent there until the address changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.people import THE_STAFF
from services.notifier.store.tables import people, stopped_addresses
from shared.links import about_address
from shared.store.dialects import insert
from shared.store.places import Place, after

_WHOSE: Final = stopped_addresses.c.person_id


@dataclass(frozen=True, slots=True)
class Stop:
    """Why nothing more is sent to an address, and since when."""

    reason: str
    since: datetime


async def find_stop(conn: AsyncConnection, person_id: UUID, email: str) -> Stop | None:
    """Return what stopped this person's address, None if nothing has."""
    rows = await conn.execute(
        sa.select(stopped_addresses.c.reason, stopped_addresses.c.since).where(
            stopped_addresses.c.person_id == person_id,
            stopped_addresses.c.address == about_address(email),
        )
    )
    row = rows.first()
    return None if row is None else Stop(*row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Someone to whom nothing is sent, why, since when, and the mail that it was found by."""

    person_id: UUID
    reason: str
    since: datetime
    reminder_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedPage:
    """Some of them, longest stopped first, and where to go on if there are more."""

    stopped: tuple[Stopped, ...]
    next: Place | None


async def page_of_stopped(
    conn: AsyncConnection, place: Place | None, limit: int, *, staff_address: str | None
) -> StoppedPage:
    """Return people whose present address is stopped; of the staff, `staff_address` is that."""
    query = sa.select(
        *(stopped_addresses.c[name] for name in Stopped.__dataclass_fields__),
        stopped_addresses.c.address,
        sa.case((_WHOSE == THE_STAFF, staff_address), else_=people.c.email).label("email"),
    ).join(people, people.c.id == _WHOSE, isouter=True)
    if place is not None:
        query = query.where(after(place, stopped_addresses.c.since, _WHOSE))
    rows = await conn.execute(query.order_by(stopped_addresses.c.since, _WHOSE))
    found = [
        Stopped(**{name: row[name] for name in Stopped.__dataclass_fields__})
        for row in rows.mappings().all()
        if row["email"] is not None and row["address"] == about_address(row["email"])
    ]
    given = tuple(found[:limit])
    last = given[-1] if len(found) > limit else None
    return StoppedPage(
        stopped=given, next=Place(starts_at=last.since, id=last.person_id) if last else None
    )


async def is_stopped(conn: AsyncConnection, person_id: UUID, email: str) -> bool:
    return await find_stop(conn, person_id, email) is not None


async def count_stopped(conn: AsyncConnection) -> int:
    """Return to how many people nothing is sent, since their present address is stopped."""
    stopped = await conn.execute(
        sa.select(stopped_addresses.c.address, people.c.email).join(people, people.c.id == _WHOSE)
    )
    return sum(row.address == about_address(row.email) for row in stopped.all())


async def stop(
    conn: AsyncConnection,
    person_id: UUID,
    email: str,
    *,
    reason: str,
    reminder_id: UUID,
    now: datetime,
) -> bool:
    """Send nothing more to this person's address; False if that is so already."""
    values = {
        "person_id": person_id,
        "address": about_address(email),
        "reason": reason,
        "since": now,
        "reminder_id": reminder_id,
    }
    stopped = await conn.execute(
        insert(conn, stopped_addresses).values(values).on_conflict_do_nothing()
    )
    return stopped.rowcount == 1


async def start(conn: AsyncConnection, person_id: UUID, email: str) -> bool:
    """Send to this person's address again; False if nothing had stopped it."""
    started = await conn.execute(
        sa.delete(stopped_addresses).where(
            stopped_addresses.c.person_id == person_id,
            stopped_addresses.c.address == about_address(email),
        )
    )
    return started.rowcount > 0
