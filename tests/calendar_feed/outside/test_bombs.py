"""Whatever stands in a calendar, its expansion ends soon and small: good events kept, bad named."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from typing import Final

import pytest

from services.calendar_feed.channels.expanding import ExpandingFailed, ask, expand
from services.calendar_feed.domain.outside import Complaint, Flaw, window
from tests.calendar_feed.outside.calendars import (
    GOOD,
    GOOD_BLOCK,
    NOW,
    calendar,
    event,
    taken_in,
    weekly,
)
from tests.calendar_feed.outside.measuring import Measured, measured

ENDS_IN: Final = 2.0
MOST_MEMORY: Final = 200.0
LARGE: Final = 9_990_000


def _upto(count: int) -> str:
    return ",".join(map(str, range(count)))


BOMBS: Final = {
    "every second since 1970": "DTSTART:19700101T000000Z|RRULE:FREQ=SECONDLY",
    "every minute since 1970": "DTSTART:19700101T000000Z|RRULE:FREQ=MINUTELY",
    "a thousand million days": "DTSTART:00010101T000000Z|RRULE:FREQ=DAILY;COUNT=1000000000",
    "dense lists": "DTSTART:19700101T000000Z|RRULE:FREQ=YEARLY"
    f";BYHOUR={_upto(24)};BYMINUTE={_upto(60)};BYSECOND={_upto(60)}",
    "a date that never comes": "DTSTART:19700101T000000Z|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "a hundred thousand dates": "DTSTART:20261201T100000Z|DURATION:PT1H|RDATE:"
    + ",".join(
        f"20270101T{second // 3600:02}{second // 60 % 60:02}{second % 60:02}Z"
        for second in range(86_400)
    ),
}
HARD: Final = BOMBS["a thousand million days"].split("|")


def _appointment(number: int, year: int) -> str:
    """As Google writes them."""
    day = f"{year}{1 + number % 12:02}{1 + number % 28:02}"
    return event(
        f"UID:{number}@calendar.example",
        "DTSTAMP:20261101T000000Z",
        "CREATED:20261101T000000Z",
        "LAST-MODIFIED:20261101T000000Z",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        f"SUMMARY:Lunch {number}",
        "TRANSP:OPAQUE",
        f"DTSTART:{day}T150000Z",
        f"DTEND:{day}T160000Z",
    )


def _filled(line: str) -> bytes:
    return calendar(event(*GOOD), line * (LARGE // len(line)), "\r\n")


def _large() -> dict[str, bytes]:
    count = LARGE // len(_appointment(10_000, 2015))
    return {
        "appointments of eleven years": calendar(
            *(_appointment(number, 2015 + number % 11) for number in range(count)), event(*GOOD)
        ),
        "short lines": _filled("X:1\r\n"),
        "empty lines": _filled("\n"),
        "one long line": _filled("x" * 1_000_000 + "\r\n "),
        "lines of one event": calendar(
            event(*GOOD), "BEGIN:VEVENT\n" + "UID:\n" * 1_900_000 + "END:VEVENT\n"
        ),
        "events without lines": calendar(
            event(*GOOD), "BEGIN:VEVENT\nEND:VEVENT\n" * (LARGE // 24)
        ),
        "events inside one another": calendar(event(*GOOD), "BEGIN:VEVENT\n" * (LARGE // 13)),
    }


def _at_most(found: Measured) -> None:
    assert found.peak < MOST_MEMORY
    assert found.cpu < ENDS_IN + 0.1  # the limit rings each tenth or so


async def _ends_in_time(body: bytes) -> None:
    began = time.monotonic()
    with contextlib.suppress(ExpandingFailed):
        await expand(body, zone="America/New_York", within=window(NOW))
    assert time.monotonic() - began < ENDS_IN


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_bomb_is_named_and_the_good_events_are_kept(bomb: str) -> None:
    body = calendar(event("UID:bomb", *BOMBS[bomb].split("|")), weekly("w"), event(*GOOD))
    found = measured(body, within=window(NOW))
    _at_most(found)
    assert len(taken_in(found.expanded)) == 10
    assert [(each.index, each.uid_sha256) for each in found.expanded.unread] == [
        (0, hashlib.sha256(b"bomb").hexdigest())
    ]
    assert found.expanded.unread[0].flaw in (Flaw.TOO_OFTEN, Flaw.TOO_COSTLY)
    await _ends_in_time(body)


async def test_many_bombs_do_not_keep_a_good_series_waiting() -> None:
    body = calendar(*[event(f"UID:{number}", *HARD) for number in range(100)], weekly("w"))
    found = measured(body, within=window(NOW))
    _at_most(found)
    assert len(found.expanded.unread) == 100
    assert len(taken_in(found.expanded)) == 10
    await _ends_in_time(body)


@pytest.mark.parametrize("kind", _large())
async def test_of_ten_megabytes_the_good_event_is_kept(kind: str) -> None:
    body = _large()[kind]
    assert 8_000_000 < len(body) < 10_500_000
    found = measured(body, within=window(NOW))
    _at_most(found)
    assert GOOD_BLOCK in taken_in(found.expanded)
    await _ends_in_time(body)


async def test_six_hundred_series_that_are_over_hide_no_series_of_today() -> None:
    over = [
        event(
            f"UID:{number}",
            f"DTSTART;TZID=America/New_York:{2010 + number % 15}0105T100000",
            f"DTEND;TZID=America/New_York:{2010 + number % 15}0105T110000",
            f"RRULE:FREQ=WEEKLY;UNTIL={2011 + number % 15}0601T000000Z"
            if number % 2
            else "RRULE:FREQ=WEEKLY;COUNT=40;BYDAY=MO,TU",
        )
        for number in range(600)
    ]
    found = measured(calendar(*over, weekly("w")), within=window(NOW))
    _at_most(found)
    assert len(taken_in(found.expanded)) == 10
    assert not found.expanded.unread


async def test_a_hundred_series_that_began_long_ago_are_all_read() -> None:
    series = [
        event(
            f"UID:{number}",
            f"DTSTART;TZID=America/New_York:20100105T{number // 60:02}{number % 60:02}00",
            "DURATION:PT1M",
            "RRULE:FREQ=WEEKLY;INTERVAL=2",
        )
        for number in range(0, 200, 2)
    ]
    found = measured(calendar(*series), within=window(NOW))
    _at_most(found)
    assert not found.expanded.unread
    assert len(taken_in(found.expanded)) > 28 * 100


async def test_a_zone_that_changes_every_second_costs_no_event() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Odd\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n"
        "END:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    odd = ("DTSTART;TZID=Odd:20261203T100000", "DTEND;TZID=Odd:20261203T110000")
    body = calendar(zone, event("UID:odd", *odd), event("UID:w", *odd, "RRULE:FREQ=WEEKLY"))
    found = measured(calendar(body.decode(), weekly("w2"), event(*GOOD)), within=window(NOW))
    _at_most(found)
    assert GOOD_BLOCK in taken_in(found.expanded)


async def test_what_was_told_before_the_time_was_over_is_kept() -> None:
    bombs = [event(f"UID:{number % 50}", *HARD, f"COMMENT:{number}") for number in range(100)]
    body = calendar(*bombs, event(*GOOD), event("UID:good", *HARD), event(*HARD))
    found = await expand(body, zone="UTC", within=window(NOW))
    assert taken_in(found) == (GOOD_BLOCK,)
    assert {each.flaw for each in found.unread} == {Flaw.TOO_COSTLY}
    assert {100, 101, 102} & {each.index for each in found.unread} == {101, 102}
    assert found.whole


async def test_a_process_that_hangs_is_gone_when_its_time_is_over() -> None:
    hangs = "import os; print(os.getpid(), flush=True); print('half', end='', flush=True)"
    command = (sys.executable, "-c", f"{hangs}; os.read(os.pipe()[0], 1)")
    began = time.monotonic()
    said = await ask(command, b"", seconds=1.0)
    assert 0.9 < time.monotonic() - began < ENDS_IN
    with pytest.raises(ProcessLookupError):
        os.kill(int(said[0]), 0)
    assert len(said) == 1


async def test_one_that_tells_nothing_in_time_is_too_costly() -> None:
    with pytest.raises(ExpandingFailed) as failed:
        await expand(calendar(event(*GOOD)), zone="UTC", within=window(NOW), seconds=0.01)
    assert failed.value.complaint is Complaint.TOO_COSTLY
