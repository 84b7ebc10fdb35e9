"""Take a calendar of anyone's apart into its events, without a parser that a bomb could hold up.

Of each event only what says when it is and whether it is busy is kept: no summary, no guest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

_KEPT: Final = frozenset(
    {
        "UID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "SEQUENCE",
        "TRANSP",
        "STATUS",
        "X-MICROSOFT-CDO-BUSYSTATUS",
    }
)
_MOST_ZONE_LINES: Final = 20_000


class NoCalendar(ValueError):
    """This is no iCalendar object (RFC 5545 section 3.4)."""


@dataclass(slots=True, kw_only=True)
class FoundEvent:
    """An event of the file as its content lines, unfolded; `ended`: its END was found."""

    index: int
    lines: list[str] = field(default_factory=list)
    ended: bool = False
    nested: bool = False

    def value(self, name: str) -> str:
        """Return the value of the property, upper case, empty if it has none."""
        for line in self.lines:
            if name_of(line) == name:
                return line.partition(":")[2].strip().upper()
        return ""

    @property
    def uid(self) -> str:
        for line in self.lines:
            if name_of(line) == "UID":
                return line.partition(":")[2].strip()
        return ""

    @property
    def uid_sha256(self) -> str:
        return hashlib.sha256(self.uid.encode()).hexdigest()


@dataclass(slots=True, kw_only=True)
class Scanned:
    """The events of a file, the lines of its zones by TZID, and who wrote it."""

    prodid: str = ""
    events: list[FoundEvent] = field(default_factory=list)
    zones: dict[str, list[str]] = field(default_factory=dict)


def name_of(line: str) -> str:
    """Return the property's name, which ends at a parameter or at its value (section 3.1)."""
    return line.partition(":")[0].partition(";")[0].strip().upper()


def scan(body: bytes) -> Scanned:
    """Return what stands in the file, however broken; raises `NoCalendar`."""
    flat = body.replace(b"\r\n", b"\n").replace(b"\n ", b"").replace(b"\n\t", b"")
    lines = flat.decode("utf-8-sig", errors="replace").split("\n")
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for line in lines[:50]):
        raise NoCalendar
    reader = _Reader()
    for line in lines:
        reader.take(line.rstrip("\r"))
    reader.found.events.extend(reader.open_events)
    return reader.found


class _Reader:
    """Where in the file we are: inside which components, each in the one before."""

    def __init__(self) -> None:
        self.found = Scanned()
        self.open_events: list[FoundEvent] = []
        self._inside: list[str] = []
        self._zone: list[str] = []
        self._events = self._zone_lines = 0

    def take(self, line: str) -> None:
        name = line[:6].upper()
        if name == "BEGIN:":
            self._begin(line[6:].strip().upper())
        if "VTIMEZONE" in self._inside and self._zone_lines < _MOST_ZONE_LINES:
            self._zone_lines += 1
            self._zone.append(line)
        elif self._inside and self._inside[-1] == "VEVENT" and name_of(line) in _KEPT:
            self.open_events[-1].lines.append(line)
        elif self._inside == ["VCALENDAR"] and name_of(line) == "PRODID":
            self.found.prodid = line.partition(":")[2].strip()
        if line[:4].upper() == "END:":
            self._end(line[4:].strip().upper())

    def _begin(self, component: str) -> None:
        if component == "VEVENT":
            nested = bool(self.open_events)
            if nested:
                self.open_events[-1].nested = True
            self.open_events.append(FoundEvent(index=self._events, nested=nested))
            self._events += 1
        if component == "VTIMEZONE":
            self._zone = []
        if len(self._inside) < 64:
            self._inside.append(component)

    def _end(self, component: str) -> None:
        if component not in self._inside:
            return
        while self._inside and self._inside.pop() != component:
            continue
        if component == "VEVENT" and self.open_events:
            event = self.open_events.pop()
            event.ended = True
            self.found.events.append(event)
        if component == "VTIMEZONE":
            self._keep_zone()

    def _keep_zone(self) -> None:
        for line in self._zone:
            if name_of(line) == "TZID":
                self.found.zones[line.partition(":")[2].strip()] = self._zone
                return
