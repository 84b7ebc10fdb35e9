"""A hold: hours that are kept for someone while they decide.

To everybody else a held hour is busy; once the hold has run out it counts for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from services.scheduler.domain.errors import HourPast
from services.scheduler.domain.slots import Slot

LASTS: Final = timedelta(minutes=10)
MOST_HOURS: Final = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRequest:
    """Hours of a clinician, and of a client if it is known who decides.

    `until` is when the hold runs out; without it, ten minutes after it was made.
    """

    clinician_id: UUID
    client_id: UUID | None = None
    slots: tuple[Slot, ...]
    until: datetime | None = None

    def __post_init__(self) -> None:
        require_apart(self.slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Hours that are kept until `expires_at`, which is not part of it."""

    id: UUID
    clinician_id: UUID
    client_id: UUID | None = None
    slots: tuple[Slot, ...]
    expires_at: datetime

    def __post_init__(self) -> None:
        require_apart(self.slots)

    def keeps_at(self, now: datetime) -> bool:
        return now < self.expires_at


def hold(request: HoldRequest, *, id: UUID, now: datetime) -> Hold:
    """Keep the hours of `request`, or raise `HourPast`."""
    until = now + LASTS if request.until is None else request.until
    if min(request.slots).starts_at <= now or until <= now:
        raise HourPast("choose a time that is still to come", pointer="#/starts_at")
    return Hold(
        id=id,
        clinician_id=request.clinician_id,
        client_id=request.client_id,
        slots=tuple(sorted(request.slots)),
        expires_at=until,
    )


def require_apart(slots: Sequence[Slot]) -> None:
    """Raise ValueError unless there are 1 to 52 hours, none over another."""
    if not 1 <= len(slots) <= MOST_HOURS:
        raise ValueError("a hold keeps 1 to 52 hours")
    if any(one.overlaps(next_one) for one, next_one in pairwise(sorted(slots))):
        raise ValueError("the hours of a hold do not overlap")
