"""Weekly courses that the tests of series are about, in six zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.scheduler.domain import courses
from services.scheduler.domain.courses import Course, CourseRequest
from services.scheduler.domain.sessions import Session
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.scheduler.domain.diary import NOW

ZONES: Final = (
    NEW_YORK,
    "America/Phoenix",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "Europe/Berlin",
    "Pacific/Apia",  # thirteen hours east of UTC
)


def weekly(
    count: int = 16,
    *,
    first: date = date(2027, 2, 16),
    at: time = time(15),
    timezone: str = NEW_YORK,
    every_weeks: int = 1,
) -> Course:
    """Return a course of Dana and Kim, by default sixteen Tuesdays at three."""
    request = CourseRequest(
        clinician_id=DANA_ID,
        client_ids=(KIM_ID,),
        first_date=first,
        at=at,
        sessions=count,
        timezone=timezone,
        every_weeks=every_weeks,
    )
    ids = tuple(UUID(int=n + 1) for n in range(count))
    return courses.book(request, id=UUID(int=99), session_ids=ids, now=NOW)


def local_starts(sessions: tuple[Session, ...]) -> list[str]:
    """Return when they start on their own clocks, to the minute."""
    return [_local(each).strftime("%Y-%m-%d %H:%M") for each in sessions]


def _local(session: Session) -> datetime:
    return session.slot.starts_at.astimezone(ZoneInfo(session.timezone))


times_of_day = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
some_course = st.builds(
    weekly,
    st.integers(1, 30),
    first=st.dates(date(2027, 1, 1), date(2028, 12, 31)),
    at=times_of_day,
    timezone=st.sampled_from(ZONES),
    every_weeks=st.sampled_from((1, 2, 4)),
)
BEFORE: Final = datetime(2026, 12, 1, tzinfo=UTC)
