"""Sixteen weeks across a clock change, read back by programs that calendars are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import recurring_ical_events
from icalendar import Calendar

from services.calendar_feed.domain.addresses import Notice, Posted
from services.calendar_feed.domain.detail import show
from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.domain.window import Window
from services.calendar_feed.ics.free_busy import free_busy
from services.calendar_feed.ics.notice import notice
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
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FEED_ID = UUID("feed0000-0000-4000-8000-000000000001")
CANCELLED = entry(2, status=Status.CANCELLED)
SHOW = partial(show, diary=DIARY, showing=showing())
LONGEST_LINE = 75


def written(entries: list[Entry], name: str = "Appointments") -> Rendered:
    return vcalendar(name, entries, lambda each: vevent(SHOW(each)))


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


def test_a_cancelled_session_stays_and_takes_no_time_and_its_title_says_so() -> None:
    lines = content_lines(vevent(SHOW(entry(status=Status.CANCELLED))))
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SUMMARY:Cancelled: Busy"} <= set(lines)


def test_one_entry_that_cannot_be_written_does_not_cost_the_others_their_place() -> None:
    bad = entry(5)

    def write_all_but_one(each: Entry) -> bytes:
        if each == bad:
            raise OverflowError
        return vevent(SHOW(each))

    rendered = vcalendar("Appointments", sixteen(), write_all_but_one)
    assert rendered.unwritable == (str(bad.session_id),)
    assert set(events_of(rendered.body)) == {
        str(each.session_id) for each in sixteen() if each != bad
    }


def test_a_feed_is_never_over_one_megabyte_and_drops_the_farthest() -> None:
    def long(each: Entry) -> bytes:
        shown = SHOW(each)
        return vevent(replace(shown, url=f"{shown.url}{'x' * 900}"))

    many = [entry(number) for number in range(600)]
    rendered = vcalendar("Appointments", many, long)
    kept = list(events_of(rendered.body))
    assert 900_000 < len(rendered.body) <= 1_000_000
    assert 0 < rendered.no_room == len(many) - len(kept)
    assert kept == [str(each.session_id) for each in many[: len(kept)]]


def test_an_alarm_rings_before_the_start_and_says_nothing() -> None:
    rings = replace(showing(), alarms=(10 * MINUTE, DAY))
    body = vcalendar("x", [entry()], lambda each: vevent(show(each, DIARY, rings))).body
    (event,) = events_of(body).values()
    alarms = event.walk("VALARM")
    assert [each["TRIGGER"].dt for each in alarms] == [-10 * MINUTE, -DAY]
    assert {str(each["ACTION"]) for each in alarms} == {"DISPLAY"}
    assert len({str(each["UID"]) for each in alarms}) == 2
    assert {str(each["DESCRIPTION"]) for each in alarms} == {"Reminder"}


def test_nothing_rings_for_what_is_cancelled() -> None:
    rings = replace(showing(), alarms=(10 * MINUTE,))
    gone = show(entry(status=Status.CANCELLED), DIARY, rings)
    assert b"VALARM" not in vevent(gone)


def test_without_join_links_there_is_no_address_at_all() -> None:
    lines = vevent(show(entry(), DIARY, replace(showing(), join_links=False)))
    assert b"http" not in lines


def test_who_is_not_free_is_told_in_periods_that_do_not_touch() -> None:
    entries = [entry(0), entry(0, dtstart=tuesday(0) + HOUR), entry(1), CANCELLED]
    body = free_busy("Busy", FEED_ID, entries, Window.around(NOW), NOW)
    (busy,) = Calendar.from_ical(body).walk("VFREEBUSY")
    periods: Any = busy["FREEBUSY"]
    assert [(each.start, each.end) for each in periods] == [
        (tuesday(0), tuesday(0) + 2 * HOUR),
        (tuesday(1), tuesday(1) + HOUR),
    ]
    assert set(names_of(content_lines(busy.to_ical()))) == {
        *("BEGIN", "END", "UID", "DTSTAMP", "DTSTART", "DTEND", "FREEBUSY"),
    }


def test_a_notice_is_one_event_over_thirty_days_that_takes_no_time() -> None:
    posted = Posted(notice=Notice.MOVED, since=NOW)
    (event,) = events_of(notice("Appointments", FEED_ID, posted)).values()
    assert str(event["SUMMARY"]) == "This calendar has moved"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=31)
    assert (str(event["TRANSP"]), event["DTSTAMP"].dt) == ("TRANSPARENT", NOW)
