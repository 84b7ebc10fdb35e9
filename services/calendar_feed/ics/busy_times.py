"""When a calendar of anyone's is busy: each event within its own time, and what was too much named.

It is told in parts: first what plainly says its hours, then the usual series, at last those that
may take for ever. Whoever ends this early has lost only what was not yet told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.calendar_feed.domain.outside import (
    MOST_STRETCHES,
    MOST_UNREAD,
    Block,
    Flaw,
    Unread,
)
from services.calendar_feed.ics.outside_zones import Zones, zones_of
from services.calendar_feed.ics.patience import TooCostly, at_most
from services.calendar_feed.ics.plain_times import (
    Plain,
    Stretch,
    is_busy,
    is_far,
    periods,
    plain_hours,
)
from services.calendar_feed.ics.rules import brought_near, is_outside, suspicion, too_often
from services.calendar_feed.ics.scanning import FREE_BUSY, Found, Scan, hashed

OURS: Final = b"-//Standing Hour//"
PATIENCE: Final = (0.05, 0.4)  # seconds of the processor for one series, in each round
_MARGIN: Final = timedelta(days=2)  # for zones: these are looks at wall clocks
_REPEATS: Final = frozenset({b"RRULE", b"RDATE", b"EXDATE", b"RECURRENCE-ID"})


@dataclass(slots=True, kw_only=True)
class Part:
    """What is told at once; `waiting` are events that a later part tells of.

    `hours` by the SHA-256 of the UID. Not `whole`: more was left out than is named.
    """

    hours: dict[str, list[Stretch]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    waiting: list[Unread] = field(default_factory=list)
    whole: bool = True


def busy_times(body: bytes, zone: ZoneInfo, within: Block) -> Iterator[Part]:
    """Yield what is taken within the window, in parts; raises `NoCalendar` and `CutOff`.

    What has no zone, and a whole day, is taken as in `zone`. What we wrote ourselves is not busy.
    """
    window = _Window(within)
    scan, sorting = Scan(body), _Sorting(window)
    for found in scan.found():
        sorting.take(found)
    if scan.prodid.startswith(OURS):
        yield Part()
        return
    zones = Zones(scan.zones, zone, window.last)
    groups = sorting.groups()
    told = sorting.plain(zones, [each for group in groups for each in group])
    told.whole = told.whole and not scan.broken_off
    yield told
    yield from _Series(window, zones, zone).parts(groups)


class _Window:
    """The time that is looked at; `first` and `last` as any wall clock may show them."""

    def __init__(self, within: Block) -> None:
        self.within = within
        self.starts, self.ends = int(within.starts_at.timestamp()), int(within.ends_at.timestamp())
        self.first, self.last = (
            moment.replace(tzinfo=None) for moment in (within.starts_at, within.ends_at)
        )
        self.first_day, self.last_day = (
            f"{day:%Y%m%d}".encode() for day in (self.first - _MARGIN, self.last + _MARGIN)
        )

    def cut(self, stretches: Sequence[Stretch]) -> list[Stretch]:
        """Return what of them lies within, merged."""
        found: list[Stretch] = []
        for each in sorted(stretches):
            starts, ends = max(each[0], self.starts), min(each[1], self.ends)
            if starts >= ends:
                continue
            if found and starts <= found[-1][1]:
                starts, ends = found[-1][0], max(found.pop()[1], ends)
            found.append((starts, ends))
        return found


@dataclass(slots=True)
class _Event:
    """One that plainly says when it is."""

    uid: bytes
    sequence: int
    plain: Plain


class _Sorting:
    """Puts each event where it belongs: plain ones, series by their UIDs, and what is flawed."""

    def __init__(self, window: _Window) -> None:
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
            self._unread.append(_named(found, flaw))
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
            waiting=[_named(each, Flaw.TOO_COSTLY) for each in waiting[:MOST_UNREAD]],
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


class _Series:
    """Expands series one by one, those that take long in a second round; what is left waits on."""

    def __init__(self, window: _Window, zones: Zones, zone: ZoneInfo) -> None:
        self._window, self._zones, self._zone = window, zones, zone
        self._room = MOST_STRETCHES

    def parts(self, groups: list[list[Found]]) -> Iterator[Part]:
        for seconds in PATIENCE:
            late = []
            for group in groups:
                told = self._part(group, seconds)
                if told is None:
                    late.append(group)
                else:
                    yield told
            groups = late

    def _part(self, group: list[Found], seconds: float) -> Part | None:
        """Return the hours of a series, None if they take longer than this."""
        # Only here: most of what is read has no series that is still to come.
        from services.calendar_feed.ics.series_hours import Unreadable, Within, series_hours

        within = self._window.within
        try:
            self._zones.learn(zones_of(group))
            with at_most(seconds):
                found = series_hours(group, Within(within.starts_at, within.ends_at, self._zone))
        except (TooCostly, MemoryError):
            return None
        except Unreadable:
            return Part(unread=[_named(each, Flaw.BROKEN) for each in group])
        stretches = self._window.cut(found.stretches)
        self._room -= len(stretches)
        if self._room < 0:
            return None
        unread = [_named(each, flaw) for each, flaw in found.left_out]
        return Part(hours={hashed(group[0].uid): stretches}, unread=unread)


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


def _named(found: Found, flaw: Flaw) -> Unread:
    return Unread(index=found.index, uid_sha256=hashed(found.uid), flaw=flaw)


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
