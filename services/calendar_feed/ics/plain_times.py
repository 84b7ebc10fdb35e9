"""The hours of what plainly says them, which nearly all of a big file does.

Read here and not by a library, because a library takes a millisecond for each event.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple, Protocol

from services.calendar_feed.ics.scanning import Found, Line

_WHEN: Final = re.compile(rb"\d{8}(T\d{6}(Z?))?")
_TZID: Final = re.compile(rb';TZID="?([^;:"]+)', re.IGNORECASE)
_DURATION: Final = re.compile(
    rb"\+?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?"
)
_DAY: Final = timedelta(days=1)
Stretch = tuple[int, int]  # from and to, in seconds since 1970


class Clocks(Protocol):
    """Knows the zone of each name that a file has for one."""

    def named(self, name: bytes) -> tzinfo: ...


class Moment(NamedTuple):
    """What a wall clock shows, and the file's name for its zone; none: whoever's it is."""

    local: datetime
    zone: bytes
    whole_day: bool

    def in_utc(self, clocks: Clocks) -> datetime:
        return self.local.replace(tzinfo=clocks.named(self.zone)).astimezone(UTC)


class Plain(NamedTuple):
    """An event's hours: on wall clocks, and what of a duration is exact (RFC 5545 3.3.6)."""

    starts: Moment
    ends: Moment
    exact: timedelta

    def stretch(self, clocks: Clocks) -> Stretch:
        ends_at = self.ends.in_utc(clocks) + self.exact
        return int(self.starts.in_utc(clocks).timestamp()), int(ends_at.timestamp())


def plain_hours(event: Found) -> Plain | None:
    """Return when the event first is, None if it does not plainly say that."""
    try:
        starts = _moment(event.first.get(b"DTSTART"))
        return None if starts is None else _plain(event, starts)
    except (ValueError, OverflowError):
        return None


def is_far(event: Found, first: bytes, last: bytes) -> bool:
    """Whether the event's days alone (`YYYYMMDD`) say that it lies outside of these."""
    starts, ends = event.first.get(b"DTSTART"), event.first.get(b"DTEND")
    if starts is None or ends is None:
        return False
    to = ends[2][:8]
    return (to.isdigit() and to < first) or (starts[2][:8].isdigit() and starts[2][:8] > last)


def periods(busy: Found) -> list[Stretch]:
    """Return the periods of a free/busy that are not free (3.8.2.6), or raise `ValueError`."""
    found = []
    for name, parameters, value in busy.lines:
        if name.upper() == b"FREEBUSY" and b"FBTYPE=FREE" not in parameters.upper().split(b";"):
            found += [_period(each) for each in value.strip().split(b",")]
    return found


def _plain(event: Found, starts: Moment) -> Plain | None:
    said = event.first.get(b"DTEND")
    if said is not None:
        ends = _moment(said)
        later = ends is not None and (ends.local > starts.local or ends.zone != starts.zone)
        return Plain(starts, ends, timedelta()) if ends and later else None
    length = event.first.get(b"DURATION")
    if length is not None:
        days, exact = _duration(length[2].strip())
        return Plain(starts, _later(starts, days), exact)
    return Plain(starts, _later(starts, _DAY if starts.whole_day else timedelta()), timedelta())


def _later(moment: Moment, by: timedelta) -> Moment:
    return Moment(moment.local + by, moment.zone, moment.whole_day)


def _moment(line: Line | None) -> Moment | None:
    if line is None:
        return None
    value = line[2].strip()
    match = _WHEN.fullmatch(value)
    if match is None:
        return None
    tzid = _TZID.search(line[1]) if line[1] else None
    zone = b"UTC" if match[2] else tzid[1].strip() if tzid else b""
    return Moment(datetime.fromisoformat(value[:15].decode()), zone, match[1] is None)


def _duration(value: bytes) -> tuple[timedelta, timedelta]:
    """Return the days, which are as long as the clock makes them, and what is exact."""
    match = _DURATION.fullmatch(value.upper())
    if match is None:
        raise ValueError("no duration")
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups())
    return timedelta(weeks=weeks, days=days), timedelta(
        hours=hours, minutes=minutes, seconds=seconds
    )


def _period(value: bytes) -> Stretch:
    """A period is in UTC, with its end or its duration (3.3.9)."""
    first, _, second = value.strip().partition(b"/")
    starts_at = _instant(first)
    if b"P" in second.upper():
        return starts_at, starts_at + int(sum(_duration(second), timedelta()).total_seconds())
    return starts_at, _instant(second)


def _instant(value: bytes) -> int:
    moment = _moment((b"", b"", value))
    if moment is None or moment.zone != b"UTC":
        raise ValueError("no moment in UTC")
    return int(moment.local.replace(tzinfo=UTC).timestamp())


def is_busy(event: Found) -> bool:
    return busy(
        event.value(b"TRANSP"), event.value(b"STATUS"), event.value(b"X-MICROSOFT-CDO-BUSYSTATUS")
    )


def busy(transp: bytes, status: bytes, outlook: bytes) -> bool:
    """Free is what is TRANSPARENT (RFC 5545 3.8.2.7), CANCELLED (3.8.1.11), or FREE to Outlook
    (MS-OXCICAL 2.1.3.1.1.20.31)."""
    return transp != b"TRANSPARENT" and status != b"CANCELLED" and outlook != b"FREE"
