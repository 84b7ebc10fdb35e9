"""Every zone there is, read from its VTIMEZONE alone, by programs that may not look up its name."""

from __future__ import annotations

import functools
import itertools
import re
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import pytest
from icalendar import Timezone

from services.calendar_feed.domain.feeds import LONGEST_AHEAD, LONGEST_BACK
from services.calendar_feed.ics.vtimezone import vtimezone
from shared.zones import UnknownZone, use_packaged_zones, zone
from tests.calendar_feed.diary import content_lines, names_of

BEGINS: Final = datetime(2025, 10, 1, tzinfo=UTC)
ENDS: Final = datetime(2028, 10, 1, tzinfo=UTC)
MOST_BYTES: Final = 600
LEAST_ZONES: Final = 590
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
NEAR: Final = (-DAY, -HOUR, -MINUTE, 0 * MINUTE, MINUTE, 29 * MINUTE, HOUR, DAY)
RULE_OF_NEW_YORK: Final = """\
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20080309T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE""".splitlines()


@pytest.fixture(autouse=True, scope="module")
def zones() -> list[str]:
    use_packaged_zones()
    return sorted(zoneinfo.available_timezones())


def test_new_york_line_by_line() -> None:
    assert content_lines(vtimezone("America/New_York", BEGINS, ENDS)) == RULE_OF_NEW_YORK


def test_every_zone_has_the_right_offset_around_every_change(zones: list[str]) -> None:
    wrong = [
        (name, moment)
        for name in zones
        for moment in around_changes(name)
        if read_offset(vtimezone(name, BEGINS, ENDS), moment, name) != offset(name, moment)
    ]
    assert wrong == []
    assert len(zones) > LEAST_ZONES


@pytest.mark.parametrize(
    "name",
    ["America/New_York", "Africa/Casablanca", "Africa/Cairo", "America/Nuuk", "America/Vancouver"],
)
def test_hour_by_hour_it_is_right(name: str) -> None:
    told = vtimezone(name, BEGINS, ENDS)
    hours = (BEGINS + number * HOUR for number in range(0, (ENDS - BEGINS) // HOUR, 5))
    assert [hour for hour in hours if read_offset(told, hour, name) != offset(name, hour)] == []


def test_every_zone_is_told_in_few_plain_lines(zones: list[str]) -> None:
    said = {"BEGIN", "END", "TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE"}
    for name in zones:
        for today in (BEGINS + number * 30 * DAY for number in range(0, 36, 5)):
            told = vtimezone(name, today - LONGEST_BACK, today + LONGEST_AHEAD)
            assert len(told) <= MOST_BYTES, name
            lines = content_lines(told)
            assert set(names_of(lines)) <= said
            assert lines.count("BEGIN:VTIMEZONE") == 1
            assert f"TZID:{name}" in lines
            assert "BEGIN:STANDARD" in lines
            for line in lines:
                assert not line.startswith("TZOFFSET") or re.fullmatch(r".*:[+-]\d{4}", line)


def test_a_window_that_begins_between_two_rules_knows_what_held_before() -> None:
    for begins in (BEGINS + number * DAY for number in range(0, 400, 7)):
        for name in ("America/Vancouver", "Africa/Casablanca", "America/New_York"):
            told = vtimezone(name, begins, begins + 200 * DAY)
            for moment in (begins, begins + DAY, begins + 199 * DAY):
                assert read_offset(told, moment, name) == offset(name, moment)


def test_a_zone_that_is_none_has_no_rules() -> None:
    with pytest.raises(UnknownZone):
        vtimezone("America/Springfield", BEGINS, ENDS)


def around_changes(name: str) -> Iterator[datetime]:
    """Every day, and each change to the minute; the database is asked, and not what is tested."""
    days = [BEGINS + number * DAY for number in range((ENDS - BEGINS) // DAY)]
    for day, next_day in itertools.pairwise(days):
        if day.day == 1:
            yield day
        if offset(name, day) != offset(name, next_day):
            change = minute_of_change(name, day, next_day)
            yield from (change + near for near in NEAR)


def minute_of_change(name: str, before: datetime, after: datetime) -> datetime:
    while after - before > MINUTE:
        middle = before + (after - before) // MINUTE // 2 * MINUTE
        if offset(name, middle) == offset(name, before):
            before = middle
        else:
            after = middle
    return after


def offset(name: str, moment: datetime) -> timedelta | None:
    return moment.astimezone(zone(name)).utcoffset()


def read_offset(told: bytes, moment: datetime, name: str) -> timedelta | None:
    """Return what a reader makes of the wall clock at `moment`, with this VTIMEZONE alone."""
    wall = moment.astimezone(zone(name))
    unnamed = told.replace(name.encode(), b"/hour.example/zone")
    return wall.replace(tzinfo=reader(unnamed)).utcoffset()


@functools.cache
def reader(told: bytes) -> tzinfo:
    component = Timezone.from_ical(told)
    assert isinstance(component, Timezone)
    read: tzinfo = component.to_tz(lookup_tzid=False)
    return read
