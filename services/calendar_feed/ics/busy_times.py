"""When a calendar of anyone's is busy: each event within its own time, and what was too much named.

Free are an event that is TRANSPARENT (RFC 5545 3.8.2.7), one that is CANCELLED (3.8.1.11), and
one that Outlook calls FREE (MS-OXCICAL 2.1.3.1.1.20.31).
"""

from __future__ import annotations

import functools
import re
import signal
import time as clock_time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from types import FrameType
from typing import Any, Final
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from services.calendar_feed.domain.outside import Block, Expanded, Flaw, Unread, merged
from services.calendar_feed.ics.scanning import FoundEvent, Scanned, name_of, scan
from shared.zones import UnknownZone
from shared.zones import zone as shared_zone

OURS: Final = "-//Standing Hour//"
EACH_SECONDS: Final = 0.25
ALL_SECONDS: Final = 1.0
_TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_PLAIN_FORM: Final = re.compile(r"(DTSTART|DTEND)(?:;TZID=([^;:]+))?:(\d{8}T\d{6})(Z?)\s*")
_REPEATS: Final = frozenset({"RRULE", "RDATE", "RECURRENCE-ID"})
_MOST_TIMES_A_DAY: Final = 24


class TooCostly(BaseException):
    """An event takes longer than it may; no Exception, so that no library keeps it to itself."""


def busy_times(
    body: bytes, zone: ZoneInfo, within: Block, steady: Callable[[], float] = clock_time.monotonic
) -> Expanded:
    """Return what is taken within the window; raises `NoCalendar`.

    What has no zone, and a whole day, is taken as in `zone`. What we wrote ourselves is not busy.
    """
    ends_at = steady() + ALL_SECONDS
    found = scan(body)
    if found.prodid.startswith(OURS):
        return Expanded(blocks=(), unread=())
    blocks: list[Block] = []
    unread: list[Unread] = []
    for events in _groups(found.events):
        try:
            with _at_most(min(EACH_SECONDS, ends_at - steady())):
                blocks += _of(events, found, zone, within)
        except TooCostly:
            unread += _named(events, Flaw.TOO_COSTLY)
        except _Flawed as flawed:
            unread += _named(events, flawed.flaw)
        except Exception:  # noqa: BLE001 # whatever is wrong with one event is its own
            unread += _named(events, Flaw.BROKEN)
    unread.sort(key=lambda each: each.index)
    return Expanded(blocks=merged(blocks, within), unread=tuple(unread))


class _Flawed(Exception):
    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


def _named(events: list[FoundEvent], flaw: Flaw) -> list[Unread]:
    return [Unread(index=each.index, uid_sha256=each.uid_sha256, flaw=flaw) for each in events]


def _groups(events: list[FoundEvent]) -> Iterator[list[FoundEvent]]:
    """Yield each event with those that override one of its dates; the plain ones first.

    Of events that are alike to the letter one is enough, however many there are.
    """
    series: dict[str, list[FoundEvent]] = {}
    seen: set[tuple[str, ...]] = set()
    for each in events:
        letters = tuple(each.lines)
        if letters in seen and each.ended and not each.nested:
            continue
        seen.add(letters)
        if _is_plain(each) or each.nested or not each.ended:
            yield [each]
        else:
            series.setdefault(each.uid, []).append(each)
    yield from series.values()


def _is_plain(event: FoundEvent) -> bool:
    return not any(name_of(line) in _REPEATS for line in event.lines)


def _of(events: list[FoundEvent], found: Scanned, zone: ZoneInfo, within: Block) -> list[Block]:
    for each in events:
        _check(each)
    if len(events) == 1 and _is_plain(events[0]):
        quick = _plainly(events[0], zone)
        if quick is not None:
            return [quick] if _is_busy(events[0]) else []
    calendar = Calendar.from_ical(_text(events, found))
    seen = recurring_ical_events.of(calendar).between(within.starts_at, within.ends_at)
    blocks = [_block(each, zone) for each in seen if _shows_busy(each)]
    return [each for each in blocks if each is not None]


def _check(event: FoundEvent) -> None:
    if event.nested:
        raise _Flawed(Flaw.NESTED)
    if not event.ended or not event.value("DTSTART"):
        raise _Flawed(Flaw.BROKEN)
    rule = event.value("RRULE")
    if not rule:
        return
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(parts.get(name, "").split(","))
    if parts.get("FREQ") in _TOO_OFTEN or times > _MOST_TIMES_A_DAY:
        raise _Flawed(Flaw.TOO_OFTEN)


def _plainly(event: FoundEvent, zone: ZoneInfo) -> Block | None:
    """Return the hours of an event that plainly says them, which nearly all of a big file do."""
    moments: dict[str, datetime] = {}
    for line in event.lines:
        match = _PLAIN_FORM.fullmatch(line)
        if match:
            name, tzid, digits, in_utc = match.groups()
            whose = UTC if in_utc else _zone(tzid) if tzid else zone
            if whose is None:
                return None
            moments[name] = datetime.fromisoformat(digits).replace(tzinfo=whose).astimezone(UTC)
    if len(moments) != 2 or moments["DTEND"] <= moments["DTSTART"]:
        return None
    return Block(starts_at=moments["DTSTART"], ends_at=moments["DTEND"])


@functools.lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return shared_zone(name)
    except UnknownZone:
        return None


def _is_busy(event: FoundEvent) -> bool:
    return _busy(
        event.value("TRANSP"), event.value("STATUS"), event.value("X-MICROSOFT-CDO-BUSYSTATUS")
    )


def _shows_busy(event: Any) -> bool:
    names = ("TRANSP", "STATUS", "X-MICROSOFT-CDO-BUSYSTATUS")
    return _busy(*(str(event.get(name, "")).strip().upper() for name in names))


def _busy(transp: str, status: str, outlook: str) -> bool:
    return transp != "TRANSPARENT" and status != "CANCELLED" and outlook != "FREE"


def _text(events: list[FoundEvent], found: Scanned) -> bytes:
    zones = [
        line
        for tzid, lines in found.zones.items()
        if any(tzid in line for each in events for line in each.lines)
        for line in lines
    ]
    inside = [line for each in events for line in ("BEGIN:VEVENT", *each.lines, "END:VEVENT")]
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:outside")
    return "\r\n".join((*head, *zones, *inside, "END:VCALENDAR", "")).encode()


def _block(event: Any, zone: ZoneInfo) -> Block | None:
    starts_at, ends_at = _moment(event["DTSTART"].dt, zone), _moment(event["DTEND"].dt, zone)
    return Block(starts_at=starts_at, ends_at=ends_at) if ends_at > starts_at else None


def _moment(said: date | datetime, zone: ZoneInfo) -> datetime:
    """A date is its first moment (3.3.4), a floating time is local (3.3.5, form 1)."""
    local = said if isinstance(said, datetime) else datetime.combine(said, time())
    aware = local if local.tzinfo else local.replace(tzinfo=zone)
    return aware.astimezone(UTC)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise `TooCostly` from whatever runs in here when the time is over."""
    if seconds <= 0:
        raise TooCostly
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def arm() -> None:
    """Let the timer of this process end what takes too long; its main thread only."""
    signal.signal(signal.SIGALRM, _ring)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TooCostly
