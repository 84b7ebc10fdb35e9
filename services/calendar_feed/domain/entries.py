"""One session as a feed knows it; the words are those of RFC 5545 section 3.8."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Status(StrEnum):
    """Whether the session takes place (RFC 5545 section 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class Kind(StrEnum):
    """What a session is to the practice; no calendar is told."""

    COURSE = "course"
    CONSULTATION = "consultation"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A session in one clinician's diary, as last told; every time is aware.

    `client_id` is the one client, and None for a group of so many `clients`. `created` and
    `last_modified` are the times of the events that first told of it and that made it what it
    is now. `timezone` (IANA) is whose wall clock its course follows.
    """

    session_id: UUID
    clinician_id: UUID
    client_id: UUID | None
    revision: int
    dtstart: datetime
    dtend: datetime
    status: Status
    created: datetime
    last_modified: datetime
    links_expire_at: datetime
    kind: Kind
    course_id: UUID | None
    timezone: str
    clients: int

    def __post_init__(self) -> None:
        times = (self.dtstart, self.dtend, self.created, self.last_modified, self.links_expire_at)
        if any(time.tzinfo is None for time in times):
            raise ValueError("an entry needs aware times")
        if self.dtend <= self.dtstart:
            raise ValueError("DTEND must be later than DTSTART (RFC 5545 section 3.8.2.2)")
        if self.revision < 1:
            raise ValueError("revisions begin at 1")
        if not (isinstance(self.status, Status) and isinstance(self.kind, Kind)):
            raise ValueError("an entry is CONFIRMED or CANCELLED, and of one kind")
        if self.clients < 1:
            raise ValueError("someone is expected at an entry")
