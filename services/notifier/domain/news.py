"""What a person does not know yet: the difference between what was told and what is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifier.domain.sessions import CANCELLED, SCHEDULED, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one person last heard of one session: a time and a status, or nothing yet.

    `doubted`: a mail about it was handed over and its answer is not known, so the person may
    have heard more than this.
    """

    session_id: UUID
    starts_at: datetime | None = None
    status: str | None = None
    doubted: bool = False

    def __post_init__(self) -> None:
        if (self.starts_at is None) is not (self.status is None):
            raise ValueError("a person knows a time and a status, or neither")


@dataclass(frozen=True, slots=True)
class Booked:
    """It takes place, and the person has not heard so for certain."""


@dataclass(frozen=True, slots=True)
class Moved:
    """It takes place at another time than the person thinks."""

    before: datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """It does not take place at the time at which the person expects it."""

    expected: datetime


News = Booked | Moved | Cancelled


def news(told: Told, session: Session) -> News | None:
    """Return what `told` leaves unsaid of `session`, or None when there is nothing."""
    expects = told.starts_at if told.status == SCHEDULED else None
    if session.status == SCHEDULED:
        if expects is not None and expects != session.starts_at:
            return Moved(before=expects)
        return None if expects is not None and not told.doubted else Booked()
    if session.status == CANCELLED:
        if expects is not None:
            return Cancelled(expected=expects)
        if told.doubted:
            return Cancelled(expected=session.starts_at)
    return None
