"""The ledger of fetches: which program read which feed, when, and which version it was given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.readers import Program, Reader
from services.calendar_feed.store.tables import feed_fetches, feed_readers
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """So many like answers to a program within a second, the last of them `at`.

    200 or 304, and the version of the diary that the program then had.
    """

    feed_id: UUID
    at: datetime
    program: Program
    status: int
    version: int
    count: int


@dataclass(slots=True)
class Fetches:
    """Like answers as they are gathered."""

    feed_id: UUID
    program: Program
    status: int
    version: int
    first_at: datetime
    last_at: datetime
    count: int = 1


async def note(conn: AsyncConnection, gathered: Sequence[Fetches]) -> None:
    """Store these fetches, and what they say of who reads each feed."""
    await conn.execute(
        insert(conn, feed_fetches).on_conflict_do_nothing(),
        [
            {
                "feed_id": each.feed_id,
                "at": each.last_at,
                "program": each.program,
                "status": each.status,
                "version": each.version,
                "count": each.count,
            }
            for each in gathered
        ],
    )
    statement = insert(conn, feed_readers)
    new, old = statement.excluded, feed_readers.c
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[old.feed_id, old.program],
            set_={
                "last_at": sa.case((new.last_at > old.last_at, new.last_at), else_=old.last_at),
                "version": sa.case((new.version > old.version, new.version), else_=old.version),
                "fetches": old.fetches + new.fetches,
            },
        ),
        _by_reader(gathered),
    )


def _by_reader(gathered: Sequence[Fetches]) -> list[dict[str, Any]]:
    """One row for each reader, in one order everywhere, so that two replicas cannot deadlock."""
    rows: dict[tuple[str, Program], dict[str, Any]] = {}
    for each in sorted(gathered, key=lambda fetches: fetches.first_at):
        row = rows.setdefault(
            (str(each.feed_id), each.program),
            {
                "feed_id": each.feed_id,
                "program": each.program,
                "first_at": each.first_at,
                "last_at": each.last_at,
                "fetches": 0,
                "version": each.version,
            },
        )
        row["last_at"] = max(row["last_at"], each.last_at)
        row["version"] = max(row["version"], each.version)
        row["fetches"] += each.count
    return [rows[key] for key in sorted(rows)]


async def readers_of(conn: AsyncConnection, feed_ids: Collection[UUID]) -> list[Reader]:
    """Return who has read these feeds, the last to do so first."""
    rows = await conn.execute(
        sa.select(feed_readers)
        .where(feed_readers.c.feed_id.in_(feed_ids))
        .order_by(feed_readers.c.last_at.desc(), feed_readers.c.program)
    )
    return [_reader(row) for row in rows.mappings().all()]


async def fetches_of(
    conn: AsyncConnection, feed_id: UUID, *, before: datetime | None, limit: int
) -> list[Fetch]:
    """Return the fetches of this feed that are kept, latest first."""
    query = sa.select(feed_fetches).where(feed_fetches.c.feed_id == feed_id)
    if before is not None:
        query = query.where(feed_fetches.c.at < before)
    rows = await conn.execute(
        query.order_by(feed_fetches.c.at.desc(), feed_fetches.c.program).limit(limit)
    )
    return [Fetch(**{**row, "program": Program(row["program"])}) for row in rows.mappings().all()]


async def forget_fetches(conn: AsyncConnection, *, before: datetime) -> int:
    gone = await conn.execute(sa.delete(feed_fetches).where(feed_fetches.c.at < before))
    return gone.rowcount


def _reader(row: sa.RowMapping) -> Reader:
    return Reader(**{**row, "program": Program(row["program"])})
