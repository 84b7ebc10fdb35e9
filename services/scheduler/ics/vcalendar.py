"""A person's sessions as one iCalendar object (RFC 5545 section 3.4).

No words that anyone wrote go in: a time, whether it stands, and a neutral word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from icalendar import Calendar, Event
from icalendar.enums import CLASS, STATUS, TRANSP

from services.scheduler.domain.sessions import Session, Status

PRODID: Final = "-//Standing Hour//Export 1//EN"
SUMMARY: Final = "Appointment"


def vcalendar(sessions: Sequence[Session], *, now: datetime) -> bytes:
    """Return every session as a VEVENT in UTC, so that no VTIMEZONE can be misread.

    With no sessions at all the object is still whole. There is no METHOD: it invites nobody.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODID)  # 3.7.3
    calendar.add("VERSION", "2.0")  # 3.7.4
    for session in sessions:
        calendar.add_component(_vevent(session, now.replace(microsecond=0)))
    lines: bytes = calendar.to_ical()
    return lines


def _vevent(session: Session, stamp: datetime) -> Event:
    cancelled = session.status is Status.CANCELLED
    return Event.new(
        uid=str(session.id),  # 3.8.4.7, opaque as RFC 7986 section 5.3 asks; as in a feed
        stamp=stamp,
        sequence=session.revision - 1,  # 3.8.7.4 begins at 0
        start=session.slot.starts_at.replace(microsecond=0),
        end=session.slot.ends_at.replace(microsecond=0),
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if cancelled else TRANSP.OPAQUE,
        classification=CLASS.PRIVATE,
        summary=SUMMARY,
    )
