"""Calendars that clinicians keep elsewhere, and what each was last read to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.outside import Block, Flaw, Hours, Unread
from services.calendar_feed.store.tables import clinicians, outside_calendars, outside_hours
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCalendar:
    """One calendar; `revision` rises with what is told of it, `next_at` is when to read it.

    `stale`: it was told so. `zone` and `tzversion`: by which it was last read.
    """

    id: UUID
    clinician_id: UUID
    name: str
    sealed: bytes = field(repr=False)
    created_at: datetime
    next_at: datetime
    revision: int = 0
    blocks: tuple[Block, ...] = ()
    read_at: datetime | None = None
    stale: bool = False
    failures: int = 0
    complaint: str | None = None
    unread: tuple[Unread, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    zone: str | None = None
    tzversion: str | None = None
    told_at: datetime | None = None
    asked_at: datetime | None = None


async def add_calendar(conn: AsyncConnection, calendar: OutsideCalendar) -> None:
    await conn.execute(sa.insert(outside_calendars).values(_row(calendar)))


async def save_calendar(conn: AsyncConnection, calendar: OutsideCalendar) -> None:
    await conn.execute(
        sa.update(outside_calendars)
        .where(outside_calendars.c.id == calendar.id)
        .values(_row(calendar))
    )


async def remove_calendar(conn: AsyncConnection, id: UUID) -> None:
    await conn.execute(sa.delete(outside_hours).where(outside_hours.c.calendar_id == id))
    await conn.execute(sa.delete(outside_calendars).where(outside_calendars.c.id == id))


async def hours_of(conn: AsyncConnection, calendar: OutsideCalendar) -> Hours:
    """Return the hours of each of its events; before they were kept apart, all as of one."""
    rows = await conn.execute(
        sa.select(outside_hours.c.hours).where(outside_hours.c.calendar_id == calendar.id)
    )
    told = rows.scalar_one_or_none()
    if told is None:
        return {"": calendar.blocks}
    return {uid: _blocks(blocks) for uid, blocks in told.items()}


async def save_hours(conn: AsyncConnection, id: UUID, hours: Hours) -> None:
    values = {
        "calendar_id": id,
        "hours": {uid: _pairs(blocks) for uid, blocks in hours.items()},
    }
    await conn.execute(
        insert(conn, outside_hours)
        .values(values)
        .on_conflict_do_update(index_elements=[outside_hours.c.calendar_id], set_=values)
    )


async def hold_calendar(
    conn: AsyncConnection, id: UUID, own: UUID | None = None
) -> OutsideCalendar | None:
    """Return the calendar, of the clinician `own` unless that is None, held until the commit."""
    query = sa.select(outside_calendars).where(outside_calendars.c.id == id)
    if own is not None:
        query = query.where(outside_calendars.c.clinician_id == own)
    row = (await conn.execute(query.with_for_update())).mappings().first()
    return None if row is None else _calendar(row)


async def list_calendars(conn: AsyncConnection, clinician_id: UUID | None) -> list[OutsideCalendar]:
    """Return the calendars of one clinician, or of all, oldest first."""
    query = sa.select(outside_calendars)
    if clinician_id is not None:
        query = query.where(outside_calendars.c.clinician_id == clinician_id)
    order = (outside_calendars.c.created_at, outside_calendars.c.id)
    rows = await conn.execute(query.order_by(*order))
    return [_calendar(row) for row in rows.mappings().all()]


async def next_look(conn: AsyncConnection) -> datetime | None:
    """Return when the first calendar is to be read."""
    first = sa.select(outside_calendars.c.next_at).order_by(outside_calendars.c.next_at).limit(1)
    return (await conn.execute(first)).scalar_one_or_none()


async def lease_due(
    conn: AsyncConnection, now: datetime, until: datetime
) -> OutsideCalendar | None:
    """Take the calendar that is due first, for nobody else to read until then."""
    rows = await conn.execute(
        sa.select(outside_calendars)
        .where(outside_calendars.c.next_at <= now)
        .order_by(outside_calendars.c.next_at, outside_calendars.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = rows.mappings().first()
    if row is None:
        return None
    await conn.execute(
        sa.update(outside_calendars)
        .where(outside_calendars.c.id == row["id"])
        .values(next_at=until)
    )
    return _calendar(row)


async def zone_of(conn: AsyncConnection, clinician_id: UUID) -> str:
    """Return whose wall clock whole days and floating times follow."""
    rows = await conn.execute(
        sa.select(clinicians.c.timezone).where(clinicians.c.id == clinician_id)
    )
    return rows.scalar_one_or_none() or "UTC"


def _row(calendar: OutsideCalendar) -> dict[str, object]:
    values = {name: getattr(calendar, name) for name in OutsideCalendar.__dataclass_fields__}
    values["blocks"] = _pairs(calendar.blocks)
    values["unread"] = [[each.index, each.uid_sha256, each.flaw] for each in calendar.unread]
    return values


def _calendar(row: sa.RowMapping) -> OutsideCalendar:
    values: dict[str, Any] = dict(row)
    return OutsideCalendar(
        **{**values, "blocks": _blocks(values["blocks"]), "unread": _unread(values["unread"])}
    )


def _pairs(blocks: Sequence[Block]) -> list[list[float]]:
    return [[each.starts_at.timestamp(), each.ends_at.timestamp()] for each in blocks]


def _blocks(told: Sequence[Sequence[float]]) -> tuple[Block, ...]:
    return tuple(
        Block(
            starts_at=datetime.fromtimestamp(starts, UTC), ends_at=datetime.fromtimestamp(ends, UTC)
        )
        for starts, ends in told
    )


def _unread(told: Sequence[Sequence[Any]]) -> tuple[Unread, ...]:
    return tuple(Unread(index=index, uid_sha256=uid, flaw=Flaw(flaw)) for index, uid, flaw in told)
