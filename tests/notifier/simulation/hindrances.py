"""When nothing could be sent, by what the provider said and staff did: all else is free time."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tests.notifier.simulation.evidence import Evidence, Handed

Interval = tuple[datetime, datetime]
ENOUGH: Final = timedelta(minutes=4)  # of free time is enough to be sent in
FIRST_WAIT: Final = timedelta(seconds=3)
LONGEST_WAIT: Final = timedelta(minutes=15)
LEASE: Final = timedelta(seconds=10)


class Hindrances:
    """What kept all mail from being sent, and what kept one."""

    def __init__(self, evidence: Evidence) -> None:
        rests = [
            (each.at, each.at + (LONGEST_WAIT if each.wait is None else each.wait))
            for each in evidence.handed
            if each.answer == "rest"
        ]
        self._general = _merged([*rests, *evidence.pauses])
        self._own: dict[UUID, list[Interval]] = defaultdict(list)
        # An attempt that never reached the provider makes the later ones wait longer, too.
        tries = {row.id: row.attempts for row in evidence.rows}
        for each in evidence.handed:
            tries[each.delivery] = tries.get(each.delivery, 0) - 1
        for each in evidence.handed:
            tries[each.delivery] += 1
            self._own[each.delivery].append(_waits(each, tries[each.delivery]))

    def free(self, since: datetime, until: datetime, deliveries: Iterable[UUID]) -> timedelta:
        """Return how long any of these could have been sent, from `since` and before `until`."""
        if until <= since:
            return timedelta()
        place = bisect_left(self._general, since, key=lambda each: each[1])
        found = []
        for each in self._general[place:]:
            if each[0] >= until:
                break
            found.append(each)
        own = [each for delivery in deliveries for each in self._own.get(delivery, ())]
        taken = timedelta()
        for begins, ends in _merged([*found, *own]):
            taken += max(min(ends, until) - max(begins, since), timedelta())
        return until - since - taken


def _waits(handed: Handed, number: int) -> Interval:
    """A mail that was not taken waits: seconds at first, then longer, or as long as it is told."""
    own = min(FIRST_WAIT * 2 ** min(number - 1, 12), LONGEST_WAIT)
    asked = handed.wait if handed.answer == "retry" and handed.wait else timedelta()
    return handed.at, handed.at + max(own, asked, LEASE)


def _merged(intervals: Sequence[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for begins, ends in sorted(intervals):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return merged
