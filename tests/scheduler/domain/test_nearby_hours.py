"""Hours to pick from lie on the clinician's full hours, in weeks of the client's calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.scheduler.domain.nearby_hours import full_hours, weeks_near
from services.scheduler.domain.wall_clock import WEEK
from shared.zones import zone
from tests.cast import NEW_YORK
from tests.scheduler.domain.diary import NOW, SLOT

MONDAY = date(2027, 2, 15)


def test_weeks_go_from_this_one_to_four_after_that_of_the_appointment() -> None:
    weeks = weeks_near(SLOT, zone(NEW_YORK), now=NOW)
    assert (weeks.first, weeks.last) == (date(2026, 11, 23), date(2027, 3, 15))
    assert weeks.nearest(date(2027, 2, 21)) == MONDAY
    assert weeks.nearest(date.min) == weeks.first
    assert weeks.nearest(date.max) == weeks.last
    assert weeks.before(MONDAY) == MONDAY - WEEK
    assert weeks.before(weeks.first) is None
    assert weeks.after(MONDAY) == MONDAY + WEEK
    assert weeks.after(weeks.last) is None


@pytest.mark.parametrize(
    ("there", "first", "last"),
    [
        (NEW_YORK, "2027-02-15T05:00", "2027-02-22T04:00"),
        ("Asia/Tokyo", "2027-02-14T15:00", "2027-02-21T14:00"),
        ("Pacific/Honolulu", "2027-02-15T10:00", "2027-02-22T09:00"),
    ],
)
def test_a_week_is_that_of_the_client(there: str, first: str, last: str) -> None:
    slots = full_hours(MONDAY, zone(there), zone(NEW_YORK), now=NOW, daytime=False)
    assert len(slots) == 7 * 24
    starts = [slot.starts_at.strftime("%Y-%m-%dT%H:%M") for slot in (slots[0], slots[-1])]
    assert starts == [first, last]


@pytest.mark.parametrize(("monday", "hours"), [(date(2027, 3, 8), 167), (date(2027, 11, 1), 169)])
def test_a_week_in_which_the_clocks_change_has_an_hour_less_or_more(
    monday: date, hours: int
) -> None:
    clock = zone(NEW_YORK)
    assert len(full_hours(monday, clock, clock, now=NOW, daytime=False)) == hours


def test_hours_are_full_on_a_clock_that_is_half_an_hour_off() -> None:
    slots = full_hours(MONDAY, zone(NEW_YORK), zone("Asia/Kolkata"), now=NOW, daytime=False)
    assert len(slots) == 7 * 24
    assert {slot.starts_at.minute for slot in slots} == {30}


def test_only_what_is_to_come_and_by_day_if_nothing_else_is_known() -> None:
    clock = zone(NEW_YORK)
    now = datetime(2027, 2, 15, 15, 0, tzinfo=UTC)  # Monday, 10:00
    slots = full_hours(MONDAY, clock, clock, now=now, daytime=True)
    assert slots[0].starts_at == now + timedelta(hours=1)
    assert len(slots) == 9 + 6 * 12
    assert {slot.starts_at.astimezone(clock).hour for slot in slots} == set(range(8, 20))
