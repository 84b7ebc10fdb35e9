"""When a clinician can be had, whoever has booked what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.scheduler.domain.busy_news import BusyNews
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.practice import Policy
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.working_hours import WorkingHours, within

NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """A clinician's hours on the clock in `zone`, and what is kept free of sessions.

    No `hours` means that none are recorded, so none are checked. `holidays` are the stretches
    of them that are not worked after all. A first hour starts from `earliest` to `latest`.
    `busy_news` tells how old `busy_elsewhere` is; None: no calendar outside is known.
    """

    hours: Sequence[WorkingHours]
    zone: ZoneInfo
    extra_hours: Sequence[Slot] = ()
    time_off: Sequence[Slot] = ()
    busy_elsewhere: Sequence[Slot] = ()
    busy_news: BusyNews | None = None
    holidays: Sequence[Slot] = ()
    buffer: timedelta = NO_TIME
    earliest: datetime | None = None
    latest: datetime | None = None

    def __post_init__(self) -> None:
        if self.buffer < NO_TIME:
            raise ValueError("a buffer is not negative")

    def works(self, slot: Slot) -> bool:
        """Whether all of `slot` lies in working hours; holidays and time off aside."""
        return not self.hours or within(self.hours, slot, self.zone, self.extra_hours)

    def around(self, slot: Slot) -> Slot:
        """Return `slot` with the buffer on both sides."""
        return Slot(starts_at=slot.starts_at - self.buffer, ends_at=slot.ends_at + self.buffer)


def buffer_of(clinician: Clinician, policy: Policy) -> timedelta:
    """Return what lies between two sessions: the clinician's own, else the practice's."""
    own = clinician.buffer_minutes
    return timedelta(minutes=policy.buffer_minutes if own is None else own)


def notice_of(clinician: Clinician, policy: Policy) -> timedelta:
    """Return how long before it an hour can be had: the clinician's own, else the practice's."""
    own = clinician.minimum_notice_minutes
    return timedelta(minutes=policy.minimum_notice_minutes if own is None else own)
