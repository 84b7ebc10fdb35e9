"""Office hours as a VAVAILABILITY (RFC 7953 section 3.1), which says nothing but when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

from icalendar import Availability, Available, vRecur
from icalendar.enums import BUSYTYPE, CLASS

from services.calendar_feed.domain.office_hours import OfficeHours, Weekly, weeks_of
from services.calendar_feed.domain.window import Window
from services.calendar_feed.ics.series import Extent
from services.calendar_feed.ics.vevent import whole_second
from shared.zones import zone

_OFFICES: Final = UUID("5d0e7c0a-8f0b-4c5e-9c34-0c1d5a7b9e21")
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The lines of one VAVAILABILITY, and the zone that they need."""

    lines: bytes
    extent: Extent


def office_in(office: OfficeHours, window: Window) -> Office | None:
    """Return the office hours as a feed that shows this window has them, if any."""
    told = tuple(weeks_of(office, window.first_month))
    if not told:
        return None
    clock = zone(office.timezone)
    begins = min(each.starts.replace(tzinfo=clock) for each in told).astimezone(UTC)
    extent = Extent(tzid=office.timezone, begins=begins, ends=max(window.ends, begins))
    changed_at = max(office.changed_at, window.first_month_came)
    return Office(lines=_vavailability(office, told, changed_at), extent=extent)


def _vavailability(office: OfficeHours, told: Iterable[Weekly], changed_at: datetime) -> bytes:
    """Return the lines of the office hours.

    DTSTAMP is when they or the month they begin in changed, never now. Without DTSTART and DTEND
    it holds for all time (3.1), and what no AVAILABLE covers is BUSY-UNAVAILABLE (BUSYTYPE, 3.2).
    No words.
    """
    stamp = whole_second(changed_at)
    component = Availability.new(
        uid=_uid(office, "office"),
        stamp=stamp,
        last_modified=stamp,
        busy_type=BUSYTYPE.BUSY_UNAVAILABLE,
        classification=CLASS.PRIVATE,
        subcomponents=[_available(office, place, each, stamp) for place, each in enumerate(told)],
    )
    lines: bytes = component.to_ical()
    return lines


def _available(office: OfficeHours, place: int, weekly: Weekly, stamp: datetime) -> Available:
    """One stretch: DTSTART and DTEND on the office's clock, each week on its day (3.1)."""
    clock = zone(office.timezone)
    component = Available()  # its `new` would turn both times to UTC
    component.add("UID", _uid(office, str(place)))
    component.add("DTSTAMP", stamp)
    component.add("DTSTART", weekly.starts.replace(tzinfo=clock))
    component.add("DTEND", weekly.ends.replace(tzinfo=clock))
    recurs = vRecur(FREQ="WEEKLY", BYDAY=_DAYS[weekly.weekday])
    if weekly.until is not None:
        recurs["UNTIL"] = [weekly.until]  # in UTC, as RFC 5545 3.3.10 asks beside a TZID
    component.add("RRULE", recurs)
    return component


def _uid(office: OfficeHours, part: str) -> str:
    return str(uuid5(_OFFICES, f"{office.clinician_id}/{part}"))
