"""Clinicians' office hours, as last told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.office_hours import Hours, OfficeHours
from services.calendar_feed.store.tables import office_hours
from shared.store.dialects import insert


async def find_office_hours(conn: AsyncConnection, clinician_id: UUID) -> OfficeHours | None:
    """Return the clinician's hours, if any are known; raise ValueError for a bad row."""
    query = sa.select(office_hours).where(office_hours.c.clinician_id == clinician_id)
    found = await conn.execute(query)
    try:
        row = found.first()
        return None if row is None else _office(row)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise ValueError("these office hours cannot be read") from error


async def holds(conn: AsyncConnection, office: OfficeHours) -> bool:
    """Whether these hours are known already, whenever they changed; a bad row is known no more."""
    try:
        known = await find_office_hours(conn, office.clinician_id)
    except ValueError:
        return False
    if known is None:
        return not office.hours
    return known == replace(office, changed_at=known.changed_at)


async def save_office_hours(conn: AsyncConnection, office: OfficeHours) -> None:
    values = {
        "clinician_id": office.clinician_id,
        "timezone": office.timezone,
        "hours": [_row(each) for each in office.hours],
        "changed_at": office.changed_at,
    }
    statement = insert(conn, office_hours).values(values)
    same = [office_hours.c.clinician_id]
    await conn.execute(statement.on_conflict_do_update(index_elements=same, set_=values))


def _office(row: sa.Row[Any]) -> OfficeHours:
    return OfficeHours(
        clinician_id=row.clinician_id,
        timezone=row.timezone,
        hours=tuple(_hours(each) for each in row.hours),
        changed_at=row.changed_at,
    )


def _row(hours: Hours) -> dict[str, object]:
    return {
        "weekday": hours.weekday,
        "start": hours.start,
        "end": hours.end,
        "since": hours.since and hours.since.isoformat(),
        "until": hours.until and hours.until.isoformat(),
    }


def _hours(row: Mapping[str, Any]) -> Hours:
    return Hours(
        weekday=row["weekday"],
        start=row["start"],
        end=row["end"],
        since=row["since"] and date.fromisoformat(row["since"]),
        until=row["until"] and date.fromisoformat(row["until"]),
    )
