"""Office hours as a VAVAILABILITY (RFC 7953 section 3.1), which says nothing but when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

from icalendar import Availability, Available, vRecur
from icalendar.enums import BUSYTYPE, CLASS

from services.calendar_feed.domain.office_hours import OfficeHours, Weekly, weeks_of
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


def office_until(office: OfficeHours, ends: datetime) -> Office | None:
    """Return the office hours as a feed that shows what is before `ends` has them, if any."""
    lines = vavailability(office)
    if not lines:
        return None
    clock = zone(office.timezone)
    begins = min(each.starts.replace(tzinfo=clock) for each in weeks_of(office))
    extent = Extent(tzid=office.timezone, begins=begins.astimezone(UTC), ends=max(ends, begins))
    return Office(lines=lines, extent=extent)


def vavailability(office: OfficeHours) -> bytes:
    """Return the lines of the office hours; none if there are no hours to tell.

    DTSTAMP is when they changed, never now. Without DTSTART and DTEND it holds for all time
    (3.1), and what no AVAILABLE covers is BUSY-UNAVAILABLE (BUSYTYPE, 3.2). No words.
    """
    told = [_available(office, place, each) for place, each in enumerate(weeks_of(office))]
    if not told:
        return b""
    stamp = whole_second(office.changed_at)
    component = Availability.new(
        uid=_uid(office, "office"),
        stamp=stamp,
        last_modified=stamp,
        busy_type=BUSYTYPE.BUSY_UNAVAILABLE,
        classification=CLASS.PRIVATE,
        subcomponents=told,
    )
    lines: bytes = component.to_ical()
    return lines


def _available(office: OfficeHours, place: int, weekly: Weekly) -> Available:
    """One stretch: DTSTART and DTEND on the office's clock, each week on its day (3.1)."""
    clock = zone(office.timezone)
    component = Available()  # its `new` would turn both times to UTC
    component.add("UID", _uid(office, str(place)))
    component.add("DTSTAMP", whole_second(office.changed_at))
    component.add("DTSTART", weekly.starts.replace(tzinfo=clock))
    component.add("DTEND", weekly.ends.replace(tzinfo=clock))
    recurs = vRecur(FREQ="WEEKLY", BYDAY=_DAYS[weekly.weekday])
    if weekly.until is not None:
        recurs["UNTIL"] = [weekly.until]  # in UTC, as RFC 5545 3.3.10 asks beside a TZID
    component.add("RRULE", recurs)
    return component


def _uid(office: OfficeHours, part: str) -> str:
    return str(uuid5(_OFFICES, f"{office.clinician_id}/{part}"))
