"""A course is sixteen Tuesdays at three, whatever the clocks do in March."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain import courses
from services.scheduler.domain.courses import Course, CourseRequest, CourseStatus
from services.scheduler.domain.errors import HourPast
from services.scheduler.domain.sessions import Status
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.scheduler.domain.diary import NOW

REQUEST = CourseRequest(
    clinician_id=DANA_ID,
    client_ids=(KIM_ID,),
    first_date=date(2027, 2, 16),
    at=time(15),
    sessions=16,
    timezone=NEW_YORK,
)


def booked(now: datetime = NOW) -> Course:
    ids = tuple(UUID(int=n) for n in range(REQUEST.sessions))
    return courses.book(REQUEST, id=UUID(int=99), session_ids=ids, now=now)


def test_all_sixteen_are_at_three_in_new_york() -> None:
    course = booked()
    local = [s.slot.starts_at.astimezone(ZoneInfo(NEW_YORK)) for s in course.sessions]
    assert {(moment.hour, moment.minute, moment.weekday()) for moment in local} == {(15, 0, 1)}
    assert {moment.utcoffset() for moment in local} == {timedelta(hours=-5), timedelta(hours=-4)}
    assert [session.ordinal for session in course.sessions] == list(range(1, 17))


def test_every_link_lasts_until_30_days_after_the_last_hour() -> None:
    course = booked()
    end = course.sessions[-1].slot.ends_at + timedelta(days=30)
    assert {session.links_expire_at for session in course.sessions} == {end}


def test_a_course_cannot_begin_in_the_past() -> None:
    with pytest.raises(HourPast) as refusal:
        booked(now=REQUEST.slots()[0].starts_at)
    assert refusal.value.pointer == "#/first_date"


def test_a_course_ends_with_its_last_session() -> None:
    course = booked()
    assert course.status is CourseStatus.ACTIVE
    done = tuple(replace(session, status=Status.ATTENDED) for session in course.sessions)
    assert replace(course, sessions=(*done[:15], course.sessions[15])).status == "active"
    assert replace(course, sessions=done).status is CourseStatus.ENDED


@pytest.mark.parametrize("count", [0, 53])
def test_a_course_has_1_to_52_sessions(count: int) -> None:
    with pytest.raises(ValueError, match="52"):
        replace(REQUEST, sessions=count)
