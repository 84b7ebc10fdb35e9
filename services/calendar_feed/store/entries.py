"""Entries, as last told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.domain.window import Window
from services.calendar_feed.store.tables import entries
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is needed of the stored row to tell whether news of it is news."""

    clinician_id: UUID
    revision: int
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What could be read, and the ids of rows that are no entry."""

    entries: tuple[Entry, ...]
    unreadable: tuple[str, ...]


async def find_known(conn: AsyncConnection, session_ids: Sequence[UUID]) -> dict[UUID, Known]:
    """Return what is known of those of these sessions that are."""
    rows = await conn.execute(
        sa.select(
            entries.c.session_id, entries.c.clinician_id, entries.c.revision, entries.c.created
        ).where(entries.c.session_id.in_(session_ids))
    )
    return {
        row.session_id: Known(
            clinician_id=row.clinician_id, revision=row.revision, created=row.created
        )
        for row in rows.all()
    }


async def save_entries(conn: AsyncConnection, saved: Sequence[Entry]) -> None:
    if not saved:
        return
    statement = insert(conn, entries)
    new = {column.name: statement.excluded[column.name] for column in entries.c}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=[entries.c.session_id], set_=new),
        [asdict(entry) for entry in saved],
    )


async def entries_in(conn: AsyncConnection, clinician_id: UUID, window: Window) -> Found:
    """Return the clinician's entries that begin in `window`; a bad row costs only itself."""
    rows = await conn.execute(
        sa.select(entries)
        .where(
            entries.c.clinician_id == clinician_id,
            entries.c.dtstart >= window.begins,
            entries.c.dtstart < window.ends,
        )
        .order_by(entries.c.dtstart, entries.c.session_id)
    )
    return _sorted_out(rows.mappings().all())


def _sorted_out(rows: Sequence[sa.RowMapping]) -> Found:
    found, unreadable = [], []
    for row in rows:
        try:
            found.append(Entry(**{**row, "status": Status(row["status"])}))
        except (ValueError, TypeError):
            unreadable.append(str(row["session_id"]))
    return Found(entries=tuple(found), unreadable=tuple(unreadable))
