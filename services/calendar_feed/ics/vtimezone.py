"""A time zone as a VTIMEZONE (RFC 5545 section 3.6.5), in so few words that all readers agree."""

from __future__ import annotations

import functools
from datetime import datetime
from typing import Any, Final

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from services.calendar_feed.domain.tzif import read_tzif
from services.calendar_feed.domain.zone_rules import Each, Observance, observances
from shared.zones import tzif

KEPT: Final = 256


@functools.lru_cache(maxsize=KEPT)
def vtimezone(tzid: str, begins: datetime, ends: datetime) -> bytes:
    """Return the lines of one VTIMEZONE that is right from `begins` to `ends` (aware).

    Two rules of each year where the zone has them, else single observances; no RDATE, COMMENT
    or TZNAME, since common readers take no more of it than TZID, DTSTART, RRULE and the offsets.
    """
    told = observances(read_tzif(tzif(tzid)), begins, ends)
    component = Timezone()
    component.add("TZID", tzid)  # 3.8.3.1
    lowest = min(each.first.after for each in told)
    for each in told:
        kind = TimezoneStandard if each.first.after == lowest else TimezoneDaylight
        component.add_component(_observance(kind(), each))
    lines: bytes = component.to_ical()
    return lines


def _observance(component: Any, told: Observance) -> Any:
    component.add("DTSTART", told.first.onset)  # 3.8.2.4, by the clock before the change
    component.add("TZOFFSETFROM", told.first.before)  # 3.8.3.3
    component.add("TZOFFSETTO", told.first.after)  # 3.8.3.4
    if told.each is not None:
        component.add("RRULE", _yearly(told.each))  # 3.8.5.3
    return component


def _yearly(each: Each) -> vRecur:
    if each.nth is not None:
        return vRecur(FREQ="YEARLY", BYMONTH=each.month, BYDAY=f"{each.nth}{each.weekday}")
    return vRecur(FREQ="YEARLY", BYMONTH=each.month, BYDAY=each.weekday, BYMONTHDAY=each.days)
