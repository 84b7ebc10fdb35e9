"""Ten years of a weekly hour: the clock on the wall never shows another time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from services.scheduler.domain.wall_clock import weekly_slots
from shared.zones import zone

WEEKS = 10 * 52 + 2
FIRST = date(2027, 2, 16)
# Each with how many offsets from UTC it has in a year.
ZONES = {
    "America/New_York": 2,
    "America/Phoenix": 1,
    "Europe/London": 2,
    "Asia/Kolkata": 1,
    "Australia/Lord_Howe": 2,
    "America/St_Johns": 2,
}


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("at", [time(0), time(8), time(15), time(19, 30), time(23)])
def test_a_weekly_hour_stays_at_its_local_time_for_ten_years(name: str, at: time) -> None:
    slots = weekly_slots(FIRST, at, WEEKS, zone(name))
    local = [slot.starts_at.astimezone(zone(name)) for slot in slots]
    assert {moment.time() for moment in local} == {at}
    assert [moment.date() for moment in local] == [FIRST + timedelta(weeks=n) for n in range(WEEKS)]
    assert len({moment.utcoffset() for moment in local}) == ZONES[name]
    assert {slot.ends_at - slot.starts_at for slot in slots} == {timedelta(hours=1)}


@pytest.mark.parametrize("name", ZONES)
def test_an_hour_moves_on_the_worlds_clock_only_by_what_its_own_clock_moves(name: str) -> None:
    """A week is a week, or a week more or less the step of the clocks, twice a year."""
    slots = weekly_slots(FIRST, time(15), WEEKS, zone(name))
    starts = [slot.starts_at for slot in slots]
    steps = Counter(b - a - timedelta(weeks=1) for a, b in pairwise(starts))
    step = timedelta(minutes=30) if name == "Australia/Lord_Howe" else timedelta(hours=1)
    if ZONES[name] == 1:
        assert set(steps) == {timedelta(0)}
    else:
        assert set(steps) == {timedelta(0), step, -step}
        assert steps[step] == steps[-step] == 10


def test_the_hours_of_the_night_in_which_the_clocks_change_come_back() -> None:
    """Once a year the hour is skipped and moves on, and once it is there twice."""
    sundays = weekly_slots(date(2027, 2, 14), time(2, 30), WEEKS, zone("America/New_York"))
    local = [slot.starts_at.astimezone(zone("America/New_York")) for slot in sundays]
    assert Counter(moment.time() for moment in local) == {time(2, 30): WEEKS - 10, time(3, 30): 10}
    at_one = weekly_slots(date(2027, 2, 14), time(1, 30), WEEKS, zone("America/New_York"))
    november = next(slot for slot in at_one if slot.starts_at > datetime(2027, 11, 7, tzinfo=UTC))
    assert november.starts_at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC), "the first of the two"
