"""Whether an hour suits someone, on their own clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import weekly_slots
from services.scheduler.domain.windows import Window, all_suit, suits, window_of_hour
from tests.cast import NEW_YORK

EASTERN, PHOENIX = ZoneInfo(NEW_YORK), ZoneInfo("America/Phoenix")
AFTER_SCHOOL = (Window(weekday=1, start=15 * 60, end=18 * 60),)


def tuesday(at: str) -> Slot:
    local = datetime.fromisoformat(f"2027-02-16T{at}").replace(tzinfo=EASTERN)
    return Slot.hour_from(local)


@pytest.mark.parametrize(
    ("at", "suited"), [("14:59", False), ("15:00", True), ("17:00", True), ("17:01", False)]
)
def test_all_of_the_hour_is_in_the_window(at: str, suited: bool) -> None:
    assert suits(AFTER_SCHOOL, tuesday(at), EASTERN) is suited


def test_another_weekday_does_not_suit() -> None:
    wednesday = Slot.hour_from(datetime(2027, 2, 17, 20, tzinfo=UTC))
    assert not suits(AFTER_SCHOOL, wednesday, EASTERN)


def test_without_windows_any_time_suits() -> None:
    assert suits((), tuesday("03:00"), EASTERN)


def test_the_weekday_is_that_of_the_persons_own_zone() -> None:
    late = (Window(weekday=1, start=20 * 60, end=24 * 60),)
    hour = tuesday("23:00")
    assert hour.starts_at.weekday() == 2
    assert suits(late, hour, EASTERN)
    assert not suits(late, hour, ZoneInfo("UTC"))


def test_an_hour_that_drifts_out_of_the_window_does_not_suit() -> None:
    """New York's clocks change on 14 March, Phoenix's never do."""
    weeks = weekly_slots(date(2027, 3, 2), time(15), 4, EASTERN)
    assert all_suit(AFTER_SCHOOL, weeks, EASTERN)
    here = (Window(weekday=1, start=13 * 60, end=14 * 60),)
    assert suits(here, weeks[0], PHOENIX)
    assert not all_suit(here, weeks, PHOENIX)


def test_the_window_of_one_hour_fits_that_hour_only() -> None:
    window = (window_of_hour(1, time(15)),)
    assert suits(window, tuesday("15:00"), EASTERN)
    assert not suits(window, tuesday("15:30"), EASTERN)
    assert not suits(window, tuesday("14:30"), EASTERN)


@pytest.mark.parametrize(("start", "end"), [(60, 60), (120, 60), (-1, 60), (60, 1441)])
def test_a_window_ends_after_it_starts(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="a window ends after"):
        Window(weekday=0, start=start, end=end)
