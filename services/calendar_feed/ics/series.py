"""A course as a VEVENT that recurs, with its exceptions (RFC 5545 sections 3.8.4.4 and 3.8.5)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Event, vRecur

from services.calendar_feed.domain.detail import Shown
from services.calendar_feed.domain.series import Series, Weekly
from services.calendar_feed.ics.vevent import component, kept_vevent, whole_second
from services.calendar_feed.ics.vtimezone import vtimezone

KEPT: Final = 2_048
_PAST_A_MONTH: Final = timedelta(days=31)
_ZONELESS: Final = "UTC"  # 3.2.19 forbids TZID where the time is in UTC


@functools.lru_cache(maxsize=KEPT)
def kept_series(series: Series) -> bytes:
    """As `series_lines`; a change of one course writes that one anew."""
    return series_lines(series)


def series_lines(series: Series) -> bytes:
    """Return the lines of one course: every series before its overrides, single sessions last.

    Each TZID in it needs its VTIMEZONE: see `vtimezones`.
    """
    recurring = [each.to_ical() for weekly in series.weekly for each in _recurring(weekly)]
    return b"".join([*recurring, *(kept_vevent(each) for each in series.single)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """A zone, and from when until when (aware) something has its times in it."""

    tzid: str
    begins: datetime
    ends: datetime


def vtimezones(courses: Iterable[Series], *others: Extent) -> bytes:
    """Return one VTIMEZONE for each TZID of these (3.6.5), in order of their names.

    Each is right from the beginning of the first month to the end of the last, so that the
    lines stay the same from day to day.
    """
    extents: dict[str, tuple[datetime, datetime]] = {}
    held = (
        Extent(tzid=w.tzid, begins=w.extent[0], ends=w.extent[1]) for c in courses for w in c.weekly
    )
    for each in (*held, *others):
        first, last = extents.get(each.tzid, (each.begins, each.ends))
        extents[each.tzid] = min(each.begins, first), max(each.ends, last)
    return b"".join(
        vtimezone(tzid, _month(first), _month(_month(last) + _PAST_A_MONTH))
        for tzid, (first, last) in sorted(extents.items())
        if tzid != _ZONELESS
    )


def _month(moment: datetime) -> datetime:
    return datetime(moment.year, moment.month, 1, tzinfo=UTC)


def _recurring(weekly: Weekly) -> Iterator[Event]:
    """Yield the series and then what overrides it, all with times of the one TZID (3.2.19).

    UNTIL is in UTC, as 3.3.10 asks where DTSTART has a TZID, and the last slot itself; never
    COUNT, which Microsoft refuses when it is 1. EXDATE (3.8.5.1) and RECURRENCE-ID (3.8.4.4) are
    of the same type and zone as DTSTART, else readers pass them over.
    """
    series = _at(weekly.shown, weekly.tzid)
    series.add("RRULE", vRecur(FREQ="WEEKLY", UNTIL=whole_second(weekly.until)))
    for slot in weekly.left_out:
        _add_time(series, "EXDATE", slot, weekly.tzid)
    yield series
    for each in weekly.overrides:
        override = _at(each.shown, weekly.tzid)
        _add_time(override, "RECURRENCE-ID", each.slot, weekly.tzid)
        yield override


def _at(shown: Shown, tzid: str) -> Event:
    event = component(shown)
    for name, moment in (("DTSTART", shown.dtstart), ("DTEND", shown.dtend)):
        del event[name]
        _add_time(event, name, moment, tzid)
    return event


def _add_time(event: Event, name: str, moment: datetime, tzid: str) -> None:
    """Add a wall clock and its TZID (3.3.5, form 3), or a time in UTC (form 2)."""
    if tzid == _ZONELESS:
        event.add(name, moment.astimezone(UTC).replace(microsecond=0))
    else:
        wall = moment.replace(tzinfo=None, microsecond=0)
        event.add(name, wall, parameters={"TZID": tzid})
