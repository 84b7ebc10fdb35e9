"""Put each event of a calendar where it belongs: plain ones, series by UID, and what is flawed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.calendar_feed.domain.outside import MOST_STRETCHES, MOST_UNREAD, Flaw, Unread
from services.calendar_feed.ics.outside_zones import Zones
from services.calendar_feed.ics.parts import Part, Window, named
from services.calendar_feed.ics.plain_times import (
    Plain,
    Stretch,
    is_busy,
    is_far,
    periods,
    plain_hours,
)
from services.calendar_feed.ics.rules import brought_near, is_outside, suspicion, too_often
from services.calendar_feed.ics.scanning import FREE_BUSY, Found, hashed

_REPEATS: Final = frozenset({b"RRULE", b"RDATE", b"EXDATE", b"RECURRENCE-ID"})


@dataclass(slots=True)
class _Event:
    """One that plainly says when it is."""

    uid: bytes
    sequence: int
    plain: Plain


class Sorting:
    """Puts each event where it belongs: plain ones, series by their UIDs, and what is flawed."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._plain: list[_Event] = []
        self._periods: dict[bytes, list[Stretch]] = {}
        self._series: dict[bytes, list[Found]] = {}
        self._highest: dict[bytes, int] = {}
        self._unread: list[Unread] = []
        self._whole = True

    def take(self, found: Found) -> None:
        flaw = _flaw(found)
        if flaw is not None:
            self._name(found, flaw)
        elif found.kind == FREE_BUSY:
            self._take_periods(found)
        else:
            self._take_event(found)

    def _take_periods(self, found: Found) -> None:
        try:
            self._periods.setdefault(found.uid, []).extend(periods(found))
        except (ValueError, OverflowError):
            self._name(found, Flaw.BROKEN)

    def _take_event(self, found: Found) -> None:
        sequence = _sequence(found)
        if sequence and b"RECURRENCE-ID" not in found.first:
            self._highest[found.uid] = max(self._highest.get(found.uid, 0), sequence)
        if not _REPEATS.isdisjoint(found.first):
            self._wait(found)
        elif not is_far(found, self._window.first_day, self._window.last_day):
            plain = plain_hours(found)
            if plain is None:
                self._wait(found)
            elif is_busy(found):
                self._plain.append(_Event(found.uid, sequence, plain))

    def _wait(self, found: Found) -> None:
        # Without a UID nothing belongs together.
        key = found.uid or b"\n%d" % found.index
        self._series.setdefault(key, []).append(found)

    def _name(self, found: Found, flaw: Flaw) -> None:
        if len(self._unread) < MOST_UNREAD:
            self._unread.append(named(found, flaw))
        else:
            self._whole = False

    def plain(self, zones: Zones, waiting: Sequence[Found]) -> Part:
        """Return the hours of all plain events; of one UID the highest SEQUENCE holds (3.8.7.4)."""
        by_uid = self._periods
        for each in self._plain:
            if not each.uid or each.sequence == self._highest.get(each.uid, 0):
                by_uid.setdefault(each.uid, []).append(each.plain.stretch(zones))
        hours = {hashed(uid): self._window.cut(stretches) for uid, stretches in by_uid.items()}
        if sum(map(len, hours.values())) > MOST_STRETCHES:
            self._whole = False
            hours = _nearest(hours)
        return Part(
            hours={uid: each for uid, each in hours.items() if each},
            unread=self._unread,
            waiting=[named(each, Flaw.TOO_COSTLY) for each in waiting[:MOST_UNREAD]],
            whole=self._whole and len(waiting) <= MOST_UNREAD,
        )

    def groups(self) -> list[list[Found]]:
        """Return the series that are to be expanded, the usual ones first, each event once."""
        first, last = self._window.first, self._window.last
        groups = [self._latest(each) for each in self._series.values()]
        near = [
            [brought_near(each, first) for each in group]
            for group in groups
            if not is_outside(group, first, last)
        ]
        return sorted(near, key=lambda each: suspicion(each, last))

    def _latest(self, events: Sequence[Found]) -> list[Found]:
        alike = {tuple(each.lines): each for each in reversed(events)}
        return [
            each
            for each in reversed(alike.values())
            if b"RECURRENCE-ID" in each.first
            or not each.uid
            or _sequence(each) == self._highest.get(each.uid, 0)
        ]


def _flaw(found: Found) -> Flaw | None:
    if found.nested:
        return Flaw.NESTED
    if found.cut:
        return Flaw.TOO_COSTLY
    if not found.ended:
        return Flaw.BROKEN
    if found.kind == FREE_BUSY:
        return None
    override = b"RECURRENCE-ID" in found.first
    if not found.value(b"DTSTART"):
        return Flaw.EXCEPTION if override else Flaw.BROKEN
    return Flaw.TOO_OFTEN if too_often(found) else None


def _sequence(found: Found) -> int:
    value = found.value(b"SEQUENCE")
    return int(value) if value.isdigit() and len(value) < 10 else 0


def _nearest(hours: dict[str, list[Stretch]]) -> dict[str, list[Stretch]]:
    """Return the hours that come first, as many as are kept."""
    listed = sorted((each, uid) for uid, stretches in hours.items() for each in stretches)
    nearest: dict[str, list[Stretch]] = {}
    for each, uid in listed[:MOST_STRETCHES]:
        nearest.setdefault(uid, []).append(each)
    return nearest
