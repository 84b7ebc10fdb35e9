"""Lines of VEVENTs in a fourth of their memory: most of each stands in every other too."""

from __future__ import annotations

import zlib
from typing import Final

# RFC 1950 section 2.2: what is frequent, most frequent last. It decides no byte of any feed.
_USUAL: Final = b"""BEGIN:VALARM\r
ACTION:DISPLAY\r
DESCRIPTION:Reminder\r
TRIGGER:-PT10M\r
END:VALARM\r
STATUS:CANCELLED\r
TRANSP:TRANSPARENT\r
SUMMARY:Group (\r
BEGIN:VEVENT\r
SUMMARY:Busy\r
DTSTART:20270101T000000Z\r
DTEND:20270101T010000Z\r
DTSTAMP:20270101T000000Z\r
UID:00000000-0000-4000-8000-000000000000\r
SEQUENCE:0\r
CLASS:PRIVATE\r
CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://\r
CREATED:20270101T000000Z\r
DESCRIPTION:https://\r
LAST-MODIFIED:20270101T000000Z\r
STATUS:CONFIRMED\r
TRANSP:OPAQUE\r
URL:https://\r
END:VEVENT\r
"""


def pack(lines: bytes) -> bytes:
    """Return what `unpack` makes the very `lines` of."""
    packing = zlib.compressobj(level=1, wbits=-zlib.MAX_WBITS, zdict=_USUAL)
    return packing.compress(lines) + packing.flush()


def unpack(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=_USUAL)
    return unpacking.decompress(packed)
