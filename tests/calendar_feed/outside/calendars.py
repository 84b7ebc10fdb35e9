"""Calendars of anyone's, as lines, and what of them is taken."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from services.calendar_feed.channels.expanding import expand
from services.calendar_feed.domain.outside import Block, Expanded, taken, window

NOW: Final = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
GOOD: Final = ("UID:good", "DTSTART:20261201T150000Z", "DTEND:20261201T160000Z")
HEAD: Final = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Elsewhere//EN\r\n"
END: Final = "END:VCALENDAR\r\n"
PATIENT: Final = 60.0  # seconds: what is read does not hang on what else the machine does


def block(day: int, hour: int, month: int = 12, year: int = 2026) -> Block:
    """Return an hour in UTC."""
    return Block(
        starts_at=datetime(year, month, day, hour, tzinfo=UTC),
        ends_at=datetime(year, month, day, hour + 1, tzinfo=UTC),
    )


GOOD_BLOCK: Final = block(1, 15)


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def weekly(uid: str, *lines: str, hour: int = 15, times: int = 10) -> str:
    """Return a series of Tuesdays from 1 December on."""
    rule = f"RRULE:FREQ=WEEKLY;COUNT={times}"
    start, end = f"DTSTART:20261201T{hour:02}0000Z", f"DTEND:20261201T{hour + 1:02}0000Z"
    return event(f"UID:{uid}", start, end, rule, *lines)


def calendar(*events: str, head: str = HEAD) -> bytes:
    return (head + "".join(events) + END).encode()


async def expanded(body: bytes) -> Expanded:
    return await expand(body, zone="America/New_York", within=window(NOW), seconds=PATIENT)


async def blocks_of(*events: str) -> tuple[Block, ...]:
    """Return what is taken in a calendar of these."""
    return taken_in(await expanded(calendar(*events)))


def taken_in(found: Expanded) -> tuple[Block, ...]:
    return taken(found.hours, window(NOW))
