"""Clinicians' own calendars, as last told: the whole of each at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.slots import Slot
from services.scheduler.store.tables import busy_blocks, busy_calendars
from shared.store.dialects import insert


async def save_calendar(
    conn: AsyncConnection,
    id: UUID,
    clinician_id: UUID,
    *,
    revision: int,
    read_at: datetime,
) -> bool:
    """Store when a calendar was last read; False if as late a revision is known.

    It counts as told to be stale for as long as no later reading is heard of.
    """
    values = {
        "id": id,
        "clinician_id": clinician_id,
        "revision": revision,
        "read_at": read_at,
        "stale": False,
    }
    told = sa.and_(busy_calendars.c.stale, busy_calendars.c.read_at >= read_at)
    statement = insert(conn, busy_calendars).values(values)
    saved = await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[busy_calendars.c.id],
            set_=values | {"stale": told},
            where=busy_calendars.c.revision < revision,
        )
    )
    return saved.rowcount == 1


async def remove_calendar(conn: AsyncConnection, id: UUID) -> None:
    await conn.execute(sa.delete(busy_blocks).where(busy_blocks.c.calendar_id == id))
    await conn.execute(sa.delete(busy_calendars).where(busy_calendars.c.id == id))


async def tell_stale(conn: AsyncConnection, before: datetime) -> list[UUID]:
    """Mark the calendars that were last read before then; return whose are newly so."""
    told = await conn.execute(
        sa.update(busy_calendars)
        .where(busy_calendars.c.read_at < before, sa.not_(busy_calendars.c.stale))
        .values(stale=True)
        .returning(busy_calendars.c.clinician_id)
    )
    return sorted(set(told.scalars()))


async def replace_blocks(
    conn: AsyncConnection, calendar_id: UUID, clinician_id: UUID, blocks: Sequence[Slot]
) -> None:
    """Let these, and no others, be what is taken in this calendar."""
    await conn.execute(sa.delete(busy_blocks).where(busy_blocks.c.calendar_id == calendar_id))
    if not blocks:
        return
    rows = [
        {
            "calendar_id": calendar_id,
            "clinician_id": clinician_id,
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
        }
        for each in sorted(set(blocks))
    ]
    await conn.execute(sa.insert(busy_blocks), rows)
