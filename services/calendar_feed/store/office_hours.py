"""Clinicians' office hours, as last told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.office_hours import Hours, OfficeHours
from services.calendar_feed.store.tables import office_hours
from shared.store.dialects import insert


async def find_office_hours(conn: AsyncConnection, clinician_id: UUID) -> OfficeHours | None:
    query = sa.select(office_hours).where(office_hours.c.clinician_id == clinician_id)
    row = (await conn.execute(query)).first()
    if row is None:
        return None
    return OfficeHours(
        clinician_id=row.clinician_id,
        timezone=row.timezone,
        hours=tuple(_hours(each) for each in row.hours),
        changed_at=row.changed_at,
    )


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
