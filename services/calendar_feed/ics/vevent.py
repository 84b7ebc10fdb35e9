"""One session as a VEVENT (RFC 5545 section 3.6.1)."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from icalendar import Alarm, Conference, Event
from icalendar.enums import CLASS, STATUS, TRANSP

from services.calendar_feed.domain.detail import Shown
from services.calendar_feed.domain.entries import Status
from services.calendar_feed.ics.packing import pack, unpack
from services.calendar_feed.ics.text import one_line

KEPT: Final = 8_192
RINGS: Final = "Reminder"
CANCELLED: Final = "Cancelled: "
_ALARMS: Final = UUID("5f5ab3f0-9f0c-4a3e-8f6e-2d0b1d8a4c11")
_STATUS: Final = {Status.CONFIRMED: STATUS.CONFIRMED, Status.CANCELLED: STATUS.CANCELLED}


def kept_vevent(shown: Shown) -> bytes:
    """As `vevent`; a change of one session writes that one anew."""
    return unpack(packed_vevent(shown))


@functools.lru_cache(maxsize=KEPT)
def packed_vevent(shown: Shown) -> bytes:
    return pack(vevent(shown))


def vevent(shown: Shown) -> bytes:
    """Return the lines of one VEVENT, folded at 75 octets (3.1), each ended by CR LF."""
    lines: bytes = component(shown).to_ical()
    return lines


def component(shown: Shown) -> Event:
    """Return one VEVENT.

    Times are UTC (3.3.5, form 2), so no VTIMEZONE can be misread. DTSTAMP is the time of the
    last change and not of the request (3.8.7.2), so that equal states give equal bytes.
    """
    changed = whole_second(shown.last_modified)
    event = Event.new(
        uid=one_line(shown.uid),  # 3.8.4.7, opaque as RFC 7986 section 5.3 asks
        stamp=changed,
        created=whole_second(shown.created),  # 3.8.7.1
        last_modified=changed,  # 3.8.7.3
        sequence=shown.sequence,  # 3.8.7.4
        start=whole_second(shown.dtstart),  # 3.8.2.4
        end=whole_second(shown.dtend),  # 3.8.2.2
        status=_STATUS[shown.status],  # 3.8.1.11
        transparency=transparency(shown.status),  # 3.8.2.7
        classification=CLASS.PRIVATE,  # 3.8.1.3
        summary=one_line(_title(shown)),  # 3.8.1.12
        **joining(shown.url),
    )
    for before in shown.alarms:
        event.add_component(valarm(shown.uid, before))
    return event


def _title(shown: Shown) -> str:
    """Outlook was seen to show what is cancelled as if it took place, so the title says it too."""
    return f"{CANCELLED}{shown.summary}" if shown.status is Status.CANCELLED else shown.summary


def joining(address: str | None) -> dict[str, Any]:
    """Return what of a VEVENT says where to join: nothing, or the same address three times."""
    if address is None:
        return {}
    url = one_line(address)
    return {
        "description": url,  # 3.8.1.5: most readers show no CONFERENCE
        "url": url,  # 3.8.4.6
        "conferences": [Conference(url, feature="VIDEO")],  # RFC 7986 section 5.11
    }


def valarm(uid: str, before: timedelta) -> Alarm:
    """Return a VALARM (3.6.6) that long before the start; it says no more than that it rings.

    RFC 9074 section 4 gives it a UID of its own, the same in every process.
    """
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")  # 3.8.6.1
    alarm.add("DESCRIPTION", RINGS)  # 3.6.6 asks for one
    alarm.add("TRIGGER", -before)  # 3.8.6.3
    alarm.add("UID", str(uuid5(_ALARMS, f"{uid}/{int(before.total_seconds())}")))
    return alarm


def transparency(status: Status) -> TRANSP:
    return TRANSP.TRANSPARENT if status is Status.CANCELLED else TRANSP.OPAQUE


def whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
