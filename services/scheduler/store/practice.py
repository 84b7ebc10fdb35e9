"""What the practice has settled: one row."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.practice import HolidayCalendar, Policy
from services.scheduler.store.mail_wishes import practice_mail_in, practice_mail_row
from services.scheduler.store.tables import practice
from services.scheduler.store.tables.availability import THE_PRACTICE

_THE_ROW: Final = practice.c.id == THE_PRACTICE
_READ: Final = sa.select(practice).where(_THE_ROW)  # built once: every booking reads it


async def read_policy(conn: AsyncConnection) -> Policy:
    rows = await conn.execute(_READ)
    return _policy(rows.one())


async def lock_policy(conn: AsyncConnection) -> Policy:
    """Return the policy and hold it until the commit."""
    rows = await conn.execute(_READ.with_for_update())
    return _policy(rows.one())


async def change_policy(conn: AsyncConnection, policy: Policy) -> None:
    await conn.execute(sa.update(practice).where(_THE_ROW).values(_row(policy)))


def _row(policy: Policy) -> dict[str, object]:
    return {
        "holidays": _calendar_row(policy.holidays),
        "buffer_minutes": policy.buffer_minutes,
        "minimum_notice_minutes": policy.minimum_notice_minutes,
        "horizon_weeks": policy.horizon_weeks,
        "late_cancel_hours": policy.late_cancel_hours,
        "missed_week_extends": policy.missed_week_extends,
        "offer_hours": policy.offer_hours,
        "concerns": list(policy.concerns),
        "revision": policy.revision,
        "mail": practice_mail_row(policy.mail),
    }


def _calendar_row(calendar: HolidayCalendar | None) -> dict[str, object] | None:
    if calendar is None:
        return None
    kept = None if calendar.kept is None else list(calendar.kept)
    return {"country": calendar.country, "subdivision": calendar.subdivision, "kept": kept}


def _policy(row: sa.Row[Any]) -> Policy:
    return Policy(
        holidays=_calendar(row.holidays),
        buffer_minutes=row.buffer_minutes,
        minimum_notice_minutes=row.minimum_notice_minutes,
        horizon_weeks=row.horizon_weeks,
        late_cancel_hours=row.late_cancel_hours,
        missed_week_extends=row.missed_week_extends,
        offer_hours=row.offer_hours,
        concerns=tuple(row.concerns),
        revision=row.revision,
        mail=practice_mail_in(row.mail),
    )


def _calendar(kept: dict[str, Any] | None) -> HolidayCalendar | None:
    if kept is None:
        return None
    return HolidayCalendar(
        country=kept["country"],
        subdivision=kept["subdivision"],
        kept=None if kept["kept"] is None else tuple(kept["kept"]),
    )
