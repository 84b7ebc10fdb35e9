"""Who suits a request: every clinician, with the limits, the fit, and the hours that suit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.matching import Candidate, Match, WeeklyHour, ranked
from services.scheduler.domain.requests import Request
from services.scheduler.domain.wall_clock import WEEK
from services.scheduler.domain.windows import all_suit
from services.scheduler.domain.working_hours import WEEKDAYS
from services.scheduler.store import people
from services.scheduler.store.courses_held import courses_held
from services.scheduler.use_cases.free_weeks import Ask, FreeWeeks, free_weeks_of
from services.scheduler.use_cases.requesting import request_with
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A course of so many sessions; its first date is from `since` to `until`, both included.

    At most so many dates of it may be exceptions. Weekly hours are on the clock in
    `practice_zone`, which a course follows.
    """

    sessions: int
    since: date
    until: date
    exceptions: int
    practice_zone: str


async def matches_of(conn: AsyncConnection, now: datetime, id: UUID, search: Search) -> list[Match]:
    """Return every clinician with how they stand to the request, the best first."""
    request = await request_with(conn, id)
    clinicians = await people.all_clinicians(conn)
    held = await courses_held(conn, now)
    ask = Ask(
        sessions=search.sessions,
        since=search.since,
        until=search.until,
        exceptions=search.exceptions,
        timezone=search.practice_zone,
        client_id=request.client_id,
    )
    free = await free_weeks_of(conn, now, clinicians, ask)
    candidates = [
        Candidate(
            clinician=clinician,
            hours=_suiting(request, free.get(clinician.id, ())),
            courses_held=held.get(clinician.id, 0),
        )
        for clinician in clinicians
    ]
    at_once = [search.since + n * WEEK for n in range(search.sessions)]
    return ranked(request.need, candidates, at_once)


def _suiting(request: Request, free: Sequence[FreeWeeks]) -> tuple[WeeklyHour, ...]:
    """Return the hours that lie in the person's windows on every date."""
    there = zone(request.timezone)
    return tuple(
        WeeklyHour(
            weekday=WEEKDAYS[hours.first_date.weekday()],
            at=hours.at,
            timezone=hours.timezone,
            dates=tuple(slot.starts_at.astimezone(there).date() for slot in hours.slots),
        )
        for hours in free
        if all_suit(request.windows, hours.slots, there)
    )
