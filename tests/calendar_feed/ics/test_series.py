"""Any course, told as a series, is read back at the very instants of its sessions."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from services.calendar_feed.domain.detail import Shown
from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.domain.series import Series
from services.calendar_feed.ics.series import kept_series, series_lines, vtimezones
from services.calendar_feed.ics.vcalendar import END, opening
from services.calendar_feed.ics.vevent import vevent
from shared.zones import use_packaged_zones
from tests.calendar_feed.courses import SHOW, as_series, cancelled, course, courses, moved
from tests.calendar_feed.diary import content_lines, names_of
from tests.calendar_feed.ics.test_injection import NASTY

use_packaged_zones()

YEARS = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
EVERY_WEEK = as_series(course())
Seen = tuple[datetime, datetime, str]


def written(*told: Series) -> bytes:
    return b"".join([opening("x"), vtimezones(told), *map(series_lines, told), END])


def read(body: bytes) -> Counter[Seen]:
    """Return what a reader shows of it, who knows no time zone but those of this calendar.

    icalendar remembers a zone by its name, so the name is another one in each calendar.
    """
    name = b"zone-%d" % zlib.crc32(body)
    unnamed = re.sub(rb"TZID([=:])([A-Za-z_]+)/", rb"TZID\1" + name + rb"-\2-", body)
    shown = recurring_ical_events.of(Calendar.from_ical(unnamed)).between(*YEARS)
    return Counter(
        (each["DTSTART"].dt.astimezone(UTC), each["DTEND"].dt.astimezone(UTC), str(each["STATUS"]))
        for each in shown
    )


def diary(entries: list[Entry]) -> Counter[Seen]:
    return Counter((each.dtstart, each.dtend, str(each.status)) for each in entries)


@given(courses())
def test_each_session_is_read_at_its_instant_and_once(entries: list[Entry]) -> None:
    assert read(written(as_series(entries))) == diary(entries)


@given(courses())
def test_what_readers_stumble_over_is_not_in_it(entries: list[Entry]) -> None:
    lines = content_lines(written(as_series(entries)))
    rules = [line for line in lines if line.startswith("RRULE:FREQ=WEEKLY")]
    assert all(re.fullmatch(r"RRULE:FREQ=WEEKLY;UNTIL=\d{8}T\d{6}Z", rule) for rule in rules)
    assert "COUNT=" not in "".join(lines)
    assert "RDATE" not in names_of(lines)
    used = {found[1] for line in lines if (found := re.search(r";TZID=([^:;]+)", line))}
    assert sorted(line for line in lines if line.startswith("TZID:")) == [
        f"TZID:{tzid}" for tzid in sorted(used)
    ]


@given(courses())
def test_a_series_stands_before_what_overrides_it(entries: list[Entry]) -> None:
    known: set[str] = set()
    for event in Calendar.from_ical(written(as_series(entries))).walk("VEVENT"):
        if "RRULE" in event:
            assert str(event["UID"]) not in known
            known.add(str(event["UID"]))
        elif "RECURRENCE-ID" in event:
            assert str(event["UID"]) in known
        else:
            assert str(event["UID"]) not in known


def test_several_courses_share_their_zones() -> None:
    told = [as_series(course(zone)) for zone in ("Europe/London", "Asia/Kathmandu")]
    told.append(as_series([replace(each, course_id=None) for each in course("Europe/London")]))
    lines = content_lines(written(*told))
    assert [line for line in lines if line.startswith("TZID:")] == [
        "TZID:Asia/Kathmandu",
        "TZID:Europe/London",
    ]


def test_sixteen_weeks_line_by_line() -> None:
    entries = course()
    entries[3] = moved(entries[3], timedelta(days=1, hours=2))
    entries[5] = cancelled(entries[5])
    del entries[7]
    assert telling(as_series(entries)) == [
        "BEGIN:VEVENT",
        "DTSTART;TZID=America/New_York:20270216T150000",
        "DTEND;TZID=America/New_York:20270216T160000",
        "SEQUENCE:4",
        "RRULE:FREQ=WEEKLY;UNTIL=20270601T190000Z",
        "EXDATE;TZID=America/New_York:20270406T150000",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "DTSTART;TZID=America/New_York:20270310T170000",
        "DTEND;TZID=America/New_York:20270310T180000",
        "RECURRENCE-ID;TZID=America/New_York:20270309T150000",
        "SEQUENCE:4",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "DTSTART;TZID=America/New_York:20270323T150000",
        "DTEND;TZID=America/New_York:20270323T160000",
        "RECURRENCE-ID;TZID=America/New_York:20270323T150000",
        "SEQUENCE:4",
        "STATUS:CANCELLED",
        "END:VEVENT",
    ]


def test_a_course_with_one_session_left_is_as_among_the_instances() -> None:
    (entry,) = course(weeks=1)
    assert series_lines(as_series([entry])) == vevent(SHOW(entry))


def test_a_course_by_utc_needs_no_zone() -> None:
    body = written(as_series(course("UTC")))
    assert b"TZID" not in body
    assert b"DTSTART:20270216T150000Z" in body


def test_a_series_says_where_to_join_whichever_session_it_is() -> None:
    with_link = content_lines(series_lines(as_series(course(), url="https://hour.example/a")))
    assert "URL:https://hour.example/a" in with_link
    assert not {"URL", "DESCRIPTION", "CONFERENCE"} & set(
        names_of(content_lines(series_lines(EVERY_WEEK)))
    )


def test_the_same_course_is_the_same_bytes_and_is_kept() -> None:
    told = as_series(reversed(course()))
    assert told == EVERY_WEEK
    assert kept_series(told) is kept_series(EVERY_WEEK)


@given(NASTY, st.sampled_from(["uid", "summary", "url"]))
def test_no_value_of_a_course_adds_a_line(value: str, field: str) -> None:
    entries = course()
    entries[3] = moved(entries[3], timedelta(days=1))

    def spoiled(each: Entry) -> Shown:
        changes: dict[str, Any] = {field: value}
        return replace(SHOW(each), **changes)

    plain = series_lines(as_series(entries, url="https://hour.example/a"))
    try:
        told = series_lines(as_series(entries, spoiled, url=value if field == "url" else None))
    except Exception:  # noqa: BLE001 # what cannot be written is left out by the caller
        return
    assert set(names_of(content_lines(told))) <= set(names_of(content_lines(plain)))
    assert names_of(content_lines(told)).count("BEGIN") == len(("series", "override"))


def telling(told: Series) -> list[str]:
    said = {"BEGIN", "DTSTART", "DTEND", "RECURRENCE-ID", "RRULE", "EXDATE", "STATUS", "END"}
    lines = content_lines(series_lines(told))
    return [line for line in lines if set(names_of([line])) & {*said, "SEQUENCE"}]
