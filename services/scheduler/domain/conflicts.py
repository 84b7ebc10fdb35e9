"""What stands in the way of a booking: every date of it, not only the first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.busy_news import BusyNews
from services.scheduler.domain.slots import Slot


class Reason(StrEnum):
    """Why an hour cannot be had; where several hold, the first of these is told."""

    CLINICIAN_BUSY = "clinician_busy"
    CLIENT_BUSY = "client_busy"
    HELD = "held"  # kept for someone who is deciding
    HOLIDAY = "holiday"
    TIME_OFF = "time_off"
    BUSY_ELSEWHERE = "busy_elsewhere"  # in a calendar of the clinician's own
    BUFFER = "buffer"  # too close to another session of the clinician
    OUTSIDE_WORKING_HOURS = "outside_working_hours"
    MINIMUM_NOTICE = "minimum_notice"  # the first hour is too soon
    HORIZON = "horizon"  # the first hour is too far away
    CONSENT_MISSING = "consent_missing"  # these are told only where staff passed over them
    GROUP_FULL = "group_full"
    JOINING_OVER = "joining_over"
    GROUP_TOO_SMALL = "group_too_small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One hour that cannot be had; `date` and `starts_at` are in the zone of the booking.

    `client_id` is whose reason it is, where it is one client's alone; `busy_news`, how old it is
    what is known of the clinician's own calendars, where the hour is taken in one.
    """

    date: date
    starts_at: datetime
    reason: Reason
    client_id: UUID | None = None
    busy_news: BusyNews | None = None

    def document(self) -> dict[str, object]:
        """Return it as the plain values that an answer lists."""
        document: dict[str, object] = {
            "date": self.date.isoformat(),
            "starts_at": self.starts_at.isoformat(),
            "reason": self.reason.value,
        }
        if self.client_id is not None:
            document["client_id"] = str(self.client_id)
        if self.busy_news is not None:
            document |= self.busy_news.document()
        return document


@dataclass(frozen=True, slots=True, kw_only=True)
class Diaries:
    """What is agreed and held, of the clinician and of all the clients, and when is worked."""

    clinician: Sequence[Slot]
    clients: Sequence[Slot]
    held: Sequence[Slot] = ()
    availability: Availability


def conflicts_of(slots: Sequence[Slot], diaries: Diaries, zone: ZoneInfo) -> tuple[Conflict, ...]:
    """Return a conflict for each of `slots` that cannot be had, in the order of `slots`."""
    first, news = min(slots, default=None), diaries.availability.busy_news
    found = []
    for slot in slots:
        reason = _reason(slot, diaries)
        if reason is None and slot is first:
            reason = _first_hour_reason(slot, diaries.availability)
        if reason is not None:
            local = slot.starts_at.astimezone(zone)
            found.append(
                Conflict(
                    date=local.date(),
                    starts_at=local,
                    reason=reason,
                    busy_news=news if reason is Reason.BUSY_ELSEWHERE else None,
                )
            )
    return tuple(found)


def _reason(slot: Slot, diaries: Diaries) -> Reason | None:
    available = diaries.availability
    stands = (
        (Reason.CLINICIAN_BUSY, slot, diaries.clinician),
        (Reason.CLIENT_BUSY, slot, diaries.clients),
        (Reason.HELD, slot, diaries.held),
        (Reason.HOLIDAY, slot, available.holidays),
        (Reason.TIME_OFF, slot, available.time_off),
        (Reason.BUSY_ELSEWHERE, slot, available.busy_elsewhere),
        (Reason.BUFFER, available.around(slot), diaries.clinician),
    )
    for reason, span, stretches in stands:
        if _any_overlap(span, stretches):
            return reason
    return None if available.works(slot) else Reason.OUTSIDE_WORKING_HOURS


def _any_overlap(slot: Slot, stretches: Iterable[Slot]) -> bool:
    return any(slot.overlaps(each) for each in stretches)


def _first_hour_reason(slot: Slot, available: Availability) -> Reason | None:
    if available.earliest is not None and slot.starts_at < available.earliest:
        return Reason.MINIMUM_NOTICE
    if available.latest is not None and slot.starts_at > available.latest:
        return Reason.HORIZON
    return None
