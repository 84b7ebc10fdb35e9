"""The waiting list: who waits for which hour, in the order in which they came.

`ARROWS` is the whole lifecycle; whatever is not in it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.scheduler.domain.courses import MOST_SESSIONS
from services.scheduler.domain.errors import NotWaiting
from services.scheduler.domain.sessions import Kind
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.windows import Window, all_suit
from shared.zones import zone


class EntryStatus(StrEnum):
    """How someone on the list stands."""

    WAITING = "waiting"  # no hour is kept for them
    OFFERED = "offered"  # an hour is kept for them until the offer ends
    ACCEPTED = "accepted"  # they took the hour, and it is booked
    WITHDRAWN = "withdrawn"  # they wait no more


class Turn(StrEnum):
    """What may happen to someone on the list."""

    OFFER = "offer"
    ACCEPT = "accept"
    PASS = "pass"  # declined, or the offer ran out: the place is kept
    WITHDRAW = "withdraw"


ARROWS: Final[Mapping[tuple[EntryStatus, Turn], EntryStatus]] = {
    (EntryStatus.WAITING, Turn.OFFER): EntryStatus.OFFERED,
    (EntryStatus.WAITING, Turn.WITHDRAW): EntryStatus.WITHDRAWN,
    (EntryStatus.OFFERED, Turn.ACCEPT): EntryStatus.ACCEPTED,
    (EntryStatus.OFFERED, Turn.PASS): EntryStatus.WAITING,
    (EntryStatus.OFFERED, Turn.WITHDRAW): EntryStatus.WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who waits, for whom, and for which hours: those in `windows` on the clock in `timezone`.

    No clinician means any, no windows any hour. The first hour is on a day from `since` to
    `until`, both included. `state` is where the client lives, as far as it is known.
    """

    id: UUID
    made_at: datetime
    client_id: UUID
    clinician_id: UUID | None = None
    kind: Kind = Kind.COURSE
    sessions: int = 1
    windows: tuple[Window, ...] = ()
    timezone: str
    since: date | None = None
    until: date | None = None
    state: str | None = None
    status: EntryStatus = EntryStatus.WAITING

    def __post_init__(self) -> None:
        if not 1 <= self.sessions <= MOST_SESSIONS:
            raise ValueError("one waits for 1 to 52 sessions")
        if self.kind is not Kind.COURSE and self.sessions != 1:
            raise ValueError("only a course has more than one session")

    @property
    def weekly(self) -> bool:
        return self.kind is Kind.COURSE

    def suits(self, slots: Sequence[Slot]) -> bool:
        """Whether all of `slots`, the first one first, are hours that this person waits for."""
        there = zone(self.timezone)
        first = slots[0].starts_at.astimezone(there).date()
        return (
            (self.since is None or self.since <= first)
            and (self.until is None or first <= self.until)
            and all_suit(self.windows, slots, there)
        )


def after(entry: Entry, turn: Turn) -> Entry:
    """Return the entry as it stands after `turn`, or raise `NotWaiting`."""
    status = ARROWS.get((entry.status, turn))
    if status is None:
        raise NotWaiting(f"the entry is {entry.status.value}")
    return replace(entry, status=status)
