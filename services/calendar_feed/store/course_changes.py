"""How often each course changed in a diary; a diary that it has left keeps the count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.series import Changes
from services.calendar_feed.store.readable import readable
from services.calendar_feed.store.tables import course_changes
from shared.store.dialects import insert


async def changes_of(
    conn: AsyncConnection, clinician_id: UUID, course_ids: Collection[UUID]
) -> dict[UUID, Changes]:
    """Return how often those of these courses that were ever in this diary changed in it."""
    rows = await conn.execute(
        sa.select(course_changes).where(
            course_changes.c.clinician_id == clinician_id,
            course_changes.c.course_id.in_(course_ids),
        )
    )
    return dict(readable(rows, _changes))


def _changes(row: sa.RowMapping) -> tuple[UUID, Changes]:
    return row["course_id"], Changes(count=row["count"], last_at=row["last_at"])


async def save_changes(
    conn: AsyncConnection, clinician_id: UUID, changes: Mapping[UUID, Changes]
) -> None:
    if not changes:
        return
    statement = insert(conn, course_changes)
    new = {name: statement.excluded[name] for name in ("count", "last_at")}
    keys = [course_changes.c.clinician_id, course_changes.c.course_id]
    await conn.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=new),
        [
            {
                "clinician_id": clinician_id,
                "course_id": course_id,
                "count": each.count,
                "last_at": each.last_at,
            }
            for course_id, each in sorted(changes.items())
        ],
    )
