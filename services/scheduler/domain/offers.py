"""An offer: a free hour that is kept for one person of the waiting list until it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.scheduler.domain.sessions import LINKS_LAST, Kind
from services.scheduler.domain.slots import Slot

LEAST_TO_DECIDE: Final = timedelta(minutes=30)  # a shorter offer is not worth a mail


class OfferStatus(StrEnum):
    """How an offer stands; only an open one keeps its hours."""

    OPEN = "open"  # the hours are kept
    ACCEPTED = "accepted"  # they are booked
    DECLINED = "declined"  # the person does not want them
    EXPIRED = "expired"  # the person did not answer in time
    WITHDRAWN = "withdrawn"  # the person waits no more
    LOST = "lost"  # they could not be booked any more


PASSED_OVER: Final = frozenset({OfferStatus.DECLINED, OfferStatus.EXPIRED, OfferStatus.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Hours of one clinician, weekly for a course; `at` is on the clock in `timezone`."""

    id: UUID
    entry_id: UUID
    client_id: UUID
    clinician_id: UUID
    kind: Kind
    first_date: date
    at: time
    timezone: str
    slots: tuple[Slot, ...]
    hold_id: UUID
    made_at: datetime
    expires_at: datetime
    status: OfferStatus = OfferStatus.OPEN
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.slots or self.made_at >= self.expires_at:
            raise ValueError("an offer has hours, and time to decide")
        if (self.status is OfferStatus.OPEN) != (self.ended_at is None):
            raise ValueError("an offer that is not open any more, and no other, says since when")

    @property
    def weekly(self) -> bool:
        return self.kind is Kind.COURSE

    @property
    def link_expires_at(self) -> datetime:
        """Until when its link shows how the offer ended."""
        return self.expires_at + LINKS_LAST

    def is_open_at(self, now: datetime) -> bool:
        return self.status is OfferStatus.OPEN and now < self.expires_at


def end(offer: Offer, status: OfferStatus, *, now: datetime) -> Offer:
    """Return the offer as it ended; one that has ended already stays as it is."""
    if offer.status is not OfferStatus.OPEN:
        return offer
    return replace(offer, status=status, ended_at=now)


def lasts_until(
    first: Slot, *, now: datetime, lasts: timedelta, minimum_notice: timedelta
) -> datetime | None:
    """Return when an offer made `now` ends, to the second; None if it is too short to decide."""
    ends = min(now + lasts, first.starts_at - minimum_notice).replace(microsecond=0)
    return ends if ends - now >= LEAST_TO_DECIDE else None


def was_passed_over(offers: Iterable[Offer], clinician_id: UUID, slots: Sequence[Slot]) -> bool:
    """Whether one of `offers` was of some of these hours and was not taken."""
    return any(
        offer.clinician_id == clinician_id
        and offer.status in PASSED_OVER
        and any(slot.overlaps(past) for slot in slots for past in offer.slots)
        for offer in offers
    )
