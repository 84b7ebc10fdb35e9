"""Clients, as last told: of a name no more than its initials."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.rising import after
from services.calendar_feed.store.tables import clients, entries, feed_bodies
from shared.store.dialects import insert

Initials = Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client as the feeds know one: initials, and whose links are good since when."""

    id: UUID
    revision: int
    initials: str
    link_generation: int
    links_at: datetime
    version: int
    changed_at: datetime


async def find_client(conn: AsyncConnection, id: UUID) -> Client | None:
    rows = await conn.execute(sa.select(clients).where(clients.c.id == id))
    row = rows.mappings().first()
    return Client(**row) if row else None


async def save_client(conn: AsyncConnection, client: Client) -> None:
    values = asdict(client)
    statement = insert(conn, clients).values(values)
    await conn.execute(statement.on_conflict_do_update(index_elements=[clients.c.id], set_=values))


async def initials_of(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    rows = await conn.execute(
        sa.select(clients.c.id, clients.c.initials).where(clients.c.id.in_(ids))
    )
    return {row.id: row.initials for row in rows.all()}


async def clinicians_of(conn: AsyncConnection, client_id: UUID) -> list[UUID]:
    """Return in whose diaries this client stands alone: of a group nobody is told."""
    rows = await conn.execute(
        sa.select(entries.c.clinician_id)
        .where(entries.c.client_id == client_id)
        .distinct()
        .order_by(entries.c.clinician_id)
    )
    return list(rows.scalars().all())


async def touch_clients(conn: AsyncConnection, ids: Collection[UUID], at: datetime) -> None:
    """Say that what these clients' own calendars show has changed at `at`, or a second later."""
    rows = await conn.execute(
        sa.select(clients.c.id, clients.c.changed_at).where(clients.c.id.in_(ids))
    )
    changed = [{"of": row.id, "at": after(at, row.changed_at)} for row in rows.all()]
    if changed:
        statement = sa.update(clients).where(clients.c.id == sa.bindparam("of"))
        await conn.execute(
            statement.values(version=clients.c.version + 1, changed_at=sa.bindparam("at")), changed
        )


async def clients_written_otherwise(conn: AsyncConnection, rendering: str) -> list[UUID]:
    """Return whose own calendars are kept, and of another rendering."""
    rows = await conn.execute(
        sa.select(clients.c.id)
        .join(feed_bodies, feed_bodies.c.feed_id == clients.c.id)
        .where(feed_bodies.c.rendering != rendering)
        .order_by(clients.c.id)
    )
    return list(rows.scalars().all())
