"""A feed for partners: when someone is not free, and nothing else (RFC 5545 section 3.6.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from icalendar import FreeBusy, vPeriod

from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.domain.taken import taken
from services.calendar_feed.domain.window import Window
from services.calendar_feed.ics.vcalendar import END, opening
from services.calendar_feed.ics.vevent import whole_second


def free_busy(
    name: str, feed_id: UUID, entries: Iterable[Entry], window: Window, changed_at: datetime
) -> bytes:
    """Return one VFREEBUSY over the whole window; what overlaps or touches is one period.

    3.8.2.6 wants UTC, ascending and FBTYPE; a period says no more than that it is taken.
    """
    busy = FreeBusy()
    busy.add("UID", str(feed_id))  # 3.8.4.7
    busy.add("DTSTAMP", whole_second(changed_at))  # 3.8.7.2
    busy.add("DTSTART", window.begins)  # 3.8.2.4
    busy.add("DTEND", window.ends)  # 3.8.2.2
    for begins, ends in taken(entries):
        period = vPeriod((begins, ends))
        period.params["FBTYPE"] = "BUSY"  # 3.2.9
        busy.add("FREEBUSY", period, encode=False)
    lines: bytes = busy.to_ical()
    return b"".join([opening(name), lines, END])
