"""Holds: stored an hour a row, and read as far as they have not run out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.holds import Hold
from services.scheduler.domain.slots import Slot
from services.scheduler.store.diary import LONGEST
from services.scheduler.store.tables import held_hours


async def add(conn: AsyncConnection, hold: Hold) -> None:
    """Store the hold; after the lock of its clinician."""
    rows = [
        {
            "hold_id": hold.id,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "clinician_id": hold.clinician_id,
            "client_id": hold.client_id,
            "expires_at": hold.expires_at,
        }
        for slot in hold.slots
    ]
    await conn.execute(sa.insert(held_hours), rows)


async def find(conn: AsyncConnection, id: UUID) -> Hold | None:
    """Return the hold, also one that has run out and is not forgotten yet."""
    rows = (
        await conn.execute(
            sa.select(held_hours).where(held_hours.c.hold_id == id).order_by(held_hours.c.starts_at)
        )
    ).all()
    if not rows:
        return None
    return Hold(
        id=id,
        clinician_id=rows[0].clinician_id,
        client_id=rows[0].client_id,
        slots=tuple(Slot(starts_at=row.starts_at, ends_at=row.ends_at) for row in rows),
        expires_at=rows[0].expires_at,
    )


async def held_for(
    conn: AsyncConnection, client_id: UUID, span: Slot, *, now: datetime
) -> list[Slot]:
    """Return the hours within `span` that are kept for this client."""
    rows = await conn.execute(
        sa.select(held_hours.c.starts_at, held_hours.c.ends_at).where(
            held_hours.c.client_id == client_id, *_kept(span, now)
        )
    )
    return [Slot(starts_at=row.starts_at, ends_at=row.ends_at) for row in rows.all()]


async def held_of_clinicians(
    conn: AsyncConnection,
    clinician_ids: Collection[UUID],
    span: Slot,
    *,
    now: datetime,
    but: UUID | None = None,
) -> dict[UUID, list[Slot]]:
    """Return what is kept within `span` of each of these clinicians, except by `but`."""
    rows = await conn.execute(
        sa.select(held_hours.c.clinician_id, held_hours.c.starts_at, held_hours.c.ends_at).where(
            held_hours.c.clinician_id.in_(clinician_ids),
            held_hours.c.hold_id != (but or NOBODYS),
            *_kept(span, now),
        )
    )
    found: dict[UUID, list[Slot]] = {}
    for row in rows.all():
        slot = Slot(starts_at=row.starts_at, ends_at=row.ends_at)
        found.setdefault(row.clinician_id, []).append(slot)
    return found


async def held_of_client(
    conn: AsyncConnection, client_id: UUID, span: Slot, *, now: datetime
) -> list[Slot]:
    """Return what is kept within `span` for this client, with whichever clinician."""
    rows = await conn.execute(
        sa.select(held_hours.c.starts_at, held_hours.c.ends_at).where(
            held_hours.c.client_id == client_id, *_kept(span, now)
        )
    )
    return [Slot(starts_at=row.starts_at, ends_at=row.ends_at) for row in rows.all()]


async def remove(conn: AsyncConnection, id: UUID) -> bool:
    """Let all hours of the hold go; return whether there were any."""
    gone = await conn.execute(sa.delete(held_hours).where(held_hours.c.hold_id == id))
    return gone.rowcount > 0


async def forget_expired(conn: AsyncConnection, now: datetime) -> int:
    """Drop what has run out, and return how many hours that were."""
    gone = await conn.execute(sa.delete(held_hours).where(held_hours.c.expires_at <= now))
    return gone.rowcount


NOBODYS = UUID(int=0)  # the id of no hold


def _kept(span: Slot, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        held_hours.c.expires_at > now,
        held_hours.c.starts_at < span.ends_at,
        held_hours.c.starts_at > span.starts_at - LONGEST,  # bounds the search of the index
        held_hours.c.ends_at > span.starts_at,
    )
