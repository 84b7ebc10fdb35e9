"""Working hours are kept on the clinician's own clock."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import instant
from services.scheduler.domain.working_hours import DAY_MINUTES, WorkingHours, within

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2027, 2, 16)
NINE, FIVE = 9 * 60, 17 * 60


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> Slot:
    return Slot.hour_from(instant(day, time(hour, minute), NEW_YORK))


def tuesday(start: int, end: int) -> WorkingHours:
    return WorkingHours(weekday=1, start=start, end=end)


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (at(9), True),
        (at(16), True),
        (at(16, 1), False),
        (at(8, 59), False),
        (at(9, day=date(2027, 2, 17)), False),
    ],
    ids=["first hour", "last hour", "ends after", "starts before", "another day"],
)
def test_an_hour_lies_within_or_not(slot: Slot, expected: bool) -> None:
    assert within([tuesday(NINE, FIVE)], slot, NEW_YORK) is expected


def test_two_stretches_that_touch_are_one() -> None:
    assert within([tuesday(12 * 60 + 30, FIVE), tuesday(NINE, 12 * 60 + 30)], at(12), NEW_YORK)


def test_a_break_is_not_worked() -> None:
    assert not within([tuesday(NINE, 720), tuesday(750, FIVE)], at(12), NEW_YORK)


def test_an_hour_may_cross_midnight_when_both_sides_are_worked() -> None:
    evening = tuesday(18 * 60, DAY_MINUTES)
    night = WorkingHours(weekday=2, start=0, end=60)
    assert within([evening, night], at(23, 30), NEW_YORK)
    assert not within([evening], at(23, 30), NEW_YORK)
    assert within([evening], at(23), NEW_YORK)


def test_the_hours_follow_the_clinicians_clock_over_a_change() -> None:
    assert within([tuesday(15 * 60, 16 * 60)], at(15, day=date(2027, 3, 9)), NEW_YORK)
    assert within([tuesday(15 * 60, 16 * 60)], at(15, day=date(2027, 3, 16)), NEW_YORK)


def test_a_stretch_that_the_clocks_swallow_is_not_worked() -> None:
    sunday = WorkingHours(weekday=6, start=150, end=180)
    assert not within([sunday], at(3, day=date(2027, 3, 14)), NEW_YORK)


@pytest.mark.parametrize(("start", "end"), [(60, 60), (60, 30), (-1, 60), (0, 1441)])
def test_hours_that_cannot_be_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="working hours"):
        tuesday(start, end)
