"""Which sessions recur, what replaces a slot, and what stands by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.calendar_feed.domain.detail import show
from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.domain.feeds import Detail
from services.calendar_feed.domain.series import Changes, Series, Weekly
from shared.zones import use_packaged_zones
from tests.calendar_feed.courses import (
    WEEK,
    as_series,
    cancelled,
    course,
    courses,
    extended,
    later_hour,
    moved,
)
from tests.calendar_feed.diary import DIARY, session_id, showing
from tests.conftest import NOW

use_packaged_zones()

DAY = timedelta(days=1)
NIGHT_OF_CHANGE = date(2027, 3, 14)


def only(series: Series) -> Weekly:
    assert series.single == ()
    (weekly,) = series.weekly
    return weekly


def test_a_course_that_keeps_its_hour_is_one_series() -> None:
    weekly = only(as_series(course()))
    assert (weekly.left_out, weekly.overrides) == ((), ())
    assert weekly.until == course()[-1].dtstart


def test_a_moved_session_replaces_the_slot_of_its_week() -> None:
    entries = course()
    slot, entries[3] = entries[3].dtstart, moved(entries[3], -2 * DAY)
    (override,) = only(as_series(entries)).overrides
    assert (override.slot, override.shown.dtstart) == (slot, entries[3].dtstart)


def test_a_session_moved_past_its_neighbour_stands_by_itself() -> None:
    entries = course()
    slot, entries[3] = entries[3].dtstart, moved(entries[3], WEEK + DAY)
    series = as_series(entries)
    assert [each.uid for each in series.single] == [str(session_id(3))]
    assert series.weekly[0].left_out == (slot,)


def test_a_session_that_lasts_longer_replaces_its_own_slot() -> None:
    entries = course()
    entries[3] = extended(entries[3])
    (override,) = only(as_series(entries)).overrides
    assert override.slot == override.shown.dtstart == entries[3].dtstart


def test_a_cancelled_session_stays_as_an_override() -> None:
    entries = course()
    entries[3] = cancelled(entries[3])
    (override,) = only(as_series(entries)).overrides
    assert override.shown.status is Status.CANCELLED


def test_a_cancelled_course_is_one_cancelled_series() -> None:
    weekly = only(as_series([cancelled(each) for each in course()]))
    assert weekly.shown.status is Status.CANCELLED
    assert weekly.overrides == ()


def test_weeks_without_a_session_are_left_out() -> None:
    entries = course()
    postponed = entries[:5] + [moved(each, 2 * WEEK) for each in entries[5:]]
    assert only(as_series(postponed)).left_out == (entries[5].dtstart, entries[6].dtstart)


def test_a_course_that_goes_on_at_another_hour_is_two_series_and_the_first_keeps_its_uid() -> None:
    entries = course()
    changed = entries[:9] + [later_hour(each, time(10)) for each in entries[9:]]
    first, second = as_series(changed).weekly
    assert first.shown.uid == only(as_series(entries)).shown.uid != second.shown.uid
    assert (first.overrides, second.overrides) == ((), ())


def test_two_sessions_at_another_hour_are_moves() -> None:
    entries = course()
    entries[4:6] = [later_hour(each, time(10)) for each in entries[4:6]]
    assert len(only(as_series(entries)).overrides) == len(entries[4:6])


def test_one_who_leaves_a_group_midway_is_told_only_where_groups_are() -> None:
    four = [replace(each, client_id=None, clients=4) for each in course()]
    fewer = four[:8] + [replace(each, clients=3, revision=2) for each in four[8:]]
    coded = partial(show, diary=DIARY, showing=showing(Detail.CODE))
    assert only(as_series(fewer)).shown.summary == "Busy"
    assert [each.shown.summary for each in as_series(fewer, coded).weekly] == [
        "Group (4)",
        "Group (3)",
    ]


@pytest.mark.parametrize(
    "first", [NIGHT_OF_CHANGE - WEEK, date(2027, 10, 31)], ids=["no such time", "twice"]
)
def test_an_hour_that_readers_could_mistake_is_told_in_utc(first: date) -> None:
    at = time(2, 30) if first < date(2027, 6, 1) else time(1, 30)
    entries = course(first=first, at=at, weeks=5)
    series = as_series(entries)
    assert series.weekly == ()
    assert [each.dtstart for each in series.single] == [each.dtstart for each in entries]


def test_a_zone_that_is_not_known_here_is_told_in_utc() -> None:
    entries = [replace(each, timezone="America/Springfield") for each in course()]
    assert len(as_series(entries).single) == len(entries)


def test_no_session_is_no_series() -> None:
    assert as_series([]) == Series()


def test_two_courses_are_not_one_series() -> None:
    with pytest.raises(ValueError, match="of one course"):
        as_series([*course(), replace(course()[0], course_id=UUID(int=7))])


def test_what_takes_place_once_is_no_series() -> None:
    weekly = only(as_series(course()))
    with pytest.raises(ValueError, match="once"):
        replace(weekly, until=weekly.shown.dtstart)
    with pytest.raises(ValueError, match="only a slot"):
        replace(weekly, left_out=(weekly.shown.dtstart + DAY,))
    with pytest.raises(ValueError, match="replaced once"):
        replace(weekly, left_out=(weekly.shown.dtstart,) * 2)


@given(courses(), st.data())
def test_whatever_changes_raises_every_sequence(entries: list[Entry], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(entries) - 1))
    later = replace(moved(entries[number], DAY / 2), last_modified=NOW + DAY)
    before, after = (
        as_series(entries),
        as_series([*entries[:number], later, *entries[number + 1 :]]),
    )
    known = {each.shown.uid: each.shown for each in before.weekly}
    for weekly in after.weekly:
        for shown in (weekly.shown, *(each.shown for each in weekly.overrides)):
            assert shown.last_modified == NOW + DAY
            if shown.uid in known:
                assert shown.sequence > known[shown.uid].sequence


def test_sessions_that_are_forgotten_count_and_so_does_each_that_comes_back() -> None:
    cancelled_so_far = Changes(count=5, last_at=NOW)
    forgotten = cancelled_so_far.with_forgotten([NOW + 30 * DAY, NOW + 31 * DAY])
    both_back = Changes(count=7, last_at=NOW + 40 * DAY)
    told = [each.with_forgotten([]) for each in (cancelled_so_far, both_back)]
    counts = [told[0].count, forgotten.count, told[1].count]
    assert counts == sorted(set(counts))
    assert forgotten.last_at == NOW + 31 * DAY


@given(courses())
def test_every_entry_is_told_once_whatever_their_order(entries: list[Entry]) -> None:
    series = as_series(entries)
    assert series == as_series(sorted(entries, key=lambda each: each.session_id))
    single = [each.dtstart for each in series.single]
    replaced = [each for weekly in series.weekly for each in weekly.overrides]
    kept = [
        slot
        for weekly in series.weekly
        for slot in _slots(weekly)
        if slot not in {*weekly.left_out, *(each.slot for each in weekly.overrides)}
    ]
    found = single + [each.shown.dtstart for each in replaced] + kept
    assert sorted(each.astimezone(UTC) for each in found) == sorted(
        each.dtstart for each in entries
    )


def _slots(weekly: Weekly) -> list[datetime]:
    weeks = (weekly.until.astimezone(weekly.shown.dtstart.tzinfo) - weekly.shown.dtstart) // WEEK
    return [weekly.shown.dtstart + number * WEEK for number in range(weeks + 1)]
