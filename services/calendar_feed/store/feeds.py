"""Feeds: found by their id, or by the hash of one of their tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.addresses import Address
from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.domain.feeds import Detail, Feed, Form
from services.calendar_feed.domain.window import Window
from services.calendar_feed.store.choices import choices_of, choices_row
from services.calendar_feed.store.readable import readable
from services.calendar_feed.store.tables import (
    clinicians,
    feed_addresses,
    feed_bodies,
    feed_window,
    feeds,
)
from services.calendar_feed.store.window import WINDOW_ID, window_of
from shared.store.places import Place, after

_OWNER = [column.label(f"owner_{column.name}") for column in clinicians.c]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All that decides a live feed's bytes but the entries themselves."""

    feed: Feed
    clinician: Clinician
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands at an address, and from what its bytes are made."""

    address: Address
    source: Source


async def add_feed(conn: AsyncConnection, feed: Feed, *, token_sha256: str) -> None:
    await conn.execute(sa.insert(feeds).values(_row(feed)))
    await add_address(conn, feed.id, token_sha256=token_sha256, at=feed.created_at)


async def save_feed(conn: AsyncConnection, feed: Feed) -> None:
    await conn.execute(sa.update(feeds).where(feeds.c.id == feed.id).values(_row(feed)))


async def find_feed(conn: AsyncConnection, id: UUID, own: UUID | None) -> Feed | None:
    """Return the feed if it is live, and of the clinician `own` unless that is None."""
    return await _one(conn, sa.select(feeds).where(feeds.c.id == id, *_live_of(own)))


async def hold_feed(conn: AsyncConnection, id: UUID, own: UUID | None) -> Feed | None:
    """As `find_feed`, held until the commit, so that of two changes one comes after the other."""
    live = sa.select(feeds).where(feeds.c.id == id, *_live_of(own))
    return await _one(conn, live.with_for_update())


async def hold_feeds_of(
    conn: AsyncConnection, clinician_ids: Sequence[UUID], detail: Detail
) -> list[tuple[Feed, datetime]]:
    """Return these clinicians' live feeds of that detail, each with the diary's last change.

    They are held until the commit.
    """
    theirs = sa.and_(feeds.c.clinician_id.in_(clinician_ids), feeds.c.detail == detail.value)
    return await _held(conn, theirs)


async def hold_written_otherwise(
    conn: AsyncConnection, rendering: str
) -> list[tuple[Feed, datetime]]:
    """As `hold_feeds_of`: the live feeds whose kept bytes are of another rendering."""
    written = sa.select(feed_bodies.c.feed_id).where(feed_bodies.c.rendering != rendering)
    return await _held(conn, feeds.c.id.in_(written))


async def _held(
    conn: AsyncConnection, which: sa.ColumnElement[bool]
) -> list[tuple[Feed, datetime]]:
    rows = await conn.execute(
        sa.select(feeds, clinicians.c.changed_at.label("diary_at"))
        .join(clinicians, clinicians.c.id == feeds.c.clinician_id)
        .where(which, *_live_of(None))
        .order_by(feeds.c.id)
        .with_for_update(of=feeds)
    )
    return list(readable(rows, lambda row: (_feed(row), row["diary_at"])))


async def save_versions(conn: AsyncConnection, changed: Sequence[Feed]) -> None:
    """Store of each of these the version, and when it was made."""
    if changed:
        statement = sa.update(feeds).where(feeds.c.id == sa.bindparam("of"))
        await conn.execute(
            statement.values(version=sa.bindparam("new"), changed_at=sa.bindparam("at")),
            [{"of": each.id, "new": each.version, "at": each.changed_at} for each in changed],
        )


async def _one(conn: AsyncConnection, query: sa.Select[Any]) -> Feed | None:
    row = (await conn.execute(query)).mappings().first()
    return _feed(row) if row else None


async def list_feeds(
    conn: AsyncConnection, clinician_id: UUID | None, *, place: Place | None = None, limit: int
) -> list[Feed]:
    """Return the live feeds, of one clinician or of all, oldest first, those after `place`."""
    query = sa.select(feeds).where(*_live_of(clinician_id))
    if place is not None:
        query = query.where(after(place, feeds.c.created_at, feeds.c.id))
    rows = await conn.execute(query.order_by(feeds.c.created_at, feeds.c.id).limit(limit))
    return [_feed(row) for row in rows.mappings().all()]


async def count_feeds(conn: AsyncConnection, clinician_id: UUID, today: date) -> int:
    """Return how many feeds of this clinician show something today."""
    rows = await conn.execute(
        sa.select(sa.func.count()).select_from(feeds).where(*_live_of(clinician_id), goes_on(today))
    )
    return int(rows.scalar_one())


async def add_address(
    conn: AsyncConnection, feed_id: UUID, *, token_sha256: str, at: datetime
) -> None:
    values = {"token_sha256": token_sha256, "feed_id": feed_id, "made_at": at}
    await conn.execute(sa.insert(feed_addresses).values(values))


async def end_addresses(conn: AsyncConnection, feed_id: UUID, *, good_until: datetime) -> None:
    """Let every address that the feed has now be good until then, and no longer than before."""
    column = feed_addresses.c.good_until
    await conn.execute(
        sa.update(feed_addresses)
        .where(feed_addresses.c.feed_id == feed_id, sa.or_(column.is_(None), column > good_until))
        .values(good_until=good_until)
    )


async def find_address(conn: AsyncConnection, token_sha256: str) -> Found | None:
    """Return, in one read, what stands at an address, None if it never was one."""
    rows = await conn.execute(
        _sources(
            feed_addresses.c.made_at,
            feed_addresses.c.good_until,
        )
        .join(feed_addresses, feed_addresses.c.feed_id == feeds.c.id)
        .where(feed_addresses.c.token_sha256 == token_sha256)
    )
    row = rows.mappings().first()
    if row is None:
        return None
    source = _source(row)
    address = Address(feed=source.feed, made_at=row["made_at"], good_until=row["good_until"])
    return Found(address=address, source=source)


async def find_source(conn: AsyncConnection, feed_id: UUID, own: UUID | None) -> Source | None:
    """Return what a live feed's bytes are made from, if it is of `own` unless that is None."""
    rows = await conn.execute(_sources().where(feeds.c.id == feed_id, *_live_of(own)))
    row = rows.mappings().first()
    return None if row is None else _source(row)


