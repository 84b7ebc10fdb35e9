"""When the door of a session's room is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.scheduler.domain.sessions import Session, Status

OPENS_BEFORE: Final = timedelta(minutes=15)
CLOSES_AFTER: Final = timedelta(minutes=15)


class Door(StrEnum):
    """What someone with a good link finds."""

    EARLY = "early"  # it opens later
    OPEN = "open"  # come in
    OVER = "over"  # it has closed
    CANCELLED = "cancelled"  # it will not open


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """How many someone is to meet at a session, and how many of those have come to the door."""

    expected: int
    come: int

    def __post_init__(self) -> None:
        if not 0 <= self.come <= self.expected:
            raise ValueError("no more come than are expected")


def opens_at(session: Session) -> datetime:
    return session.slot.starts_at - OPENS_BEFORE


def closes_at(session: Session) -> datetime:
    return session.slot.ends_at + CLOSES_AFTER


def next_to_join(sessions: Sequence[Session], person_id: UUID, *, now: datetime) -> Session | None:
    """Return which of a course's sessions a link for all of it opens: the next, else the last."""
    own = sorted(
        (each for each in sessions if person_id in (each.clinician_id, *each.client_ids)),
        key=lambda each: each.slot.starts_at,
    )
    ahead = (each for each in own if door_of(each, now=now) in (Door.EARLY, Door.OPEN))
    return next(ahead, own[-1] if own else None)


def door_of(session: Session, *, now: datetime) -> Door:
    """Return how the door stands; it is open at both ends of its 15 minutes too."""
    if session.status is Status.CANCELLED:
        return Door.CANCELLED
    if now < opens_at(session):
        return Door.EARLY
    if now > closes_at(session):
        return Door.OVER
    return Door.OPEN
