"""What a person does not know yet: the difference between what was told and what is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifier.domain.sessions import CANCELLED, SCHEDULED, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one person last heard of one session: a time and a status, or certainly nothing.

    `doubted`: the person may have heard more than this, by a mail whose answer is not known or
    by another way than a mail of ours. `confirmed`: that someone will come, which only
    clinicians hear.
    """

    session_id: UUID
    starts_at: datetime | None = None
    status: str | None = None
    doubted: bool = False
    confirmed: bool = False

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


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Someone has said that they will come."""


News = Booked | Moved | Cancelled | Confirmed


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


def news_to_clinician(told: Told, session: Session) -> News | None:
    """As `news`, and that a session which the clinician knows of was confirmed."""
    unsaid = news(told, session)
    if told.status != SCHEDULED or not session.takes_place or isinstance(unsaid, Moved):
        return unsaid
    heard = told.confirmed and not told.doubted
    return Confirmed() if session.confirmed_by and not heard else unsaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A session as it was known, and as it now is."""

    before: Session | None
    after: Session


def clinicians_concerned(step: Step) -> frozenset[UUID]:
    """Return whose news it is: of the clinician who has the session, and of who had it.

    That something was booked, or is over, is no news: it is in their calendar.
    """
    before, after = step.before, step.after
    if before is None or after.status not in (SCHEDULED, CANCELLED):
        return frozenset()
    same = (before.starts_at, before.status, before.clinician_id) == (
        after.starts_at,
        after.status,
        after.clinician_id,
    )
    if same and not after.confirmed_by - before.confirmed_by:
        return frozenset()
    return frozenset({before.clinician_id, after.clinician_id})


def clinician_knew(step: Step, clinician: UUID) -> Told:
    """Return what a clinician knew before it, if they were never mailed of the session."""
    before, id = step.before, step.after.id
    if before is None or before.clinician_id != clinician:
        return Told(session_id=id)
    return Told(
        session_id=id,
        starts_at=before.starts_at,
        status=before.status,
        confirmed=bool(before.confirmed_by),
    )