async def outdated(
    conn: AsyncConnection, *, rendering: str, today: date, limit: int
) -> list[Source]:
    """Return live feeds whose kept bytes are of another state, or were never made."""
    body, window = feed_bodies.c, feed_window.c
    rows = await conn.execute(
        _sources()
        .outerjoin(feed_bodies, body.feed_id == feeds.c.id)
        .where(
            *_live_of(None),
            goes_on(today),
            sa.or_(
                body.feed_id.is_(None),
                body.rendering != rendering,
                body.feed_version != feeds.c.version,
                body.diary_version != clinicians.c.version,
                body.first_day != window.first_day,
            ),
        )
        .order_by(feeds.c.id)
        .limit(limit)
    )
    return list(readable(rows, _source))


async def sources_of(conn: AsyncConnection, clinician_id: UUID) -> list[Source]:
    """Return what each live feed of this clinician is made from."""
    rows = await conn.execute(_sources().where(*_live_of(clinician_id)))
    return list(readable(rows, _source))


def _sources(*more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return (
        sa.select(feeds, *_OWNER, feed_window.c.first_day, *more)
        .join(clinicians, clinicians.c.id == feeds.c.clinician_id)
        .join(feed_window, feed_window.c.id == WINDOW_ID)
    )


def _source(row: sa.RowMapping) -> Source:
    clinician = Clinician(**{column.name: row[f"owner_{column.name}"] for column in clinicians.c})
    feed = _feed(row)
    window = replace(window_of(row["first_day"]), back=feed.choices.back, ahead=feed.choices.ahead)
    return Source(feed=feed, clinician=clinician, window=window)


def goes_on(today: date) -> sa.ColumnElement[bool]:
    """Whether a feed's last day has not passed."""
    return sa.or_(feeds.c.ends_on.is_(None), feeds.c.ends_on >= today)


def _live_of(clinician_id: UUID | None) -> list[sa.ColumnElement[bool]]:
    own = [] if clinician_id is None else [feeds.c.clinician_id == clinician_id]
    return [feeds.c.revoked_at.is_(None), *own]


def _row(feed: Feed) -> dict[str, object]:
    values = {name: getattr(feed, name) for name in Feed.__dataclass_fields__ if name != "choices"}
    return {**values, "shown": choices_row(feed.choices)}


def _feed(row: sa.RowMapping) -> Feed:
    names = [name for name in Feed.__dataclass_fields__ if name != "choices"]
    values: dict[str, Any] = {name: row[name] for name in names}
    return Feed(
        **{**values, "detail": Detail(row["detail"]), "form": Form(row["form"])},
        choices=choices_of(row["shown"]),
    )
