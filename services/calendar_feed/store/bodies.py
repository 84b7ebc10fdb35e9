"""The bytes that feeds were rendered to, kept so that a poll after a restart renders nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.store.tables import clients, feed_bodies
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a feed's bytes depend on: two equal states have equal bytes."""

    feed_id: UUID
    rendering: str
    feed_version: int
    diary_version: int
    first_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One form of the bytes, and the strong validator of exactly these (RFC 9110 8.8.3)."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A feed, plain and compressed; `changed_at` is aware and never later for equal states."""

    plain: Variant
    gzipped: Variant
    changed_at: datetime

    @property
    def size(self) -> int:
        return len(self.plain.body) + len(self.gzipped.body)


async def find_body(conn: AsyncConnection, state: State) -> Body | None:
    """Return the bytes that were made from this very state, if they are kept."""
    rows = await conn.execute(sa.select(feed_bodies).where(*_of(state)))
    row = rows.mappings().first()
    if row is None:
        return None
    return Body(
        plain=Variant(body=row["plain"], etag=row["etag"]),
        gzipped=Variant(body=row["gzipped"], etag=row["gzipped_etag"]),
        changed_at=row["changed_at"],
    )


async def save_bodies(conn: AsyncConnection, written: Sequence[tuple[State, Body]]) -> None:
    """Keep these bytes in place of what each feed had: an older state is found outdated again."""
    statement = insert(conn, feed_bodies)
    new = {column.name: statement.excluded[column.name] for column in feed_bodies.c}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=[feed_bodies.c.feed_id], set_=new),
        [_row(state, body) for state, body in written],
    )


async def forget_body(conn: AsyncConnection, feed_id: UUID) -> None:
    await conn.execute(sa.delete(feed_bodies).where(feed_bodies.c.feed_id == feed_id))


async def forget_unread(conn: AsyncConnection, *, before: date) -> int:
    """Forget the clients' own calendars that nobody has read since the window began then."""
    forgotten = await conn.execute(
        sa.delete(feed_bodies).where(
            feed_bodies.c.first_day < before,
            feed_bodies.c.feed_id.in_(sa.select(clients.c.id)),
        )
    )
    return forgotten.rowcount


async def forget_written_otherwise(conn: AsyncConnection, rendering: str) -> None:
    await conn.execute(sa.delete(feed_bodies).where(feed_bodies.c.rendering != rendering))


def _of(state: State) -> list[sa.ColumnElement[bool]]:
    return [feed_bodies.c[name] == getattr(state, name) for name in State.__dataclass_fields__]


def _row(state: State, body: Body) -> dict[str, object]:
    return {
        **{name: getattr(state, name) for name in State.__dataclass_fields__},
        "etag": body.plain.etag,
        "gzipped_etag": body.gzipped.etag,
        "plain": body.plain.body,
        "gzipped": body.gzipped.body,
        "changed_at": body.changed_at,
    }
