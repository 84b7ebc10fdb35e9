"""Who suits a request: every clinician, with the limits, the fit, and the hours that suit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.matching import Candidate, Match, WeeklyHour, ranked
from services.scheduler.domain.openings import Search
from services.scheduler.domain.requests import Request
from services.scheduler.domain.wall_clock import WEEK
from services.scheduler.domain.windows import all_suit
from services.scheduler.domain.working_hours import WEEKDAYS
from services.scheduler.store import people
from services.scheduler.store.courses_held import courses_held
from services.scheduler.use_cases.free_weeks import FreeWeeks, free_weeks_of
from services.scheduler.use_cases.requesting import request_with
from shared.zones import zone


async def matches_of(conn: AsyncConnection, now: datetime, id: UUID, search: Search) -> list[Match]:
    """Return every clinician with how they stand to the request, the best first."""
    request = await request_with(conn, id)
    clinicians = await people.all_clinicians(conn)
    held = await courses_held(conn, now)
    free = await free_weeks_of(conn, now, clinicians, search, client_id=request.client_id)
    candidates = [
        Candidate(
            clinician=clinician,
            hours=_suiting(request, free.get(clinician.id, ())),
            courses_held=held.get(clinician.id, 0),
        )
        for clinician in clinicians
    ]
    at_once = [search.first + n * WEEK for n in range(search.sessions)]
    return ranked(request.need, candidates, at_once)


def _suiting(request: Request, free: Sequence[FreeWeeks]) -> tuple[WeeklyHour, ...]:
    """Return each weekly hour once that lies in the person's windows on every date."""
    there = zone(request.timezone)
    found: dict[tuple[int, time], WeeklyHour] = {}
    for hours in free:
        key = (hours.first_date.weekday(), hours.at)
        if key not in found and all_suit(request.windows, hours.slots, there):
            found[key] = _weekly(hours, there)
    return tuple(found.values())


def _weekly(hours: FreeWeeks, there: ZoneInfo) -> WeeklyHour:
    """Return the hour with its dates where the client is."""
    return WeeklyHour(
        weekday=WEEKDAYS[hours.first_date.weekday()],
        at=hours.at,
        timezone=hours.timezone,
        first_date=hours.first_date,
        dates=tuple(slot.starts_at.astimezone(there).date() for slot in hours.slots),
        gaps=hours.gaps,
    )
