"""A feed as one iCalendar object (RFC 5545 section 3.4)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from icalendar import Calendar, vDuration, vText

from services.calendar_feed.domain.entries import Entry
from services.calendar_feed.domain.window import MOST_BYTES
from services.calendar_feed.ics.text import one_line

PRODID: Final = "-//Standing Hour//Calendar Feed 1//EN"
REFRESH: Final = timedelta(minutes=15)
END: Final = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A feed's bytes, and the session ids of what could not be written or found no room."""

    body: bytes
    unwritable: tuple[str, ...]
    no_room: int


def vcalendar(
    name: str, entries: Iterable[Entry], written: Callable[[Entry], bytes], *, first: bytes = b""
) -> Rendered:
    """Return the feed called `name`, each entry as `written`, in the order given, at most 1 MB.

    `first` are the lines of components that come before them.
    One entry that cannot be written never costs the others their place. With no entries
    at all the object is still whole, since readers refuse an empty answer.
    """
    lines, unwritable, no_room = [opening(name) + first], [], 0
    room = MOST_BYTES - len(lines[0]) - len(END)
    for entry in entries:
        try:
            fragment = written(entry)
        except Exception:  # noqa: BLE001 # whatever is wrong with one entry stays with that one
            unwritable.append(str(entry.session_id))
            continue
        if no_room or len(fragment) > room:
            no_room += 1  # and all that are farther: a gap in the middle would mislead
            continue
        lines.append(fragment)
        room -= len(fragment)
    body = b"".join([*lines, END])
    return Rendered(body=body, unwritable=tuple(unwritable), no_room=no_room)


@functools.lru_cache(maxsize=512)
def opening(name: str) -> bytes:
    """Everything before the first VEVENT: no METHOD, which would ask for an ORGANIZER."""
    calendar = Calendar()
    calendar.add("PRODID", PRODID)  # 3.7.3
    calendar.add("VERSION", "2.0")  # 3.7.4
    title = one_line(name)
    calendar.add("NAME", vText(title), encode=False)  # RFC 7986 section 5.1
    calendar.add("X-WR-CALNAME", vText(title), encode=False)
    refresh = vDuration(REFRESH)
    refresh.params["VALUE"] = "DURATION"  # RFC 7986 section 5.7 asks for it
    calendar.add("REFRESH-INTERVAL", refresh, encode=False)
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH), encode=False)
    opening: bytes = calendar.to_ical()
    return opening.removesuffix(END)
