"""The bytes that feeds were rendered to, kept so that a poll after a restart renders nothing."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.store.feeds import goes_on
from services.calendar_feed.store.tables import clients, feed_bodies, feed_gaps, feeds
from shared.store.dialects import insert

_HOW_MUCH: Final = (feed_gaps.c.unwritable, feed_gaps.c.no_room)
_KEPT: Final = [column for column in feed_bodies.c if column.name != "plain"]


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
class LeftOut:
    """How much is missing: what could not be written, and entries that found no room."""

    unwritable: int = 0
    no_room: int = 0


NOTHING: Final = LeftOut()


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The plain form of which only the compressed bytes are held: few readers want it."""

    gzipped: bytes
    etag: str

    @property
    def body(self) -> bytes:
        return gzip.decompress(self.gzipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A feed, plain and compressed; `changed_at` is aware and never later for equal states."""

    plain: Variant | Packed
    gzipped: Variant
    changed_at: datetime
    left_out: LeftOut = NOTHING

    @property
    def packed(self) -> Body:
        """The same in a sixth of the memory."""
        plain = Packed(gzipped=self.gzipped.body, etag=self.plain.etag)
        return replace(self, plain=plain)

    @property
    def size(self) -> int:
        """How many bytes it holds once it is packed."""
        return len(self.gzipped.body)


async def find_body(conn: AsyncConnection, state: State) -> Body | None:
    """Return the bytes that were made from this very state, if they are kept."""
    gaps = sa.outerjoin(feed_bodies, feed_gaps, feed_gaps.c.feed_id == feed_bodies.c.feed_id)
    rows = await conn.execute(sa.select(*_KEPT, *_HOW_MUCH).select_from(gaps).where(*_of(state)))
    row = rows.mappings().first()
    if row is None:
        return None
    return Body(
        plain=Packed(gzipped=row["gzipped"], etag=row["etag"]),
        gzipped=Variant(body=row["gzipped"], etag=row["gzipped_etag"]),
        changed_at=row["changed_at"],
        left_out=_left_out(row),
    )


async def save_bodies(conn: AsyncConnection, written: Sequence[tuple[State, Body]]) -> None:
    """Keep these bytes in place of what each feed had: an older state is found outdated again."""
    statement = insert(conn, feed_bodies)
    new = {column.name: statement.excluded[column.name] for column in feed_bodies.c}
    await conn.execute(
        statement.on_conflict_do_update(index_elements=[feed_bodies.c.feed_id], set_=new),
        [_row(state, body) for state, body in written],
    )
    ids = [state.feed_id for state, _ in written]
    await conn.execute(sa.delete(feed_gaps).where(feed_gaps.c.feed_id.in_(ids)))
    gaps = [
        {"feed_id": state.feed_id, **asdict(body.left_out)}
        for state, body in written
        if body.left_out != NOTHING
    ]
    if gaps:
        await conn.execute(sa.insert(feed_gaps), gaps)


async def forget_body(conn: AsyncConnection, feed_id: UUID) -> None:
    for table in (feed_bodies, feed_gaps):
        await conn.execute(sa.delete(table).where(table.c.feed_id == feed_id))


async def left_out_of(conn: AsyncConnection, feed_ids: Collection[UUID]) -> dict[UUID, LeftOut]:
    """Return how much these feeds leave out as they were last written; those that do."""
    query = sa.select(feed_gaps).where(feed_gaps.c.feed_id.in_(feed_ids))
    rows = (await conn.execute(query)).mappings().all()
    return {row["feed_id"]: _left_out(row) for row in rows}


async def left_out_now(conn: AsyncConnection, today: date) -> LeftOut:
    """Return how much all feeds that still show something, and own calendars, leave out."""
    rows = await conn.execute(
        sa.select(*(sa.func.sum(column).label(column.name) for column in _HOW_MUCH))
        .outerjoin(feeds, feeds.c.id == feed_gaps.c.feed_id)
        .where(feeds.c.revoked_at.is_(None), goes_on(today))
    )
    return _left_out(rows.mappings().one())


def _left_out(row: sa.RowMapping) -> LeftOut:
    return LeftOut(**{column.name: row[column.name] or 0 for column in _HOW_MUCH})


async def forget_unread(conn: AsyncConnection, *, before: date) -> int:
    """Forget the clients' own calendars that nobody has read since the window began then."""
    forgotten = await conn.execute(
        sa.delete(feed_bodies).where(
            feed_bodies.c.first_day < before,
            feed_bodies.c.feed_id.in_(sa.select(clients.c.id)),
        )
    )
    await _forget_gaps(conn)
    return forgotten.rowcount


async def forget_written_otherwise(conn: AsyncConnection, rendering: str) -> None:
    await conn.execute(sa.delete(feed_bodies).where(feed_bodies.c.rendering != rendering))
    await _forget_gaps(conn)


async def _forget_gaps(conn: AsyncConnection) -> None:
    """Forget what is missing in bytes that are not kept any more."""
    kept = sa.select(feed_bodies.c.feed_id)
    await conn.execute(sa.delete(feed_gaps).where(feed_gaps.c.feed_id.not_in(kept)))


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
