"""What the notifier knows of a session: when it is, and whether it takes place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

SCHEDULED: Final = "scheduled"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session as it now is; `times_revision` is the revision that set its present time."""

    id: UUID
    course_id: UUID | None
    revision: int
    times_revision: int
    starts_at: datetime
    timezone: str
    status: str
    links_expire_at: datetime
    clinician_id: UUID
    ends_at: datetime
    confirmed_by: frozenset[UUID] = frozenset()

    @property
    def takes_place(self) -> bool:
        return self.status == SCHEDULED


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a notice is about: a whole course, or a session that belongs to none."""

    course_id: UUID | None = None
    session_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.course_id is None) is (self.session_id is None):
            raise ValueError("a notice is about a course or about a session of none")


def matter_of(session_id: UUID, course_id: UUID | None) -> Matter:
    """Return what a notice of a change to this session is about."""
    if course_id is None:
        return Matter(session_id=session_id)
    return Matter(course_id=course_id)


def times_revision(known: Session | None, *, revision: int, starts_at: datetime) -> int:
    """Return the revision at which the time that holds from `revision` on was set.

    A session that takes place again after all is set anew, so that it is reminded of again.
    """
    if known is not None and known.starts_at == starts_at and known.status != CANCELLED:
        return known.times_revision
    return revision
