"""A course: the hour that one clinician and one client, or a closed group, keep every week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.scheduler.domain.errors import HourPast
from services.scheduler.domain.rosters import Roster
from services.scheduler.domain.sessions import LINKS_LAST, Kind, Session, Status
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import slots_every
from shared.zones import zone

MOST_SESSIONS: Final = 52


class CourseStatus(StrEnum):
    """How a course stands."""

    ACTIVE = "active"  # sessions are still to come
    ENDED = "ended"  # every session has been concluded or cancelled


class WallClock(StrEnum):
    """Whose clock on the wall a course follows."""

    PRACTICE = "practice"
    CLINICIAN = "clinician"
    CLIENT = "client"
    NAMED = "named"  # the zone that the booking named


class OnConflict(StrEnum):
    """What is done about dates that are in the way."""

    REFUSE = "refuse"  # nothing is booked
    POSTPONE = "postpone"  # those dates are put off to the end


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRequest:
    """What is asked for: `sessions` times from `first_date`, at `at` on the clock in `timezone`."""

    clinician_id: UUID
    client_ids: tuple[UUID, ...]
    first_date: date
    at: time
    sessions: int
    timezone: str
    wall_clock: WallClock = WallClock.NAMED
    kind: Kind = Kind.COURSE
    every_weeks: int = 1
    follows: UUID | None = None
    roster: Roster | None = None
    on_conflict: OnConflict = OnConflict.REFUSE

    def __post_init__(self) -> None:
        if not 1 <= self.sessions <= MOST_SESSIONS or not self.client_ids:
            raise ValueError("a course has 1 to 52 sessions, and clients")

    def slots(self) -> tuple[Slot, ...]:
        return self.rhythm(self.sessions)

    def rhythm(self, count: int) -> tuple[Slot, ...]:
        """Return the first `count` hours, also more than are asked for."""
        return slots_every(self.every_weeks, self.first_date, self.at, count, zone(self.timezone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A series as it was agreed, and its sessions as they now are, by their ordinal.

    `planned` is how many sessions were agreed on; `client_ids` are the members as of now.
    `first_date` and `at` are the usual hour: its weekday, its time and a date of its rhythm.
    """

    id: UUID
    clinician_id: UUID
    client_ids: tuple[UUID, ...]
    first_date: date
    at: time
    timezone: str
    sessions: tuple[Session, ...]
    planned: int
    wall_clock: WallClock = WallClock.NAMED
    kind: Kind = Kind.COURSE
    every_weeks: int = 1
    follows: UUID | None = None
    roster: Roster | None = None
    ended_at: datetime | None = None
    end_reason: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.sessions or self.planned < 1 or self.every_weeks < 1:
            raise ValueError("a course has sessions, at least a week apart")
        if self.kind is Kind.CONSULTATION:
            raise ValueError("a consultation is no series")

    @property
    def status(self) -> CourseStatus:
        if self.ended_at is not None:
            return CourseStatus.ENDED
        if any(session.status is Status.SCHEDULED for session in self.sessions):
            return CourseStatus.ACTIVE
        return CourseStatus.ENDED


def book(
    request: CourseRequest,
    *,
    id: UUID,
    session_ids: tuple[UUID, ...],
    now: datetime,
    slots: tuple[Slot, ...] | None = None,
    limits: bool = True,
) -> Course:
    """Agree to the whole course, or raise why not; links last 30 days after its last hour.

    Without `limits`, which staff may pass over, a group may begin with any number of members.
    """
    if request.roster is not None and limits:
        request.roster.require_size(request.client_ids)
    slots = request.slots() if slots is None else slots
    if slots[0].starts_at <= now:
        raise HourPast("the first session is not in the future", pointer="#/first_date")
    sessions = _sessions(request, id, tuple(zip(session_ids, slots, strict=True)))
    return Course(
        id=id,
        clinician_id=request.clinician_id,
        client_ids=request.client_ids,
        first_date=request.first_date,
        at=request.at,
        timezone=request.timezone,
        sessions=sessions,
        planned=request.sessions,
        wall_clock=request.wall_clock,
        kind=request.kind,
        every_weeks=request.every_weeks,
        follows=request.follows,
        roster=request.roster,
    )


def _sessions(
    request: CourseRequest, course_id: UUID, hours: Sequence[tuple[UUID, Slot]]
) -> tuple[Session, ...]:
    expire = max(slot.ends_at for _, slot in hours) + LINKS_LAST
    return tuple(
        Session(
            id=session_id,
            kind=request.kind,
            course_id=course_id,
            ordinal=ordinal,
            clinician_id=request.clinician_id,
            client_ids=request.client_ids,
            slot=slot,
            timezone=request.timezone,
            links_expire_at=expire,
        )
        for ordinal, (session_id, slot) in enumerate(hours, 1)
    )


def renumbered(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Return `sessions` in the order of time, each with its place as its ordinal.

    Cancelled ones keep a place; revisions stay, since no event tells an ordinal.
    """
    in_order = sorted(sessions, key=lambda session: (session.slot.starts_at, session.id))
    return tuple(replace(session, ordinal=place) for place, session in enumerate(in_order, 1))
