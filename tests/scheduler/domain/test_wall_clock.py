"""The local hour stays the same, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain.wall_clock import instant, weekly_slots

ZONES: Final = (
    "America/New_York",
    "America/Phoenix",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/St_Johns",
    "Asia/Kathmandu",
)
NEW_YORK: Final = ZoneInfo("America/New_York")

days = st.dates(min_value=date(2026, 1, 1), max_value=date(2035, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
zones = st.sampled_from(ZONES).map(ZoneInfo)


def exists(day: date, at: time, zone: ZoneInfo) -> bool:
    local = datetime.combine(day, at, tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


@given(first=days, at=times, weeks=st.integers(1, 52), zone=zones)
def test_the_hour_never_drifts(first: date, at: time, weeks: int, zone: ZoneInfo) -> None:
    for week, slot in enumerate(weekly_slots(first, at, weeks, zone)):
        day = first + timedelta(weeks=week)
        local = slot.starts_at.astimezone(zone)
        if exists(day, at, zone):
            assert (local.date(), local.time().replace(fold=0)) == (day, at)
        else:
            moved = local.replace(tzinfo=None) - datetime.combine(day, at)
            assert timedelta() < moved <= timedelta(hours=1)


@given(first=days, at=times, zone=zones)
def test_a_time_that_comes_twice_is_the_first(first: date, at: time, zone: ZoneInfo) -> None:
    earlier = instant(first, at, zone) - timedelta(minutes=30)
    both = [earlier, earlier - timedelta(minutes=30)]
    shown = datetime.combine(first, at)
    assert all(moment.astimezone(zone).replace(tzinfo=None) != shown for moment in both)


@given(first=days, at=times, weeks=st.integers(2, 52), zone=zones)
def test_weeks_follow_one_another(first: date, at: time, weeks: int, zone: ZoneInfo) -> None:
    slots = weekly_slots(first, at, weeks, zone)
    gaps = {after.starts_at - before.starts_at for before, after in pairwise(slots)}
    assert len(slots) == weeks
    assert all(abs(gap - timedelta(weeks=1)) <= timedelta(hours=1) for gap in gaps)


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2027, 3, 14), time(2, 30), datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        (date(2027, 11, 7), time(1, 30), datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),
        (date(2027, 3, 16), time(15), datetime(2027, 3, 16, 19, tzinfo=UTC)),
        (date(2027, 3, 9), time(15), datetime(2027, 3, 9, 20, tzinfo=UTC)),
    ],
    ids=["skipped: 03:30 is shown", "twice: the first", "summer", "winter"],
)
def test_new_york_on_the_days_that_matter(day: date, at: time, expected: datetime) -> None:
    assert instant(day, at, NEW_YORK) == expected
