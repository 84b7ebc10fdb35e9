"""Which session of a diary changed at which version of it; one that left is remembered."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.changes import Touched
from services.calendar_feed.store.tables import clinicians, diary_changes
from shared.store.dialects import insert


async def note_changes(
    conn: AsyncConnection, clinician_id: UUID, session_ids: Collection[UUID]
) -> None:
    """Remember that these sessions came, changed or left at the diary's present version."""
    if not session_ids:
        return
    rows = await conn.execute(
        sa.select(clinicians.c.version).where(clinicians.c.id == clinician_id)
    )
    version = rows.scalar_one_or_none() or 0
    statement = insert(conn, diary_changes)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[diary_changes.c.clinician_id, diary_changes.c.session_id],
            set_={"version": statement.excluded.version},
        ),
        [
            {
                "clinician_id": clinician_id,
                "session_id": session_id,
                "joined": version,
                "version": version,
            }
            for session_id in sorted(session_ids)
        ],
    )


async def changes_since(
    conn: AsyncConnection, clinician_id: UUID, version: int
) -> dict[UUID, Touched]:
    """Return every session that changed in this diary after `version`."""
    rows = await conn.execute(
        sa.select(diary_changes).where(
            diary_changes.c.clinician_id == clinician_id, diary_changes.c.version > version
        )
    )
    return {
        row["session_id"]: Touched(joined=row["joined"], version=row["version"])
        for row in rows.mappings().all()
    }
