"""What a session is, and each way in which it may change.

Scheduled is the only state that anything leaves: to cancelled, attended or no_show.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.scheduler.domain.errors import (
    HourPast,
    NotScheduled,
    NotStarted,
    SameTime,
    SessionOver,
)
from services.scheduler.domain.slots import Slot

LINKS_LAST: Final = timedelta(days=30)


class Kind(StrEnum):
    """What a session is part of."""

    CONSULTATION = "consultation"  # the first meeting, before a course
    COURSE = "course"  # one week of a course
    FOLLOW_UP = "follow_up"  # after a course


class Status(StrEnum):
    """How a session stands; all but a cancelled one keep the hour taken."""

    SCHEDULED = "scheduled"  # will take place
    CANCELLED = "cancelled"  # will not; the hour is free again
    ATTENDED = "attended"  # took place
    NO_SHOW = "no_show"  # nobody came


class Outcome(StrEnum):
    """How a session's hour ended."""

    ATTENDED = "attended"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One agreed hour; `timezone` is the wall clock that it follows.

    `client_ids` are those expected: an absent or departed member of a group is not. An
    overbooked session may overlap others: staff wanted it so.
    """

    id: UUID
    revision: int = 1
    kind: Kind
    course_id: UUID | None = None
    ordinal: int | None = None
    clinician_id: UUID
    client_ids: tuple[UUID, ...]
    slot: Slot
    timezone: str
    status: Status = Status.SCHEDULED
    links_expire_at: datetime
    cancel_reason: str | None = field(default=None, repr=False)
    cancelled_late: bool = False
    overbooked: bool = False
    confirmed_by: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        in_series = self.course_id is not None
        if in_series != (self.ordinal is not None) or (self.kind is Kind.COURSE and not in_series):
            raise ValueError("a session of a series has the series and its place; others neither")
        if in_series and self.kind is Kind.CONSULTATION:
            raise ValueError("a consultation stands alone")
        if not self.client_ids or len(set(self.client_ids)) < len(self.client_ids):
            raise ValueError("a session has one or more clients, each once")
        if self.links_expire_at < self.slot.ends_at:
            raise ValueError("links last at least as long as the session")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequest:
    """What is asked for: one consultation or follow-up, an hour from `starts_at`."""

    kind: Kind
    clinician_id: UUID
    client_ids: tuple[UUID, ...]
    slot: Slot
    timezone: str


def book(request: SessionRequest, *, id: UUID, now: datetime) -> Session:
    """Agree to `request`, or raise `HourPast`; its links last 30 days after its end."""
    _refuse_past(request.slot, now)
    return Session(
        id=id,
        kind=request.kind,
        clinician_id=request.clinician_id,
        client_ids=request.client_ids,
        slot=request.slot,
        timezone=request.timezone,
        links_expire_at=request.slot.ends_at + LINKS_LAST,
    )


def move(session: Session, slot: Slot, *, now: datetime) -> Session:
    """Return `session` at another time; its links last at least 30 days after that."""
    _refuse_unless_changeable(session, now)
    if slot == session.slot:
        raise SameTime("choose another time", pointer="#/starts_at")
    _refuse_past(slot, now)
    expire = max(session.links_expire_at, slot.ends_at + LINKS_LAST)
    return replace(
        session,
        slot=slot,
        links_expire_at=expire,
        confirmed_by=(),  # they had confirmed the other time
        overbooked=False,  # it was at the other time
        revision=session.revision + 1,
    )


def cancel(session: Session, reason: str | None, *, now: datetime) -> Session:
    """Return `session` as it will not take place; its hour is free again."""
    _refuse_unless_changeable(session, now)
    return replace(
        session,
        status=Status.CANCELLED,
        cancel_reason=reason,
        revision=session.revision + 1,
    )


def conclude(session: Session, outcome: Outcome, *, now: datetime) -> Session:
    """Return `session` with how it went; possible from its start on."""
    _refuse_unless_scheduled(session)
    if now < session.slot.starts_at:
        raise NotStarted
    return replace(session, status=Status(outcome), revision=session.revision + 1)


def _refuse_unless_changeable(session: Session, now: datetime) -> None:
    _refuse_unless_scheduled(session)
    if now >= session.slot.ends_at:
        raise SessionOver


def _refuse_unless_scheduled(session: Session) -> None:
    if session.status is not Status.SCHEDULED:
        raise NotScheduled(f"the session is {session.status.value.replace('_', ' ')}")


def _refuse_past(slot: Slot, now: datetime) -> None:
    if slot.starts_at <= now:
        raise HourPast("choose a time that is still to come", pointer="#/starts_at")
