"""A cheap look at a series before anyone expands it: whether it is over, and how suspect it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from services.calendar_feed.ics.plain_times import plain_hours
from services.calendar_feed.ics.scanning import Found, Line

MOST_TIMES_A_DAY: Final = 24
_TIMES_A_DAY: Final = {
    b"SECONDLY": 86_400.0,
    b"MINUTELY": 1_440.0,
    b"HOURLY": 24.0,
    b"DAILY": 1.0,
    b"WEEKLY": 1 / 7,
    b"MONTHLY": 1 / 30,
    b"YEARLY": 1 / 365,
}
_DAYS: Final = {b"DAILY": 1, b"WEEKLY": 7}
# Which lists add times to a day; to a frequency as fine as its unit, a list only leaves some out.
_ADDED_TO: Final = {
    b"BYHOUR": frozenset({b"DAILY", b"WEEKLY", b"MONTHLY", b"YEARLY"}),
    b"BYMINUTE": frozenset({b"HOURLY", b"DAILY", b"WEEKLY", b"MONTHLY", b"YEARLY"}),
    b"BYSECOND": _TIMES_A_DAY.keys() - {b"SECONDLY"},
}
_USUAL: Final = frozenset({b"FREQ", b"INTERVAL", b"UNTIL", b"COUNT", b"WKST", b"BYDAY"})
_MARGIN: Final = timedelta(days=2)  # for zones: these are looks at wall clocks
_FAR: Final = 10_000_000

Parts = Mapping[bytes, bytes]


def too_often(event: Found) -> bool:
    """Whether it repeats more than 24 times a day, which no appointment does."""
    return b"RRULE" in event.first and _rate(_parts(event)) > MOST_TIMES_A_DAY


def is_outside(events: Sequence[Found], start: datetime, end: datetime) -> bool:
    """Whether a series, with what overrides its dates, plainly lies outside of this time."""
    return all(_is_outside(each, start - _MARGIN, end + _MARGIN) for each in events)


def suspicion(events: Sequence[Found], end: datetime) -> tuple[int, float]:
    """Return what orders series from the usual ones to those that may take for ever."""
    return max((_suspicion(each, end) for each in events), default=(0, 0.0))


def brought_near(event: Found, start: datetime) -> Found:
    """Return a series that began long ago as one that began shortly before `start`.

    By whole intervals, so that it has the same dates from then on: an expander counts from the
    first date. Only a plain rule of days or weeks without a COUNT; any other is as it was.
    """
    plain, parts = plain_hours(event), _parts(event)
    days = _DAYS.get(parts.get(b"FREQ", b""))
    if plain is None or days is None or b"COUNT" in parts or _rules(event) != 1:
        return event
    step = days * max(_number(parts.get(b"INTERVAL", b"1")), 1)
    length = max(plain.ends.local - plain.starts.local + plain.exact, timedelta())
    room = (start - _MARGIN - length - plain.starts.local).days
    by = timedelta(days=room // step * step)
    return event if by <= timedelta() else replace(event, lines=_later(event.lines, by))


def _later(lines: Sequence[Line], by: timedelta) -> list[Line]:
    return [
        (name, parameters, _days_later(value.strip(), by))
        if name.upper() in (b"DTSTART", b"DTEND")
        else (name, parameters, value)
        for name, parameters, value in lines
    ]


def _days_later(value: bytes, by: timedelta) -> bytes:
    day = datetime.fromisoformat(value[:8].decode()) + by
    return day.strftime("%Y%m%d").encode() + value[8:]


def _rules(event: Found) -> int:
    return sum(name.upper() == b"RRULE" for name, _, _ in event.lines)


def _parts(event: Found) -> Parts:
    halves = (part.partition(b"=") for part in event.value(b"RRULE").split(b";"))
    return {name: value for name, equals, value in halves if equals}


def _number(value: bytes) -> int:
    return int(value) if value.isdigit() and len(value) < 8 else _FAR


def _rate(parts: Parts) -> float:
    """Return how often a day at most, by its frequency and the lists of a day's times."""
    often = parts.get(b"FREQ", b"")
    rate = _TIMES_A_DAY.get(often, 1.0) / max(_number(parts.get(b"INTERVAL", b"1")), 1)
    for name, added_to in _ADDED_TO.items():
        if name in parts and often in added_to:
            rate *= len(parts[name].split(b","))
    return rate


def _is_outside(event: Found, start: datetime, end: datetime) -> bool:
    plain = plain_hours(event)
    if plain is None or b"RDATE" in event.first:
        return False
    if plain.starts.local > end:
        return True
    try:
        last = _last_start(event, plain.starts.local)
        return last is not None and last + (plain.ends.local - plain.starts.local) < start
    except (ValueError, OverflowError):
        return False


def _last_start(event: Found, first: datetime) -> datetime | None:
    """Return when it starts for the last time or before that; None: that is not plain to see."""
    if b"RRULE" not in event.first:
        return first
    parts = _parts(event)
    if _rules(event) > 1:
        return None
    if b"UNTIL" in parts:
        return datetime.fromisoformat(parts[b"UNTIL"][:8].decode())
    days = _DAYS.get(parts.get(b"FREQ", b""))
    only = _USUAL if days == _DAYS[b"WEEKLY"] else _USUAL - {b"BYDAY"}
    if days is None or b"COUNT" not in parts or not only >= parts.keys():
        return None
    times = _number(parts[b"COUNT"]) * _number(parts.get(b"INTERVAL", b"1"))
    return first + timedelta(days=days * times)


def _suspicion(event: Found, end: datetime) -> tuple[int, float]:
    parts, plain = _parts(event), plain_hours(event)
    days = 0.0 if plain is None else (end - plain.starts.local).total_seconds() / 86_400
    return len(parts.keys() - _USUAL), max(days, 0.0) * _rate(parts)
