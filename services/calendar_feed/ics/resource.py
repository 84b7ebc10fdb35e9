"""One session as a calendar object resource: RFC 4791 section 4.1."""

from __future__ import annotations

from typing import Final

from services.calendar_feed.ics.vcalendar import END, PRODID

_BEGIN: Final = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\n".encode()


def resource(vevent: bytes) -> bytes:
    """Return a VCALENDAR that holds this one VEVENT; no METHOD, which 4.1 forbids."""
    return b"".join([_BEGIN, vevent, END])
