"""What stands in the way of a booking: every date of it, not only the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.scheduler.domain.slots import Slot
from services.scheduler.domain.working_hours import WorkingHours, within


class Reason(StrEnum):
    """Why an hour cannot be had; where several hold, the first of these is told."""

    CLINICIAN_BUSY = "clinician_busy"
    CLIENT_BUSY = "client_busy"
    HELD = "held"  # kept for someone who is deciding
    OUTSIDE_WORKING_HOURS = "outside_working_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One hour that cannot be had; `date` and `starts_at` are in the zone of the booking."""

    date: date
    starts_at: datetime
    reason: Reason

    def document(self) -> dict[str, object]:
        """Return it as the plain values that an answer lists."""
        return {
            "date": self.date.isoformat(),
            "starts_at": self.starts_at.isoformat(),
            "reason": self.reason.value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Diaries:
    """What is already agreed, of the clinician and of all the clients together.

    No working hours means that none are recorded, so none are checked.
    """

    clinician: Sequence[Slot]
    clients: Sequence[Slot]
    held: Sequence[Slot] = ()
    working_hours: Sequence[WorkingHours]
    working_zone: ZoneInfo


def conflicts_of(slots: Iterable[Slot], diaries: Diaries, zone: ZoneInfo) -> tuple[Conflict, ...]:
    """Return a conflict for each of `slots` that cannot be had, in the order of `slots`."""
    found = []
    for slot in slots:
        reason = _reason(slot, diaries)
        if reason is not None:
            local = slot.starts_at.astimezone(zone)
            found.append(Conflict(date=local.date(), starts_at=local, reason=reason))
    return tuple(found)


def _reason(slot: Slot, diaries: Diaries) -> Reason | None:
    if any(slot.overlaps(taken) for taken in diaries.clinician):
        return Reason.CLINICIAN_BUSY
    if any(slot.overlaps(taken) for taken in diaries.clients):
        return Reason.CLIENT_BUSY
    if any(slot.overlaps(kept) for kept in diaries.held):
        return Reason.HELD
    hours = diaries.working_hours
    if hours and not within(hours, slot, diaries.working_zone):
        return Reason.OUTSIDE_WORKING_HOURS
    return None
