"""A session keeps its hour on the wall when the rules of its zone change, not its instant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.scheduler.domain.sessions import LINKS_LAST, Session
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import agreed, instant
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedHour:
    """A session's stored `slot`, and `local`, the day and time agreed on the clock in `timezone`.

    `local` has no zone: the rules that made `slot` of it may be older than those in force.
    """

    session_id: UUID
    course_id: UUID | None
    slot: Slot
    timezone: str
    local: datetime

    def __post_init__(self) -> None:
        if self.local.tzinfo is not None:
            raise ValueError("an hour on the wall has no zone of its own")

    @property
    def due(self) -> Slot:
        """The slot by the rules in force; the stored one if the clock shows the hour then."""
        clock = zone(self.timezone)
        if agreed(self.slot.starts_at, clock, self.local.time()) == self.local:
            return self.slot  # also the second of an hour that exists twice
        starts_at = instant(self.local.date(), self.local.time(), clock)
        return Slot(
            starts_at=starts_at, ends_at=starts_at + (self.slot.ends_at - self.slot.starts_at)
        )

    def is_off(self, now: datetime) -> bool:
        """Whether the clock shows another hour, of a session still to come by either rules."""
        due = self.due
        return due != self.slot and max(due.starts_at, self.slot.starts_at) > now

    def can_move(self, now: datetime) -> bool:
        """Whether its right hour is still to come."""
        return self.is_off(now) and self.due.starts_at > now


def rezoned(session: Session, due: Slot) -> Session:
    """Return `session` at the instant that its agreed hour now has.

    Who confirmed has confirmed the hour on the wall, and what staff overbooked stays so.
    """
    return replace(
        session,
        slot=due,
        links_expire_at=max(session.links_expire_at, due.ends_at + LINKS_LAST),
        revision=session.revision + 1,
    )
