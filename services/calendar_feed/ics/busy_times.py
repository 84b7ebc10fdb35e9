"""When a calendar of anyone's is busy: each event within its own time, and what was too much named.

It is told in parts: first what plainly says its hours, then the usual series, at last those that
may take for ever. Whoever ends this early has lost only what was not yet told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from services.calendar_feed.domain.outside import MOST_STRETCHES, Block, Flaw
from services.calendar_feed.ics.outside_zones import Zones, zones_of
from services.calendar_feed.ics.parts import Part, Window, named
from services.calendar_feed.ics.patience import TooCostly, at_most
from services.calendar_feed.ics.scanning import Found, Scan, hashed
from services.calendar_feed.ics.sorting import Sorting

OURS: Final = b"-//Standing Hour//"
PATIENCE: Final = (0.05, 0.4)  # seconds of the processor for one series, in each round


def busy_times(body: bytes, zone: ZoneInfo, within: Block) -> Iterator[Part]:
    """Yield what is taken within the window, in parts; raises `NoCalendar` and `CutOff`.

    What has no zone, and a whole day, is taken as in `zone`. What we wrote ourselves is not busy.
    """
    window = Window(within)
    scan, sorting = Scan(body), Sorting(window)
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


class _Series:
    """Expands series one by one, those that take long in a second round; what is left waits on."""

    def __init__(self, window: Window, zones: Zones, zone: ZoneInfo) -> None:
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
            unread = [named(each, Flaw.BROKEN) for each in group]
            return Part(unread=unread, done=[each.index for each in group])
        stretches = self._window.cut(found.stretches)
        self._room -= len(stretches)
        if self._room < 0:
            return None
        return Part(
            hours={hashed(group[0].uid): stretches},
            unread=[named(each, flaw) for each, flaw in found.left_out],
            done=[each.index for each in group],
        )
