"""Take a calendar of anyone's apart into its events, without a parser that a bomb could hold up.

Of each event only what says when it is and whether it is busy is kept: no summary, no guest.
Nothing is done for a line that is not kept, so ten megabytes of anything are soon gone through.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

EVENT: Final = b"VEVENT"
FREE_BUSY: Final = b"VFREEBUSY"
MOST_LINES: Final = 5_000  # of one event
MOST_EDGES: Final = 300_000  # begins and ends; more in ten megabytes is no calendar of anyone's
_MOST_INSIDE: Final = 64
_LONGEST_ZONE: Final = 100_000
_LONG: Final = 65_536
_TIMES: Final = frozenset({EVENT, FREE_BUSY})
_KEPT: Final = (
    b"UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|TRANSP|STATUS"
    b"|X-MICROSOFT-CDO-BUSYSTATUS|FREEBUSY"
)
_EDGE: Final = re.compile(rb"\n(BEGIN|END):[ \t]*([A-Z0-9-]+)[^\n]*", re.IGNORECASE)
_LINE: Final = re.compile(rb"\n(" + _KEPT + rb")((?:;[^:\n]*)?):([^\n]*)", re.IGNORECASE)
_PRODID: Final = re.compile(rb"\nPRODID(?:;[^:\n]*)?:([^\n]*)", re.IGNORECASE)
_TZID: Final = re.compile(rb"\nTZID(?:;[^:\n]*)?:([^\n]*)", re.IGNORECASE)

Line = tuple[bytes, bytes, bytes]  # name, parameters with their semicolon, value


class NoCalendar(ValueError):
    """This is no iCalendar object (RFC 5545 section 3.4)."""


class CutOff(ValueError):
    """The calendar has no end (RFC 5545 section 3.4): some of it did not come."""


@dataclass(slots=True, kw_only=True)
class Found:
    """An event or free/busy as its content lines, unfolded; `ended`: its END was found.

    `cut`: it has more lines than are looked at.
    """

    index: int
    kind: bytes = EVENT
    lines: list[Line] = field(default_factory=list)
    ended: bool = False
    nested: bool = False
    cut: bool = False
    first: dict[bytes, Line] = field(init=False, default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if self.lines:
            self.settle()

    def settle(self) -> None:
        """Find the first line of each property, once there are no more to come."""
        self.first = {each[0].upper(): each for each in reversed(self.lines)}

    def value(self, name: bytes) -> bytes:
        """Return the value of the property, upper case, empty if it has none."""
        line = self.first.get(name)
        return b"" if line is None else line[2].strip().upper()

    @property
    def uid(self) -> bytes:
        line = self.first.get(b"UID")
        return b"" if line is None else line[2].strip()


def hashed(uid: bytes) -> str:
    """Return what stands for a UID outside of this process."""
    return hashlib.sha256(uid).hexdigest()


class Scan:
    """One pass over a file; once it is over, `prodid` and the text of each zone are known too.

    `broken_off`: it has more components than are looked at.
    """

    def __init__(self, body: bytes) -> None:
        self.prodid = b""
        self.broken_off = False
        self.zones: dict[bytes, bytes] = {}
        self._flat = _unfolded(body)
        self._inside: list[bytes] = []
        self._open: list[Found] = []
        self._index = self._zone_at = 0

    def found(self) -> Iterator[Found]:
        """Yield what stands in the file, however broken; raises `NoCalendar`, at last `CutOff`."""
        at, seen = 0, False
        for count, edge in enumerate(_EDGE.finditer(self._flat)):
            name, begins = edge[2].upper(), edge[1].upper() == b"BEGIN"
            seen = seen or (begins and name == b"VCALENDAR")
            self.broken_off = count == MOST_EDGES
            if not seen or self.broken_off:
                break
            self._take(at, edge.start())
            at = edge.end()
            if begins:
                self._begin(name, edge.start())
            else:
                yield from self._end(name, at)
        if not seen:
            raise NoCalendar
        if not self.broken_off:
            self._take(at, len(self._flat))
            self._see_the_end()
        for left in self._open:
            left.settle()
            yield left

    def _see_the_end(self) -> None:
        if b"VCALENDAR" in self._inside:
            raise CutOff

    def _begin(self, name: bytes, at: int) -> None:
        shallow = len(self._inside) < _MOST_INSIDE
        if name in _TIMES:
            if shallow:
                self._open_event(name)
            self._index += 1
        elif name == b"VTIMEZONE":
            self._zone_at = at
        if shallow:
            self._inside.append(name)

    def _open_event(self, name: bytes) -> None:
        if self._open:
            self._open[-1].nested = True
        self._open.append(Found(index=self._index, kind=name, nested=bool(self._open)))

    def _end(self, name: bytes, at: int) -> Iterator[Found]:
        """Leave the component, and with it what inside it has no end of its own."""
        if name not in self._inside:
            return
        left = b""
        while left != name:
            left = self._inside.pop()
            if left in _TIMES:
                ended = self._open.pop()
                ended.ended = left == name
                ended.settle()
                yield ended
        if name == b"VTIMEZONE":
            self._keep_zone(self._flat[self._zone_at : at])

    def _take(self, start: int, stop: int) -> None:
        """Keep the lines between two edges, if they are those of an event."""
        if start >= stop or not self._inside:
            return
        if self._inside[-1] in _TIMES:
            self._take_lines(self._open[-1], start, stop)
        elif self._inside[-1] == b"VCALENDAR":
            prodid = _PRODID.search(self._flat, start, stop)
            self.prodid = prodid[1].strip() if prodid else self.prodid

    def _take_lines(self, event: Found, start: int, stop: int) -> None:
        if stop - start < _LONG:
            event.lines += _LINE.findall(self._flat, start, stop)
        elif not event.cut:
            matches = _LINE.finditer(self._flat, start, stop)
            event.lines += [(each[1], each[2], each[3]) for each in islice(matches, MOST_LINES + 1)]
        if len(event.lines) > MOST_LINES:
            event.cut = True
            del event.lines[MOST_LINES:]

    def _keep_zone(self, text: bytes) -> None:
        tzid = _TZID.search(text)
        if tzid and len(text) <= _LONGEST_ZONE:
            self.zones.setdefault(tzid[1].strip(), text)


def _unfolded(body: bytes) -> bytes:
    """Return the lines as one each (3.1), a line feed before every one of them."""
    flat = b"\n" + body.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return flat.replace(b"\n ", b"").replace(b"\n\t", b"")
