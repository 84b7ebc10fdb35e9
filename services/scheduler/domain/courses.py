"""A course: the hour that one clinician and one client, or a closed group, keep every week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.scheduler.domain.errors import HourPast
from services.scheduler.domain.sessions import LINKS_LAST, Kind, Session, Status
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import weekly_slots
from shared.zones import zone

MOST_SESSIONS: Final = 52


class CourseStatus(StrEnum):
    """How a course stands."""

    ACTIVE = "active"  # sessions are still to come
    ENDED = "ended"  # every session has been concluded or cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRequest:
    """What is asked for: `sessions` weeks from `first_date`, at `at` on the clock in `timezone`."""

    clinician_id: UUID
    client_ids: tuple[UUID, ...]
    first_date: date
    at: time
    sessions: int
    timezone: str

    def __post_init__(self) -> None:
        if not 1 <= self.sessions <= MOST_SESSIONS or not self.client_ids:
            raise ValueError("a course has 1 to 52 sessions, and clients")

    def slots(self) -> tuple[Slot, ...]:
        return weekly_slots(self.first_date, self.at, self.sessions, zone(self.timezone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What was agreed, and its sessions as they now are, by their ordinal."""

    id: UUID
    clinician_id: UUID
    client_ids: tuple[UUID, ...]
    first_date: date
    at: time
    timezone: str
    sessions: tuple[Session, ...]

    def __post_init__(self) -> None:
        if not self.sessions:
            raise ValueError("a course has sessions")

    @property
    def status(self) -> CourseStatus:
        if any(session.status is Status.SCHEDULED for session in self.sessions):
            return CourseStatus.ACTIVE
        return CourseStatus.ENDED


def book(
    request: CourseRequest, *, id: UUID, session_ids: tuple[UUID, ...], now: datetime
) -> Course:
    """Agree to the whole course, or raise `HourPast`; links last 30 days after its last hour."""
    slots = request.slots()
    if slots[0].starts_at <= now:
        raise HourPast("the first session is not in the future", pointer="#/first_date")
    expire = max(slot.ends_at for slot in slots) + LINKS_LAST
    sessions = tuple(
        Session(
            id=session_id,
            kind=Kind.COURSE,
            course_id=id,
            ordinal=ordinal,
            clinician_id=request.clinician_id,
            client_ids=request.client_ids,
            slot=slot,
            timezone=request.timezone,
            links_expire_at=expire,
        )
        for ordinal, (session_id, slot) in enumerate(zip(session_ids, slots, strict=True), 1)
    )
    return Course(
        id=id,
        clinician_id=request.clinician_id,
        client_ids=request.client_ids,
        first_date=request.first_date,
        at=request.at,
        timezone=request.timezone,
        sessions=sessions,
    )
