"""Whether a session is still at the hour that was agreed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.scheduler.domain.rezoning import AgreedHour
from services.scheduler.domain.slots import Slot
from tests.cast import NEW_YORK
from tests.zone_rules import VANCOUVER, vancouver_2025b


def on_the_wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


AFTERNOON = on_the_wall("2027-02-16 15:00")
BY_2025B = AFTERNOON.replace(tzinfo=vancouver_2025b()).astimezone(UTC)
HOUR = timedelta(hours=1)
LONG_BEFORE = BY_2025B - 100 * HOUR


def agreed(local: datetime, starts_at: datetime, timezone: str = VANCOUVER) -> AgreedHour:
    return AgreedHour(
        session_id=uuid4(),
        course_id=None,
        slot=Slot.hour_from(starts_at),
        timezone=timezone,
        local=local,
    )


def test_three_in_a_vancouver_winter_is_an_hour_earlier_than_it_was_to_be() -> None:
    hour = agreed(AFTERNOON, BY_2025B)
    assert hour.due == Slot.hour_from(BY_2025B - HOUR)
    assert hour.is_off(LONG_BEFORE)
    assert hour.can_move(LONG_BEFORE)


def test_three_in_a_vancouver_summer_is_where_it_was() -> None:
    summer = on_the_wall("2027-06-01 15:00")
    hour = agreed(summer, summer.replace(tzinfo=vancouver_2025b()).astimezone(UTC))
    assert not hour.is_off(LONG_BEFORE)


def test_what_has_begun_by_the_new_rules_is_off_and_cannot_move() -> None:
    hour = agreed(AFTERNOON, BY_2025B)
    between = BY_2025B - HOUR / 2
    assert hour.is_off(between)
    assert not hour.can_move(between)
    assert not hour.is_off(BY_2025B)


def test_what_began_by_the_old_rules_can_move_while_its_agreed_hour_is_to_come() -> None:
    hour = agreed(AFTERNOON, BY_2025B - 2 * HOUR)
    assert hour.can_move(BY_2025B - 1.5 * HOUR)


def test_the_second_of_an_hour_that_exists_twice_stays_the_second() -> None:
    twice = on_the_wall("2026-11-01 01:30")
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert not agreed(twice, second, NEW_YORK).is_off(second - HOUR)


def test_an_hour_that_the_clock_jumped_over_stays_where_it_was_put() -> None:
    missing = on_the_wall("2027-03-14 02:30")
    put = datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert not agreed(missing, put, NEW_YORK).is_off(put - HOUR)
