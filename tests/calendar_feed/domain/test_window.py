"""A feed shows thirty days back and 270 ahead, and the nearest first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.domain.window import MOST_ENTRIES, Window
from tests.calendar_feed.diary import entry, session_id
from tests.conftest import NOW

WINDOW = Window.around(NOW)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(moment: datetime) -> Entry:
    return entry(dtstart=moment)


def test_the_first_day_is_thirty_days_ago_in_utc() -> None:
    assert WINDOW.first_day == date(2026, 10, 24)
    assert Window.around(datetime.fromisoformat("2026-11-22T19:00:00-05:00")) == WINDOW
    assert WINDOW.midnight == MIDNIGHT


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (MIDNIGHT - timedelta(days=30), True),
        (MIDNIGHT - timedelta(days=30) - SECOND, False),
        (MIDNIGHT + timedelta(days=271) - SECOND, True),
        (MIDNIGHT + timedelta(days=271), False),
    ],
    ids=["first second", "before it", "last second", "after it"],
)
def test_the_window_has_exact_ends(moment: datetime, shown: bool) -> None:
    assert WINDOW.shows(at(moment)) is shown


def test_the_nearest_come_first_before_or_after_today() -> None:
    tomorrow, yesterday, next_week = (at(MIDNIGHT + timedelta(days=days)) for days in (1.5, -1, 7))
    assert WINDOW.nearest_first([next_week, tomorrow, yesterday]) == [
        yesterday,
        tomorrow,
        next_week,
    ]


def test_of_too_many_the_farthest_are_dropped() -> None:
    many = [
        entry(session_id=session_id(n), dtstart=MIDNIGHT + n * timedelta(hours=1))
        for n in range(MOST_ENTRIES + 50)
    ]
    assert WINDOW.nearest_first(reversed(many)) == many[:MOST_ENTRIES]
