"""Clinicians, as last told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.store.changes import note_changes
from services.calendar_feed.store.tables import clinicians, feeds
from shared.store.dialects import insert


async def find_clinician(conn: AsyncConnection, id: UUID) -> Clinician | None:
    rows = await conn.execute(sa.select(clinicians).where(clinicians.c.id == id))
    row = rows.mappings().first()
    return Clinician(**row) if row else None


async def lock_clinician(conn: AsyncConnection, id: UUID) -> None:
    """Let nobody else count or add what this clinician has until the commit."""
    query = sa.select(clinicians.c.id).where(clinicians.c.id == id).with_for_update()
    await conn.execute(query)


async def save_clinician(conn: AsyncConnection, clinician: Clinician) -> None:
    values = asdict(clinician)
    statement = insert(conn, clinicians).values(values)
    await conn.execute(
        statement.on_conflict_do_update(index_elements=[clinicians.c.id], set_=values)
    )


async def said_of_all(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when the feeds of each of these were last said to have changed in every entry."""
    rows = await conn.execute(
        sa.select(
            clinicians.c.id, clinicians.c.links_at, sa.func.max(feeds.c.changed_at).label("at")
        )
        .outerjoin(feeds, feeds.c.clinician_id == clinicians.c.id)
        .where(clinicians.c.id.in_(ids))
        .group_by(clinicians.c.id, clinicians.c.links_at)
    )
    return {row.id: max(row.links_at, row.at or row.links_at) for row in rows.all()}


async def touch(
    conn: AsyncConnection, id: UUID, at: datetime, *, sessions: Collection[UUID]
) -> None:
    """Say that what this clinician's feeds show has changed, and of which sessions.

    `changed_at` never goes back.
    """
    later = sa.case((clinicians.c.changed_at > at, clinicians.c.changed_at), else_=at)
    await conn.execute(
        sa.update(clinicians)
        .where(clinicians.c.id == id)
        .values(version=clinicians.c.version + 1, changed_at=later)
    )
    await note_changes(conn, id, sessions)
