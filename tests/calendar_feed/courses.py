"""Weekly courses as they come: in any zone, moved, cancelled, postponed, extended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from hypothesis import strategies as st

from services.calendar_feed.domain.detail import Shown, show, stamp
from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.domain.series import Series, series_of
from shared.zones import zone
from tests.calendar_feed.diary import DIARY, HOUR, WEEKS, entry, showing
from tests.conftest import NOW

SHOW: Final = partial(show, diary=DIARY, showing=showing())
WEEK: Final = timedelta(weeks=1)
ZONES: Final = (
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
    "Africa/Casablanca",
    "America/Vancouver",
    "Africa/Cairo",
    "UTC",
)
CLOCK_TIMES: Final = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))


def as_series(
    entries: Iterable[Entry], show: Callable[[Entry], Shown] = SHOW, **how: Any
) -> Series:
    """Return a course of which nothing was told but how it now stands, as a calendar shows it."""
    found = list(entries)
    changes = sum(each.revision - 1 for each in found)
    last_at = max((each.last_modified for each in found), default=NOW)
    how.setdefault("stamp", stamp(2 * changes, last_at, DIARY, showing()))
    return series_of(found, show, **how)


def course(
    timezone: str = "America/New_York",
    first: date = date(2027, 2, 16),
    at: time = time(15),
    weeks: int = WEEKS,
) -> list[Entry]:
    """One hour each week by the wall clock; one that does not exist that day moves forward."""
    starts = [
        datetime.combine(first + number * WEEK, at, zone(timezone)) for number in range(weeks)
    ]
    return [
        entry(number, dtstart=start.astimezone(UTC), timezone=timezone)
        for number, start in enumerate(starts)
    ]


def moved(each: Entry, by: timedelta) -> Entry:
    return replace(
        each, dtstart=each.dtstart + by, dtend=each.dtend + by, revision=each.revision + 1
    )


def cancelled(each: Entry) -> Entry:
    return replace(each, status=Status.CANCELLED, revision=each.revision + 1)


def extended(each: Entry, by: timedelta = HOUR / 2) -> Entry:
    return replace(each, dtend=each.dtend + by, revision=each.revision + 1)


def later_hour(each: Entry, at: time) -> Entry:
    """The same day at another wall clock, as when a course goes on at another hour."""
    here = zone(each.timezone)
    start = datetime.combine(each.dtstart.astimezone(here).date(), at, here).astimezone(UTC)
    return moved(each, start - each.dtstart)


@st.composite
def courses(draw: st.DrawFn) -> list[Entry]:
    """A course that anything may have happened to, in the order in which it did."""
    entries = course(
        timezone=draw(st.sampled_from(ZONES)),
        first=draw(st.dates(date(2025, 11, 1), date(2027, 12, 31))),
        at=draw(st.sampled_from(CLOCK_TIMES)),
        weeks=draw(st.integers(1, 20)),
    )
    for _ in range(draw(st.integers(0, 6))):
        entries = draw(st.sampled_from(HAPPENINGS))(draw, entries)
    return draw(st.permutations(entries))


def _one_is_moved(draw: st.DrawFn, entries: list[Entry]) -> list[Entry]:
    number = draw(st.integers(0, len(entries) - 1))
    by = timedelta(minutes=30 * draw(st.integers(-48 * 10, 48 * 10)))
    return [*entries[:number], moved(entries[number], by), *entries[number + 1 :]]


def _one_is_cancelled(draw: st.DrawFn, entries: list[Entry]) -> list[Entry]:
    number = draw(st.integers(0, len(entries) - 1))
    return [*entries[:number], cancelled(entries[number]), *entries[number + 1 :]]


def _one_is_extended(draw: st.DrawFn, entries: list[Entry]) -> list[Entry]:
    number = draw(st.integers(0, len(entries) - 1))
    return [*entries[:number], extended(entries[number]), *entries[number + 1 :]]


def _the_rest_is_postponed(draw: st.DrawFn, entries: list[Entry]) -> list[Entry]:
    number = draw(st.integers(0, len(entries) - 1))
    weeks = draw(st.integers(1, 3)) * WEEK
    return entries[:number] + [moved(each, weeks) for each in entries[number:]]


def _the_hour_changes(draw: st.DrawFn, entries: list[Entry]) -> list[Entry]:
    number = draw(st.integers(0, len(entries) - 1))
    at = draw(st.sampled_from(CLOCK_TIMES))
    return entries[:number] + [later_hour(each, at) for each in entries[number:]]


def _the_rest_is_cancelled(draw: st.DrawFn, entries: list[Entry]) -> list[Entry]:
    number = draw(st.integers(0, len(entries) - 1))
    return entries[:number] + [cancelled(each) for each in entries[number:]]


HAPPENINGS: Final = (
    _one_is_moved,
    _one_is_moved,
    _one_is_cancelled,
    _one_is_extended,
    _the_rest_is_postponed,
    _the_hour_changes,
    _the_rest_is_cancelled,
)
