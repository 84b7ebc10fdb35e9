"""Sixteen weeks across a clock change, read back by programs that calendars are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import recurring_ical_events
from icalendar import Calendar

from services.calendar_feed.domain.detail import Shown, show
from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.ics.vcalendar import Rendered, vcalendar
from services.calendar_feed.ics.vevent import vevent
from tests.calendar_feed.diary import (
    DIARY,
    HOUR,
    WEEKS,
    content_lines,
    entry,
    events_of,
    names_of,
    showing,
    tuesday,
)

SHOW = partial(show, diary=DIARY, showing=showing())
LONGEST_LINE = 75


def written(entries: list[Entry], name: str = "Appointments") -> Rendered:
    return vcalendar(name, entries, SHOW)


def sixteen() -> list[Entry]:
    return [entry(number) for number in range(WEEKS)]


def test_sixteen_weeks_are_at_three_in_new_york_on_both_sides_of_the_clock_change() -> None:
    calendar = Calendar.from_ical(written(sixteen()).body)
    shown = recurring_ical_events.of(calendar).between(
        datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    )
    starts = sorted(each["DTSTART"].dt for each in shown)
    assert starts == [tuesday(number) for number in range(WEEKS)]
    assert {start.utcoffset() for start in starts} == {timedelta()}
    assert {each["DTEND"].dt - each["DTSTART"].dt for each in shown} == {HOUR}
    assert [start.hour for start in starts[:5]] == [20, 20, 20, 20, 19]


def test_the_calendar_says_what_it_is_and_how_often_to_look() -> None:
    lines = content_lines(written([], name="Dana; mornings, too\\").body)
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Standing Hour//Calendar Feed 1//EN",
        "NAME:Dana\\; mornings\\, too\\\\",
        "X-WR-CALNAME:Dana\\; mornings\\, too\\\\",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        "END:VCALENDAR",
    ]


def test_an_empty_feed_can_be_read() -> None:
    assert events_of(written([]).body) == {}


def test_every_line_ends_with_crlf_and_none_is_over_75_octets() -> None:
    body = written(sixteen(), name="שעה קבועה " * 20).body
    lines = body.split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) <= LONGEST_LINE
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no character is cut in two


def test_what_readers_stumble_over_is_not_in_it() -> None:
    names = names_of(content_lines(written(sixteen()).body))
    assert not {"METHOD", "RRULE", "TZID", "SOURCE", "ORGANIZER", "ATTENDEE"} & set(names)
    assert b"TZID" not in written(sixteen()).body
    assert b"VTIMEZONE" not in written(sixteen()).body


def test_one_entry_line_by_line() -> None:
    shown = SHOW(entry(revision=3))
    found = dict(line.split(":", 1) for line in content_lines(vevent(shown)))
    assert found == {
        "BEGIN": "VEVENT",
        "UID": str(entry().session_id),
        "DTSTAMP": "20261123T140000Z",
        "CREATED": "20261123T140000Z",
        "LAST-MODIFIED": "20261123T140000Z",
        "SEQUENCE": "2",
        "DTSTART": "20270216T200000Z",
        "DTEND": "20270216T210000Z",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "CLASS": "PRIVATE",
        "SUMMARY": "Busy",
        "DESCRIPTION": shown.url,
        "URL": shown.url,
        "CONFERENCE;FEATURE=VIDEO;VALUE=URI": shown.url,
        "END": "VEVENT",
    }


def test_a_cancelled_session_stays_and_takes_no_time() -> None:
    lines = content_lines(vevent(SHOW(entry(status=Status.CANCELLED))))
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT"} <= set(lines)


def test_one_entry_that_cannot_be_written_does_not_cost_the_others_their_place() -> None:
    bad = entry(5)

    def show_all_but_one(each: Entry) -> Shown:
        if each == bad:
            raise OverflowError
        return SHOW(each)

    rendered = vcalendar("Appointments", sixteen(), show_all_but_one)
    assert rendered.unwritable == (str(bad.session_id),)
    assert set(events_of(rendered.body)) == {
        str(each.session_id) for each in sixteen() if each != bad
    }


def test_a_feed_is_never_over_one_megabyte_and_drops_the_farthest() -> None:
    def long(each: Entry) -> Shown:
        shown = SHOW(each)
        return replace(shown, url=shown.url + "x" * 900)

    many = [entry(number) for number in range(600)]
    rendered = vcalendar("Appointments", many, long)
    kept = list(events_of(rendered.body))
    assert 900_000 < len(rendered.body) <= 1_000_000
    assert 0 < rendered.no_room == len(many) - len(kept)
    assert kept == [str(each.session_id) for each in many[: len(kept)]]
