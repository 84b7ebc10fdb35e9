"""Time off and extra hours: stored, listed, and read for a span of time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.slots import Slot
from services.scheduler.domain.time_off import Days, ExtraHours, TimeOff
from services.scheduler.store.tables import busy_blocks, busy_calendars, extra_hours, time_off


class Kind(StrEnum):
    """What a row of the one statement is."""

    OFF = "off"
    ELSEWHERE = "elsewhere"
    READ = "read"  # when a calendar outside was
    EXTRA = "extra"


def _nothing(column: sa.Column[Any]) -> sa.Label[Any]:
    return sa.cast(sa.null(), column.type).label(column.name)


def _stretches(table: sa.Table, kind: Kind) -> sa.Select[Any]:
    return sa.select(
        table.c.clinician_id,
        table.c.starts_at,
        table.c.ends_at,
        *(_nothing(extra_hours.c[name]) for name in ("id", "date", "start", "end")),
        sa.literal(kind.value).label("kind"),
    ).where(
        table.c.clinician_id.in_(sa.bindparam("of", expanding=True)),
        table.c.ends_at > sa.bindparam("after"),
        table.c.starts_at < sa.bindparam("before"),
    )


# Every booking reads all of them: it is one statement, built once.
_WITHIN: Final[sa.CompoundSelect[Any]] = sa.union_all(
    _stretches(time_off, Kind.OFF),
    _stretches(busy_blocks, Kind.ELSEWHERE),
    sa.select(
        busy_calendars.c.clinician_id,
        busy_calendars.c.read_at.label("starts_at"),
        busy_calendars.c.read_at.label("ends_at"),
        *(_nothing(extra_hours.c[name]) for name in ("id", "date", "start", "end")),
        sa.literal(Kind.READ.value).label("kind"),
    ).where(busy_calendars.c.clinician_id.in_(sa.bindparam("of", expanding=True))),
    sa.select(
        extra_hours.c.clinician_id,
        *(_nothing(time_off.c[name]) for name in ("starts_at", "ends_at")),
        extra_hours.c.id,
        extra_hours.c.date,
        extra_hours.c.start,
        extra_hours.c.end,
        sa.literal(Kind.EXTRA.value).label("kind"),
    ).where(
        extra_hours.c.clinician_id.in_(sa.bindparam("of", expanding=True)),
        extra_hours.c.date.between(sa.bindparam("first"), sa.bindparam("last")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideTheWeek:
    """What changes clinicians' weekly hours: when each is off or taken, and when each works too.

    `busy_as_of`: when the calendar of each that was not read for longest was read.
    """

    time_off: Mapping[UUID, Sequence[Slot]]
    busy_elsewhere: Mapping[UUID, Sequence[Slot]]
    busy_as_of: Mapping[UUID, datetime]
    extra_hours: Mapping[UUID, Sequence[ExtraHours]]


async def add_time_off(conn: AsyncConnection, off: TimeOff, now: datetime) -> None:
    await conn.execute(sa.insert(time_off).values(_off_row(off) | {"created_at": now}))


async def change_time_off(conn: AsyncConnection, off: TimeOff) -> None:
    await conn.execute(sa.update(time_off).where(time_off.c.id == off.id).values(_off_row(off)))


async def find_time_off(conn: AsyncConnection, id: UUID) -> TimeOff | None:
    row = (await conn.execute(sa.select(time_off).where(time_off.c.id == id))).first()
    return _off(row) if row else None


async def remove_time_off(conn: AsyncConnection, id: UUID) -> None:
    await conn.execute(sa.delete(time_off).where(time_off.c.id == id))


async def time_off_of(conn: AsyncConnection, clinician_id: UUID) -> list[TimeOff]:
    """Return all time off of the clinician, by its start."""
    rows = await conn.execute(
        sa.select(time_off)
        .where(time_off.c.clinician_id == clinician_id)
        .order_by(time_off.c.starts_at, time_off.c.id)
    )
    return [_off(row) for row in rows.all()]


async def beside_the_week(
    conn: AsyncConnection, clinician_ids: Collection[UUID], span: Slot, days: Days
) -> BesideTheWeek:
    """Return what keeps these clinicians from `span`, and their extra hours on `days`."""
    rows = await conn.execute(
        _WITHIN,
        {
            "of": list(clinician_ids),
            "after": span.starts_at,
            "before": span.ends_at,
            "first": days.first,
            "last": days.last,
        },
    )
    off: dict[UUID, list[Slot]] = {}
    elsewhere: dict[UUID, list[Slot]] = {}
    extra: dict[UUID, list[ExtraHours]] = {}
    as_of: dict[UUID, datetime] = {}
    for row in rows.all():
        whose = row.clinician_id
        if row.kind == Kind.EXTRA:
            extra.setdefault(whose, []).append(_extra(row))
        elif row.kind == Kind.READ:
            as_of[whose] = min(as_of.get(whose, row.starts_at), row.starts_at)
        else:
            kept_from = elsewhere if row.kind == Kind.ELSEWHERE else off
            slot = Slot(starts_at=row.starts_at, ends_at=row.ends_at)
            kept_from.setdefault(whose, []).append(slot)
    return BesideTheWeek(
        time_off=off, busy_elsewhere=elsewhere, busy_as_of=as_of, extra_hours=extra
    )


async def add_extra_hours(conn: AsyncConnection, extra: ExtraHours, now: datetime) -> None:
    values = {
        "id": extra.id,
        "clinician_id": extra.clinician_id,
        "date": extra.date,
        "start": extra.start,
        "end": extra.end,
        "created_at": now,
    }
    await conn.execute(sa.insert(extra_hours).values(values))


async def find_extra_hours(conn: AsyncConnection, id: UUID) -> ExtraHours | None:
    row = (await conn.execute(sa.select(extra_hours).where(extra_hours.c.id == id))).first()
    return _extra(row) if row else None


async def remove_extra_hours(conn: AsyncConnection, id: UUID) -> None:
    await conn.execute(sa.delete(extra_hours).where(extra_hours.c.id == id))


async def extra_hours_of(conn: AsyncConnection, clinician_id: UUID) -> list[ExtraHours]:
    """Return all extra hours of the clinician, by their date."""
    rows = await conn.execute(
        sa.select(extra_hours)
        .where(extra_hours.c.clinician_id == clinician_id)
        .order_by(extra_hours.c.date, extra_hours.c.start, extra_hours.c.id)
    )
    return [_extra(row) for row in rows.all()]


def _off_row(off: TimeOff) -> dict[str, object]:
    return {
        "id": off.id,
        "clinician_id": off.clinician_id,
        "starts_at": off.slot.starts_at,
        "ends_at": off.slot.ends_at,
        "first_date": off.first_date,
        "last_date": off.last_date,
        "reason": off.reason,
    }


def _off(row: sa.Row[Any]) -> TimeOff:
    return TimeOff(
        id=row.id,
        clinician_id=row.clinician_id,
        slot=Slot(starts_at=row.starts_at, ends_at=row.ends_at),
        first_date=row.first_date,
        last_date=row.last_date,
        reason=row.reason,
    )


def _extra(row: sa.Row[Any]) -> ExtraHours:
    return ExtraHours(
        id=row.id,
        clinician_id=row.clinician_id,
        date=row.date,
        start=row.start,
        end=row.end,
    )
