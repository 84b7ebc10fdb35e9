"""What the practice has settled: read by everyone, changed by staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements, holidays
from services.scheduler.domain.practice import HolidayCalendar, Policy
from services.scheduler.store import practice
from shared.eventlog import log


async def policy_of(conn: AsyncConnection) -> Policy:
    """Return what the practice has settled; unless set, nothing is limited."""
    return await practice.read_policy(conn)


async def change_policy(conn: AsyncConnection, now: datetime, said: Mapping[str, Any]) -> Policy:
    """Store what is settled anew; what is booked stays, and what is left out too.

    How mail is to be sent is told to those who send it.
    """
    before = await practice.lock_policy(conn)
    if "mail" in said:
        said = {**said, "mail": replace(before.mail, **said["mail"])}
    settled = replace(before, **said)
    if settled.holidays is not None:
        await holidays.require_known(settled.holidays, now.year)
    if settled.mail != before.mail:
        settled = replace(settled, revision=before.revision + 1)
        await log.append(conn, [announcements.practice_saved(settled, at=now)])
    await practice.change_policy(conn, settled)
    return settled


async def holidays_in(calendar: HolidayCalendar, year: int) -> dict[date, tuple[str, ...]]:
    """Return the days that `calendar` keeps in a year, with their names."""
    return await holidays.days_of(calendar, [year])
