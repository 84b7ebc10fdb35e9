"""The hours of one series, as `recurring-ical-events` expands it; what cannot be read is left out.

Imported late: the library costs a tenth of a second and a good part of the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from recurring_ical_events import EventAdapter

from services.calendar_feed.domain.outside import Flaw
from services.calendar_feed.ics.plain_times import Stretch, busy
from services.calendar_feed.ics.scanning import Found, Line


class Unreadable(ValueError):
    """Nothing of this series can be read."""


@dataclass(frozen=True, slots=True)
class Within:
    """The time that is looked at, and the zone of what has none."""

    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Hours:
    """When a series is busy, and which of its events were left out of that, and why."""

    stretches: list[Stretch]
    left_out: list[tuple[Found, Flaw]]


class _Occurrence(EventAdapter):  # type: ignore[misc] # the library has no types
    """Says when each date of a series is, without a copy of its event for each."""

    def as_component(self, start: Any = None, stop: Any = None, *_: Any) -> dict[str, Any]:
        return {"start": start, "stop": stop, "event": self._component}


def series_hours(events: Sequence[Found], within: Within) -> Hours:
    """Return the hours of an event with what overrides its dates; raises `Unreadable`.

    An override or an EXDATE that cannot be read is left out: that date is as its series has it.
    """
    try:
        return Hours(_expanded(events, within), [])
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 # whatever is wrong, some of it may be right
        return _what_is_sound(events, within)


def _what_is_sound(events: Sequence[Found], within: Within) -> Hours:
    sound: list[Found] = []
    left_out: list[tuple[Found, Flaw]] = []
    for each in events:
        good, flaw = _sound(each, within)
        sound += [good] if good is not None else []
        left_out += [(each, flaw)] if flaw is not None else []
    if not sound or not left_out:
        raise Unreadable
    try:
        return Hours(_expanded(sound, within), left_out)
    except Exception as error:
        raise Unreadable from error


def _sound(event: Found, within: Within) -> tuple[Found | None, Flaw | None]:
    """Return what of the event can be read, and what is wrong with the rest."""
    if _reads(event, within):
        return event, None
    if b"RECURRENCE-ID" in event.first:
        return None, Flaw.EXCEPTION
    without = [each for each in event.lines if each[0].upper() != b"EXDATE"]
    bare = replace(event, lines=without)
    if not _reads(bare, within):
        return None, Flaw.BROKEN
    once = [each for each in without if each[0].upper() not in (b"RRULE", b"RDATE")]
    good = [
        each
        for each in event.lines
        if each[0].upper() == b"EXDATE" and _reads(replace(event, lines=[*once, each]), within)
    ]
    return replace(event, lines=[*without, *good]), Flaw.EXCEPTION


def _reads(event: Found, within: Within) -> bool:
    try:
        _expanded([event], within)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 # see above
        return False
    return True


def _expanded(events: Sequence[Found], within: Within) -> list[Stretch]:
    calendar = Calendar.from_ical(_text(events))
    query = recurring_ical_events.of(calendar, components=[_Occurrence])
    seen: Sequence[Any] = query.between(within.starts_at, within.ends_at)
    return [
        (_second(each["start"], within.zone), _second(each["stop"], within.zone))
        for each in seen
        if _shows_busy(each["event"])
    ]


def _shows_busy(event: Any) -> bool:
    names = ("TRANSP", "STATUS", "X-MICROSOFT-CDO-BUSYSTATUS")
    return busy(*(str(event.get(name, "")).strip().upper().encode() for name in names))


def _text(events: Sequence[Found]) -> bytes:
    inside = [
        line
        for each in events
        for line in (b"BEGIN:VEVENT", *map(_joined, each.lines), b"END:VEVENT")
    ]
    head = (b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:outside")
    return b"\r\n".join((*head, *inside, b"END:VCALENDAR", b""))


def _joined(line: Line) -> bytes:
    name, parameters, value = line
    return name + parameters + b":" + value


def _second(said: date | datetime, zone: ZoneInfo) -> int:
    """A date is its first moment (3.3.4), a floating time is local (3.3.5, form 1)."""
    local = said if isinstance(said, datetime) else datetime.combine(said, time())
    aware = local if local.tzinfo else local.replace(tzinfo=zone)
    return int(aware.astimezone(UTC).timestamp())
