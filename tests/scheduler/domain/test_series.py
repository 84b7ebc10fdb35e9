"""A change of several sessions keeps the clock, the count and the order of all the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.scheduler.domain import series, sessions
from services.scheduler.domain.course_changes import Change
from services.scheduler.domain.courses import Course, CourseStatus
from services.scheduler.domain.errors import HourPast, NothingLeft, SameTime
from services.scheduler.domain.series import Reach, Scope
from services.scheduler.domain.sessions import LINKS_LAST, Outcome, Status
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import WEEK, instant
from tests.cast import DANA_ID, ORTIZ_ID
from tests.scheduler.domain.weekly import BEFORE, local_starts, some_course, times_of_day, weekly

IN_APRIL = datetime(2027, 4, 7, 12, tzinfo=UTC)  # seven of sixteen Tuesdays have passed and one


def moved(course: Course, place: int, scope: Scope, slot: Slot) -> Change:
    anchor = course.sessions[place]
    reached = series.chosen(course, anchor, scope, now=BEFORE)
    return series.move(course, anchor, reached, slot, now=BEFORE)


@pytest.mark.parametrize(
    ("scope", "places"),
    [
        (Scope.THIS, [9]),
        (Scope.THIS_AND_FOLLOWING, [9, 10, 11, 12, 13, 14, 15]),
        (Scope.ALL_REMAINING, [8, 9, 10, 11, 12, 13, 14, 15]),
    ],
)
def test_a_scope_reaches_only_what_is_still_to_come(scope: Scope, places: list[int]) -> None:
    course = weekly()
    found = series.chosen(course, course.sessions[9], scope, now=IN_APRIL)
    assert [course.sessions.index(each) for each in found] == places


def test_a_scope_passes_over_the_cancelled_and_another_clinicians() -> None:
    course = weekly()
    gone = sessions.cancel(course.sessions[10], None, now=BEFORE)
    handed = replace(course.sessions[12], clinician_id=ORTIZ_ID)
    kept = [*course.sessions[:10], gone, course.sessions[11], handed, *course.sessions[13:]]
    course = replace(course, sessions=tuple(kept))
    anchor = course.sessions[9]
    found = series.chosen(course, anchor, Scope.THIS_AND_FOLLOWING, now=BEFORE, own=DANA_ID)
    assert [each.ordinal for each in found] == [10, 12, 14, 15, 16]


def test_moving_the_following_changes_weekday_and_time_over_the_clock_change() -> None:
    course = weekly(6)
    thursday = Slot.hour_from(datetime(2027, 3, 4, 21, 30, tzinfo=UTC))  # 16:30 in winter
    change = moved(course, 2, Scope.THIS_AND_FOLLOWING, thursday)
    assert local_starts(change.after.sessions) == [
        "2027-02-16 15:00",
        "2027-02-23 15:00",
        "2027-03-04 16:30",
        "2027-03-11 16:30",
        "2027-03-18 16:30",
        "2027-03-25 16:30",
    ]
    assert [each.revision for each in change.after.sessions] == [1, 1, 2, 2, 2, 2]
    assert (change.after.at, change.after.first_date.weekday()) == (time(16, 30), 3)


def test_an_hour_that_the_clocks_jump_over_keeps_its_agreed_time() -> None:
    course = weekly(3, first=date(2027, 3, 7), at=time(2, 30))
    assert local_starts(course.sessions)[1] == "2027-03-14 03:30"  # there is no 02:30 that day
    paused = series.pause(course, Reach(now=BEFORE, since=date(2027, 3, 14)), 1).after
    assert local_starts(paused.sessions)[1:] == ["2027-03-21 02:30", "2027-03-28 02:30"]
    later = Slot.hour_from(datetime(2027, 3, 14, 8, 30, tzinfo=UTC))  # 04:30 in summer
    after = moved(course, 1, Scope.THIS_AND_FOLLOWING, later).after
    assert local_starts(after.sessions)[1:] == ["2027-03-14 04:30", "2027-03-21 04:30"]


def test_the_links_of_what_moved_last_until_30_days_after_the_new_end() -> None:
    course = weekly(4)
    later = Slot.hour_from(course.sessions[0].slot.starts_at + 3 * WEEK)
    change = moved(course, 0, Scope.ALL_REMAINING, later)
    end = change.after.sessions[-1].slot.ends_at
    assert {each.links_expire_at for each in change.told} == {end + LINKS_LAST}


def test_one_session_past_its_neighbour_renumbers_both_and_tells_of_one() -> None:
    course = weekly(3)
    late = Slot.hour_from(datetime(2027, 2, 24, 20, tzinfo=UTC))
    change = moved(course, 0, Scope.THIS, late)
    assert [each.id for each in change.after.sessions] == [UUID(int=2), UUID(int=1), UUID(int=3)]
    assert [each.ordinal for each in change.after.sessions] == [1, 2, 3]
    assert [each.id for each in change.told] == [UUID(int=1)]
    assert {each.id for each in change.rewritten} == {UUID(int=1), UUID(int=2)}
    assert (change.after.at, change.after.first_date) == (course.at, course.first_date)


def test_a_move_to_where_it_is_already_is_refused() -> None:
    course = weekly()
    with pytest.raises(SameTime):
        moved(course, 3, Scope.ALL_REMAINING, course.sessions[3].slot)


def test_a_move_that_would_put_one_of_them_into_the_past_is_refused() -> None:
    course = weekly()
    anchor = course.sessions[9]
    reached = series.chosen(course, anchor, Scope.ALL_REMAINING, now=IN_APRIL)
    earlier = Slot.hour_from(anchor.slot.starts_at - 2 * WEEK)
    with pytest.raises(HourPast):
        series.move(course, anchor, reached, earlier, now=IN_APRIL)


@given(course=some_course, days=st.integers(0, 20), at=times_of_day, data=st.data())
def test_a_shift_keeps_the_clock_in_every_zone(
    course: Course, days: int, at: time, data: st.DataObject
) -> None:
    clock = ZoneInfo(course.timezone)
    place = data.draw(st.integers(0, len(course.sessions) - 1))
    anchor = course.sessions[place]
    agreed = course.first_date + place * course.every_weeks * WEEK
    target = instant(agreed + timedelta(days=days), at, clock)
    # An hour that the clocks jump over, or that comes twice, is no choice for the first of them.
    assume(target.astimezone(clock).time() == at and target != anchor.slot.starts_at)
    change = moved(course, place, Scope.THIS_AND_FOLLOWING, Slot.hour_from(target))
    expected = [
        instant(agreed + timedelta(days=days) + n * course.every_weeks * WEEK, at, clock)
        for n in range(len(course.sessions) - place)
    ]
    assert [s.slot.starts_at for s in change.after.sessions if s.revision == 2] == expected
    assert change.after.at == (at if len(expected) > 1 else course.at)


@given(course=some_course, weeks=st.integers(1, 12), data=st.data())
def test_a_pause_loses_nothing_and_keeps_the_order(
    course: Course, weeks: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(course.sessions) - 1))
    since = course.first_date + place * course.every_weeks * WEEK
    after = series.pause(course, Reach(now=BEFORE, since=since), weeks).after
    clock = ZoneInfo(course.timezone)
    step = course.every_weeks * WEEK
    expected = [
        instant(
            course.first_date + n * step + (weeks * WEEK if n >= place else 0 * WEEK),
            course.at,
            clock,
        )
        for n in range(len(course.sessions))
    ]
    assert [each.slot.starts_at for each in after.sessions] == expected
    assert [each.id for each in after.sessions] == [each.id for each in course.sessions]
    assert [each.ordinal for each in after.sessions] == list(range(1, len(expected) + 1))


@given(course=some_course, data=st.data())
def test_ordinals_are_places_in_time_after_any_moves(course: Course, data: st.DataObject) -> None:
    hours_on = st.integers(0, 2 * 365 * 24).map(lambda hours: timedelta(hours=hours))
    for _ in range(3):
        place = data.draw(st.integers(0, len(course.sessions) - 1))
        scope = data.draw(st.sampled_from(list(Scope)))
        slot = Slot.hour_from(BEFORE + data.draw(hours_on))
        assume(slot != course.sessions[place].slot)
        try:
            after = moved(course, place, scope, slot).after
        except HourPast:
            continue
        in_time = sorted(after.sessions, key=lambda each: each.slot.starts_at)
        assert [each.ordinal for each in after.sessions] == list(range(1, len(in_time) + 1))
        assert [s.slot for s in after.sessions] == [s.slot for s in in_time]
        assert {s.id for s in after.sessions} == {s.id for s in course.sessions}
        course = after


def test_a_pause_of_two_weeks_moves_what_comes_from_that_date() -> None:
    change = series.pause(weekly(4), Reach(now=BEFORE, since=date(2027, 3, 1)), 2)
    assert local_starts(change.after.sessions) == [
        "2027-02-16 15:00",
        "2027-02-23 15:00",
        "2027-03-16 15:00",
        "2027-03-23 15:00",
    ]


def test_a_pause_after_the_last_date_has_nothing_to_put_off() -> None:
    with pytest.raises(NothingLeft):
        series.pause(weekly(4), Reach(now=BEFORE, since=date(2027, 6, 1)), 2)


def test_an_early_end_cancels_the_rest_and_the_course_is_over() -> None:
    course = weekly()
    first = sessions.conclude(course.sessions[0], Outcome.ATTENDED, now=IN_APRIL)
    course = replace(course, sessions=(first, *course.sessions[1:]))
    change = series.end(course, Reach(now=IN_APRIL), "moved away")
    assert len(change.cancelled) == 8
    assert change.after.sessions[0].status is Status.ATTENDED
    assert change.after.sessions[7].status is Status.SCHEDULED  # over, and not yet concluded
    assert (change.ends, change.after.status) == (True, CourseStatus.ENDED)
    assert (change.after.ended_at, change.after.end_reason) == (IN_APRIL, "moved away")


def test_an_end_from_a_later_date_on_leaves_the_sessions_before_it() -> None:
    change = series.end(weekly(4), Reach(now=BEFORE, since=date(2027, 3, 1)), None)
    assert [each.status.value for each in change.after.sessions] == [
        "scheduled",
        "scheduled",
        "cancelled",
        "cancelled",
    ]
    assert (change.ends, change.after.status) == (False, CourseStatus.ACTIVE)


def test_cancelling_all_that_remains_ends_the_course() -> None:
    course = weekly(4)
    reached = series.chosen(course, course.sessions[2], Scope.ALL_REMAINING, now=BEFORE)
    change = series.cancel(course, reached, None, now=BEFORE)
    assert (len(change.cancelled), change.ends) == (4, True)
    following = series.chosen(course, course.sessions[2], Scope.THIS_AND_FOLLOWING, now=BEFORE)
    assert not series.cancel(course, following, None, now=BEFORE).ends


def test_another_clinician_takes_over_from_a_date_on() -> None:
    change = series.reassign(weekly(4), ORTIZ_ID, Reach(now=BEFORE, since=date(2027, 3, 1)))
    assert [each.clinician_id for each in change.after.sessions] == [
        DANA_ID,
        DANA_ID,
        ORTIZ_ID,
        ORTIZ_ID,
    ]
    assert change.after.clinician_id == ORTIZ_ID
    assert [each.revision for each in change.after.sessions] == [1, 1, 2, 2]


def test_who_has_them_already_cannot_take_over() -> None:
    with pytest.raises(NothingLeft):
        series.reassign(weekly(), DANA_ID, Reach(now=BEFORE))
