"""Office hours in a feed, read back by a library that is not ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import icalendar
import pytest
import recurring_ical_events

from services.calendar_feed.domain.feeds import LONGEST_AHEAD, LONGEST_BACK
from services.calendar_feed.domain.office_hours import Hours, OfficeHours
from services.calendar_feed.domain.window import Window
from services.calendar_feed.ics.office_hours import office_in
from services.calendar_feed.ics.series import vtimezones
from services.calendar_feed.ics.vcalendar import END, opening
from shared.zones import zone
from tests.cast import DANA_ID, NEW_YORK

TOLD: Final = datetime(2026, 11, 24, 14, 0, 5, 7, tzinfo=UTC)
WINDOW: Final = Window(today=TOLD.date(), back=LONGEST_BACK, ahead=LONGEST_AHEAD)
MONDAYS: Final = Hours(weekday=0, start=9 * 60, end=18 * 60)
LATE: Final = Hours(
    weekday=2, start=20 * 60, end=24 * 60, since=date(2027, 2, 1), until=date(2027, 6, 30)
)


def office(*hours: Hours, timezone: str = NEW_YORK) -> OfficeHours:
    return OfficeHours(clinician_id=DANA_ID, timezone=timezone, hours=hours, changed_at=TOLD)


def written(told: OfficeHours, window: Window = WINDOW) -> bytes:
    found = office_in(told, window)
    assert found is not None
    return b"".join([opening("Work"), vtimezones((), found.extent), found.lines, END])


def read(body: bytes, *, month: tuple[int, int]) -> list[tuple[datetime, datetime]]:
    """Expand AVAILABLE as any program expands what recurs: it has the properties of a VEVENT."""
    lines = body.replace(b"AVAILABLE", b"VEVENT")
    lines = lines.replace(b"BEGIN:VAVAILABILITY\r\n", b"").replace(b"END:VAVAILABILITY\r\n", b"")
    calendar: Any = icalendar.Calendar.from_ical(lines)
    found = recurring_ical_events.of(calendar).at(month)
    return sorted(
        (each["DTSTART"].dt.astimezone(UTC), each["DTEND"].dt.astimezone(UTC)) for each in found
    )


@pytest.mark.parametrize("month", [(2027, 3), (2027, 11)], ids=["forward", "back"])
@pytest.mark.parametrize("name", [NEW_YORK, "Europe/Berlin", "Asia/Kathmandu", "UTC"])
def test_nine_to_six_stays_nine_to_six_when_the_clocks_change(
    name: str, month: tuple[int, int]
) -> None:
    clock = zone(name)
    days = [date(*month, day) for day in range(1, 31) if date(*month, day).weekday() == 0]
    assert read(written(office(MONDAYS, timezone=name)), month=month) == [
        tuple(
            datetime(day.year, day.month, day.day, hour, tzinfo=clock).astimezone(UTC)
            for hour in (9, 18)
        )
        for day in days
    ]


def test_hours_until_midnight_end_with_the_day_and_with_their_last_date() -> None:
    found = read(written(office(LATE)), month=(2027, 6))
    assert [starts.astimezone(zone(NEW_YORK)).day for starts, _ in found] == [2, 9, 16, 23, 30]
    assert {ends - starts for starts, ends in found} == {timedelta(hours=4)}
    assert read(written(office(LATE)), month=(2027, 7)) == []


def test_the_component_says_when_and_nothing_else() -> None:
    calendar: Any = icalendar.Calendar.from_ical(written(office(MONDAYS, LATE)))
    (component,) = calendar.walk("VAVAILABILITY")
    assert set(component) == {"UID", "DTSTAMP", "LAST-MODIFIED", "BUSYTYPE", "CLASS"}
    assert component["BUSYTYPE"] == "BUSY-UNAVAILABLE"
    stretches = component.walk("AVAILABLE")
    assert len({str(each["UID"]) for each in (component, *stretches)}) == 3
    for each in stretches:
        assert set(each) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "RRULE"}
        assert each["DTSTART"].params["TZID"] == NEW_YORK
        assert each["DTSTAMP"].dt == TOLD.replace(microsecond=0)


def test_the_same_hours_are_the_same_bytes() -> None:
    assert written(office(MONDAYS, LATE)) == written(office(MONDAYS, LATE))


def test_hours_that_are_over_and_no_hours_say_nothing() -> None:
    over = Hours(weekday=0, start=0, end=60, until=date(2026, 1, 1))
    assert office_in(office(over), WINDOW) is None
    assert office_in(office(), WINDOW) is None


def test_all_of_the_window_has_the_hours_though_they_were_told_in_it() -> None:
    found = read(written(office(MONDAYS)), month=(2026, 9))
    assert [starts.day for starts, _ in found] == [7, 14, 21, 28]
    assert WINDOW.first_day == date(2026, 8, 26)


def test_the_lines_stay_for_a_month_and_then_say_that_they_changed() -> None:
    def on(day: date) -> bytes:
        return written(office(MONDAYS), replace(WINDOW, today=day, back=timedelta(days=30)))

    assert on(date(2026, 12, 1)) == on(date(2026, 12, 30))
    after: Any = icalendar.Calendar.from_ical(on(date(2026, 12, 31)))
    (component,) = after.walk("VAVAILABILITY")
    assert component["LAST-MODIFIED"].dt == datetime(2026, 12, 31, tzinfo=UTC)
    assert component.walk("AVAILABLE")[0]["DTSTART"].dt.date() == date(2026, 12, 7)


@pytest.mark.parametrize("name", ["Africa/Casablanca", NEW_YORK])
def test_hours_that_were_told_years_ago_need_no_more_of_their_zone(name: str) -> None:
    told = replace(office(MONDAYS, timezone=name), changed_at=TOLD - timedelta(days=5 * 365))
    found = office_in(told, WINDOW)
    assert found is not None
    assert len(vtimezones((), found.extent)) <= 600


@pytest.mark.parametrize(
    "wrong", [(7, 0, 60), (0, 60, 60), (0, 0, 1441)], ids=["day", "empty", "long"]
)
def test_hours_that_are_no_stretch_of_a_weekday_are_refused(wrong: tuple[int, int, int]) -> None:
    weekday, start, end = wrong
    with pytest.raises(ValueError, match="office hours"):
        Hours(weekday=weekday, start=start, end=end)
