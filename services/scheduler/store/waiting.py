"""The waiting list: in the order in which people came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.sessions import Kind
from services.scheduler.domain.waiting import Entry, EntryStatus
from services.scheduler.store.listing import Place
from services.scheduler.store.requests import window_rows, windows_in
from services.scheduler.store.tables import waiting_entries


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedEntries:
    """Entries that stand so, or all; after the one that was made then."""

    status: EntryStatus | None = None
    after: Place | None = None
    limit: int


async def add_entry(conn: AsyncConnection, entry: Entry) -> None:
    await conn.execute(sa.insert(waiting_entries).values(_row(entry)))


async def change_entry(conn: AsyncConnection, entry: Entry) -> None:
    await conn.execute(
        sa.update(waiting_entries)
        .where(waiting_entries.c.id == entry.id)
        .values(status=entry.status.value)
    )


async def find_entry(conn: AsyncConnection, id: UUID) -> Entry | None:
    rows = await conn.execute(sa.select(waiting_entries).where(waiting_entries.c.id == id))
    row = rows.first()
    return _entry(row) if row else None


async def lock_entry(conn: AsyncConnection, id: UUID) -> Entry | None:
    """Return the entry and hold it until the commit; after the locks of its people."""
    query = sa.select(waiting_entries).where(waiting_entries.c.id == id)
    row = (await conn.execute(query.with_for_update())).first()
    return _entry(row) if row else None


async def list_entries(conn: AsyncConnection, wanted: WantedEntries) -> list[Entry]:
    """Return entries in the order of the list."""
    table = waiting_entries
    query = sa.select(table).order_by(table.c.made_at, table.c.id).limit(wanted.limit)
    if wanted.status is not None:
        query = query.where(table.c.status == wanted.status.value)
    if wanted.after is not None:
        made_at, id = wanted.after.starts_at, wanted.after.id
        query = query.where(
            sa.or_(table.c.made_at > made_at, sa.and_(table.c.made_at == made_at, table.c.id > id))
        )
    return [_entry(row) for row in (await conn.execute(query)).all()]


async def everyone_waiting(conn: AsyncConnection) -> list[Entry]:
    """Return all who wait and have no offer, the first to have come first."""
    table = waiting_entries
    query = sa.select(table).where(table.c.status == EntryStatus.WAITING.value)
    rows = await conn.execute(query.order_by(table.c.made_at, table.c.id))
    return [_entry(row) for row in rows.all()]


def _row(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "made_at": entry.made_at,
        "status": entry.status.value,
        "client_id": entry.client_id,
        "clinician_id": entry.clinician_id,
        "kind": entry.kind.value,
        "sessions": entry.sessions,
        "windows": window_rows(entry.windows),
        "timezone": entry.timezone,
        "since": entry.since,
        "until": entry.until,
        "state": entry.state,
    }


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        made_at=row.made_at,
        status=EntryStatus(row.status),
        client_id=row.client_id,
        clinician_id=row.clinician_id,
        kind=Kind(row.kind),
        sessions=row.sessions,
        windows=windows_in(row.windows),
        timezone=row.timezone,
        since=row.since,
        until=row.until,
        state=row.state,
    )
