"""What stands at an address that shows no feed any more: one event that says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from icalendar import Event
from icalendar.enums import CLASS, STATUS, TRANSP

from services.calendar_feed.domain.addresses import NOTICE, Notice, Posted
from services.calendar_feed.ics.vcalendar import END, opening
from services.calendar_feed.ics.vevent import whole_second

_NOTICES: Final = UUID("c1f9a3f2-1f0e-4f53-9b57-0d8a2f2f6b10")
_DAY: Final = timedelta(days=1)
SAYS: Final = {
    Notice.MOVED: ("This calendar has moved", "Ask the practice for its new address."),
    Notice.ENDED: ("This calendar has ended", "You can remove it."),
}


def notice(name: str, feed_id: UUID, posted: Posted) -> bytes:
    """Return a calendar that holds no session, but says for thirty days why it does not.

    One event over whole days (RFC 5545 3.6.1, DATE values) is seen whichever day is looked at,
    and takes no time (TRANSP, 3.8.2.7).
    """
    since, (summary, description) = whole_second(posted.since), SAYS[posted.notice]
    first = since.date()
    event = Event.new(
        uid=str(uuid5(_NOTICES, f"{feed_id}/{posted.notice}/{since.isoformat()}")),
        stamp=since,
        last_modified=since,
        created=since,
        sequence=0,
        start=first,
        end=first + NOTICE + _DAY,
        status=STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT,
        classification=CLASS.PRIVATE,
        summary=summary,
        description=description,
    )
    lines: bytes = event.to_ical()
    return b"".join([opening(name), lines, END])
