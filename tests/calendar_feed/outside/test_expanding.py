"""Whatever stands in a calendar, its expansion ends: good events kept, each bad one named."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from typing import Final

import pytest

from services.calendar_feed.channels.expanding import ExpandingFailed, expand
from services.calendar_feed.domain.outside import (
    MOST_BLOCKS,
    Block,
    Complaint,
    Expanded,
    Flaw,
    window,
)

NOW: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
GOOD: Final = ("UID:good", "DTSTART:20261201T150000Z", "DTEND:20261201T160000Z")
GOOD_BLOCK: Final = Block(
    starts_at=datetime(2026, 12, 1, 15, tzinfo=UTC), ends_at=datetime(2026, 12, 1, 16, tzinfo=UTC)
)
ENDS_IN: Final = 2.5  # two seconds, and what a busy machine needs to start and end a process


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def calendar(*events: str, prodid: str = "-//Elsewhere//EN") -> bytes:
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{prodid}\r\n"
    return (head + "".join(events) + "END:VCALENDAR\r\n").encode()


async def expanded(body: bytes) -> Expanded:
    return await expand(body, zone="America/New_York", within=window(NOW))


def _upto(count: int) -> str:
    return ",".join(map(str, range(count)))


BOMBS: Final = {
    "every second since 1970": "DTSTART:19700101T000000Z|RRULE:FREQ=SECONDLY",
    "every minute since 1970": "DTSTART:19700101T000000Z|RRULE:FREQ=MINUTELY",
    "a thousand million days": "DTSTART:00010101T000000Z|RRULE:FREQ=DAILY;COUNT=1000000000",
    "dense lists": "DTSTART:19700101T000000Z|RRULE:FREQ=YEARLY"
    f";BYHOUR={_upto(24)};BYMINUTE={_upto(60)};BYSECOND={_upto(60)}",
    "a date that never comes": "DTSTART:19700101T000000Z|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
}


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_bomb_is_named_and_the_good_event_kept(bomb: str) -> None:
    began = time.monotonic()
    found = await expanded(calendar(event("UID:bomb", *BOMBS[bomb].split("|")), event(*GOOD)))
    assert time.monotonic() - began < ENDS_IN
    assert GOOD_BLOCK in found.blocks
    if bomb != "a date that never comes":
        assert [(each.index, each.uid_sha256) for each in found.unread] == [
            (0, hashlib.sha256(b"bomb").hexdigest())
        ]
        assert found.unread[0].flaw in (Flaw.TOO_OFTEN, Flaw.TOO_COSTLY)


async def test_many_bombs_cost_no_more_than_one() -> None:
    hard = BOMBS["a thousand million days"].split("|")
    bombs = [event(f"UID:{number}", *hard) for number in range(100)]
    began = time.monotonic()
    found = await expanded(calendar(*bombs, event(*GOOD)))
    assert time.monotonic() - began < ENDS_IN
    assert len(found.unread) == 100
    assert found.blocks == (GOOD_BLOCK,)


async def test_ten_thousand_events_of_one_uid_are_read() -> None:
    events = [event("UID:same", f"SEQUENCE:{number}", *GOOD[1:]) for number in range(10_000)]
    began = time.monotonic()
    found = await expanded(calendar(*events))
    assert time.monotonic() - began < ENDS_IN
    assert found == Expanded(blocks=(GOOD_BLOCK,), unread=())


async def test_ten_thousand_events_inside_one_another_are_named() -> None:
    nested = "BEGIN:VEVENT\r\n" * 10_000 + "END:VEVENT\r\n" * 10_000
    began = time.monotonic()
    found = await expanded(calendar(event(*GOOD), nested))
    assert time.monotonic() - began < ENDS_IN
    assert GOOD_BLOCK in found.blocks
    assert {each.flaw for each in found.unread} == {Flaw.NESTED}


async def test_ten_megabytes_are_read() -> None:
    letters = "DESCRIPTION:" + "x" * 900
    events = [event(f"UID:{number}", letters, *GOOD[1:]) for number in range(9_900)]
    body = calendar(*events)
    assert 9_000_000 < len(body) < 10_500_000
    began = time.monotonic()
    assert (await expanded(body)).blocks == (GOOD_BLOCK,)
    assert time.monotonic() - began < ENDS_IN


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 1000, b"<html></html>", b"BEGIN:VEVENT"])
async def test_what_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(ExpandingFailed) as failed:
        await expanded(body)
    assert failed.value.complaint is Complaint.NOT_A_CALENDAR


async def test_broken_events_are_named_by_their_place() -> None:
    found = await expanded(
        calendar(
            event("UID:1", "DTSTART:nonsense", "DTEND:20261201T160000Z"),
            event(*GOOD),
            event("UID:3", "SUMMARY:no start"),
        )
        + b"BEGIN:VEVENT\r\nUID:4"
    )
    assert found.blocks == (GOOD_BLOCK,)
    assert [(each.index, each.flaw) for each in found.unread] == [
        (0, Flaw.BROKEN),
        (2, Flaw.BROKEN),
        (3, Flaw.BROKEN),
    ]


@pytest.mark.parametrize(
    "free", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
)
async def test_what_says_that_it_is_free_is(free: str) -> None:
    weekly = event("UID:w", *GOOD[1:], "RRULE:FREQ=WEEKLY;COUNT=3", free)
    assert await expanded(calendar(event(*GOOD, free), weekly)) == Expanded(blocks=(), unread=())


async def test_our_own_feed_is_not_busy() -> None:
    body = calendar(event(*GOOD), prodid="-//Standing Hour//Calendar Feed 1//EN")
    assert await expanded(body) == Expanded(blocks=(), unread=())


async def test_a_whole_day_and_a_floating_time_are_the_clinicians() -> None:
    found = await expanded(
        calendar(
            event("UID:day", "DTSTART;VALUE=DATE:20261201"),
            event("UID:floating", "DTSTART:20261203T090000", "DURATION:PT1H"),
        )
    )
    assert found.blocks == (
        Block(
            starts_at=datetime(2026, 12, 1, 5, tzinfo=UTC),
            ends_at=datetime(2026, 12, 2, 5, tzinfo=UTC),
        ),
        Block(
            starts_at=datetime(2026, 12, 3, 14, tzinfo=UTC),
            ends_at=datetime(2026, 12, 3, 15, tzinfo=UTC),
        ),
    )


async def test_a_series_keeps_its_local_hour_and_its_exceptions() -> None:
    found = await expanded(
        calendar(
            event(
                "UID:s",
                "DTSTART;TZID=America/New_York:20270302T100000",
                "DTEND;TZID=America/New_York:20270302T110000",
                "RRULE:FREQ=WEEKLY;COUNT=4",
                "EXDATE;TZID=America/New_York:20270309T100000",
            ),
            event(
                "UID:s",
                "RECURRENCE-ID;TZID=America/New_York:20270316T100000",
                "DTSTART;TZID=America/New_York:20270317T120000",
                "DTEND;TZID=America/New_York:20270317T130000",
            ),
        )
    )
    assert [each.starts_at for each in found.blocks] == [
        datetime(2027, 3, 2, 15, tzinfo=UTC),
        datetime(2027, 3, 17, 16, tzinfo=UTC),
        datetime(2027, 3, 23, 14, tzinfo=UTC),
    ]


async def test_no_calendar_has_more_than_five_thousand_blocks() -> None:
    events = [
        event(
            f"UID:{number}",
            f"DTSTART:2027{1 + number % 12:02}{1 + number // 12 % 28:02}T{number // 336:02}0000Z",
            f"DTEND:2027{1 + number % 12:02}{1 + number // 12 % 28:02}T{number // 336:02}3000Z",
        )
        for number in range(8_000)
    ]
    assert len((await expanded(calendar(*events))).blocks) == MOST_BLOCKS


async def test_a_process_that_takes_too_long_is_killed() -> None:
    with pytest.raises(ExpandingFailed) as failed:
        await expand(calendar(event(*GOOD)), zone="UTC", within=window(NOW), seconds=0.01)
    assert failed.value.complaint is Complaint.TOO_COSTLY
