"""More sessions come after the last one, at the usual hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.scheduler.domain import extending, sessions
from services.scheduler.domain.counts import Counts, counts_of
from services.scheduler.domain.freed import freed_by
from services.scheduler.domain.sessions import LINKS_LAST, Outcome
from services.scheduler.domain.slots import Slot
from tests.cast import ORTIZ_ID
from tests.scheduler.domain.weekly import BEFORE, local_starts, weekly


def test_four_more_follow_the_last_and_are_counted_as_planned() -> None:
    course = weekly(4)
    slots = extending.next_slots(course, 2, now=BEFORE)
    change = extending.extend(course, slots, [UUID(int=50), UUID(int=51)], planned=2)
    assert local_starts(change.added) == ["2027-03-16 15:00", "2027-03-23 15:00"]
    assert [each.ordinal for each in change.added] == [5, 6]
    assert (change.told, change.rewritten) == (change.added, ())
    assert change.after.planned == 6
    assert {s.links_expire_at for s in change.added} == {slots[-1].ends_at + LINKS_LAST}


@pytest.mark.parametrize(
    ("last", "following"),
    [
        (datetime(2027, 3, 8, 20, tzinfo=UTC), "2027-03-16 15:00"),  # a Monday, a day early
        (datetime(2027, 3, 11, 20, tzinfo=UTC), "2027-03-16 15:00"),  # a Thursday
        (datetime(2027, 3, 23, 19, tzinfo=UTC), "2027-03-30 15:00"),  # put off by two weeks
    ],
)
def test_a_last_session_that_was_moved_does_not_carry_the_hour_along(
    last: datetime, following: str
) -> None:
    course = weekly(4)
    moved = sessions.move(course.sessions[-1], Slot.hour_from(last), now=BEFORE)
    course = replace(course, sessions=(*course.sessions[:-1], moved))
    slots = extending.next_slots(course, 1, now=BEFORE)
    change = extending.extend(course, slots, [UUID(int=50)], planned=1)
    assert local_starts(change.added) == [following]


def test_a_cancelled_end_is_filled_again_and_the_past_never_is() -> None:
    course = weekly(4)
    gone = sessions.cancel(course.sessions[-1], None, now=BEFORE)
    course = replace(course, sessions=(*course.sessions[:-1], gone))
    assert extending.next_slots(course, 1, now=BEFORE) == (gone.slot,)
    summer = datetime(2027, 6, 1, 20, tzinfo=UTC)
    assert extending.next_slots(course, 1, now=summer)[0].starts_at > summer


def test_every_fourth_week_stays_every_fourth_week() -> None:
    course = weekly(2, every_weeks=4)
    slots = extending.next_slots(course, 2, now=BEFORE)
    assert [slot.starts_at.date() for slot in slots] == [date(2027, 4, 13), date(2027, 5, 11)]


def test_counts_tell_what_became_of_what_was_planned() -> None:
    course = weekly(4)
    later = course.sessions[-1].slot.ends_at
    one, two, three, four = course.sessions
    course = replace(
        course,
        sessions=(
            sessions.conclude(one, Outcome.ATTENDED, now=later),
            sessions.conclude(two, Outcome.NO_SHOW, now=later),
            sessions.cancel(three, None, now=BEFORE),
            four,
        ),
    )
    assert counts_of(course) == Counts(planned=4, attended=1, missed=1, cancelled=1, remaining=1)


def test_the_freed_hour_is_one_weekly_opening() -> None:
    course = weekly(4)
    freed = freed_by(course, course.sessions[1:], now=BEFORE)
    assert freed is not None
    assert (freed.weekday, freed.at, freed.first_date) == ("tuesday", course.at, date(2027, 2, 23))
    assert freed.slots == tuple(each.slot for each in course.sessions[1:])


def test_an_hour_that_was_elsewhere_is_no_part_of_it() -> None:
    course = weekly(2)
    moved = sessions.move(
        course.sessions[0], Slot.hour_from(datetime(2027, 2, 18, 20, tzinfo=UTC)), now=BEFORE
    )
    assert freed_by(course, [moved], now=BEFORE) is None
    freed = freed_by(course, [moved, course.sessions[1]], now=BEFORE)
    assert freed is not None
    assert freed.slots == (course.sessions[1].slot,)


def test_of_a_course_in_two_hands_the_last_hands_hour_comes_free() -> None:
    course = weekly(4)
    handed = [replace(each, clinician_id=ORTIZ_ID) for each in course.sessions[2:]]
    freed = freed_by(course, [*course.sessions[:2], *handed], now=BEFORE)
    assert freed is not None
    assert (freed.clinician_id, freed.first_date) == (ORTIZ_ID, date(2027, 3, 2))
    assert len(freed.slots) == 2
