"""One session as a VEVENT (RFC 5545 section 3.6.1)."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Final

from icalendar import Conference, Event
from icalendar.enums import CLASS, STATUS, TRANSP

from services.calendar_feed.domain.detail import Shown
from services.calendar_feed.domain.entries import Status
from services.calendar_feed.ics.text import one_line

KEPT: Final = 8_192
_STATUS: Final = {Status.CONFIRMED: STATUS.CONFIRMED, Status.CANCELLED: STATUS.CANCELLED}


@functools.lru_cache(maxsize=KEPT)
def kept_vevent(shown: Shown) -> bytes:
    """As `vevent`; a change of one session writes that one anew."""
    return vevent(shown)


def vevent(shown: Shown) -> bytes:
    """Return the lines of one VEVENT, folded at 75 octets (3.1), each ended by CR LF.

    Times are UTC (3.3.5, form 2), so no VTIMEZONE can be misread. DTSTAMP is the time of the
    last change and not of the request (3.8.7.2), so that equal states give equal bytes.
    """
    changed = _whole_second(shown.last_modified)
    url = one_line(shown.url)
    event = Event.new(
        uid=one_line(shown.uid),  # 3.8.4.7, opaque as RFC 7986 section 5.3 asks
        stamp=changed,
        created=_whole_second(shown.created),  # 3.8.7.1
        last_modified=changed,  # 3.8.7.3
        sequence=shown.sequence,  # 3.8.7.4
        start=_whole_second(shown.dtstart),  # 3.8.2.4
        end=_whole_second(shown.dtend),  # 3.8.2.2
        status=_STATUS[shown.status],  # 3.8.1.11
        transparency=_transparency(shown.status),  # 3.8.2.7
        classification=CLASS.PRIVATE,  # 3.8.1.3
        summary=one_line(shown.summary),  # 3.8.1.12
        description=url,  # 3.8.1.5: most readers show no CONFERENCE
        url=url,  # 3.8.4.6
        conferences=[Conference(url, feature="VIDEO")],  # RFC 7986 section 5.11
    )
    lines: bytes = event.to_ical()
    return lines


def _transparency(status: Status) -> TRANSP:
    return TRANSP.TRANSPARENT if status is Status.CANCELLED else TRANSP.OPAQUE


def _whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
