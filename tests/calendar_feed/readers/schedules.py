"""Diaries as they come about: courses over clock changes, moves, cancels, groups, follow-ups."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from shared.events.data import (
    ClinicianSaved,
    CourseBooked,
    CourseChanged,
    EventData,
    Session,
    SessionBooked,
)
from shared.zones import zone

ZONES: Final = (
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Vancouver",
    "America/Phoenix",
)
HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(weeks=1)


@dataclass
class Schedule:
    """One clinician's diary, grown from a seed: what was told, and how it now stands."""

    seed: int
    now: datetime
    chance: random.Random = field(init=False)
    sessions: dict[UUID, Session] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.timezone = self.chance.choice(ZONES)
        self.clinician_id = self._id()

    def told(self) -> Iterator[EventData]:
        """Yield every event of it; `sessions` is then how it stands."""
        yield ClinicianSaved(
            clinician_id=self.clinician_id,
            revision=1,
            name="Dana Reyes",
            email="dana@clinicians.example",
            timezone=self.timezone,
            link_generation=0,
        )
        for _ in range(self.chance.randint(1, 3)):
            yield from self._course()
        if self.chance.random() < 0.5:
            yield SessionBooked(
                session=self._kept(self._session(self._id(), None, self._on(self._start(), 0)))
            )

    def _course(self) -> Iterator[EventData]:
        course_id, first = self._id(), self._start()
        members = tuple(self._id() for _ in range(self.chance.choice((1, 1, 1, 4))))
        weeks = list(range(self.chance.randint(12, 16)))
        if self.chance.random() < 0.3:  # a holiday: that week goes to the end
            weeks.remove(self.chance.choice(weeks[1:-1]))
            weeks.append(weeks[-1] + 1)
        course = [
            self._kept(self._session(self._id(), course_id, self._on(first, week), members))
            for week in weeks
        ]
        yield CourseBooked(
            course_id=course_id,
            clinician_id=self.clinician_id,
            client_ids=members,
            timezone=self.timezone,
            sessions=tuple(course),
        )
        for _ in range(self.chance.randint(0, 4)):
            changed = self._changed([self.sessions[each.session_id] for each in course])
            yield CourseChanged(
                course_id=course_id,
                clinician_id=self.clinician_id,
                client_ids=members,
                timezone=self.timezone,
                sessions=tuple(self._kept(each) for each in changed),
            )

    def _changed(self, course: list[Session]) -> list[Session]:
        """One move, near or past its neighbour; a cancel; or another hour for all that follow."""
        number = self.chance.randrange(len(course))
        one = course[number]
        match self.chance.choice(("near", "past", "cancel", "hour")):
            case "near":
                hours = self.chance.choice((-26, -3, -1, 1, 2, 25))
                return [_moved(one, one.starts_at + hours * HOUR)]
            case "past":
                return [_moved(one, one.starts_at + self.chance.choice((8, 10, -9)) * 24 * HOUR)]
            case "cancel":
                return [
                    one.model_copy(update={"status": "cancelled", "revision": one.revision + 1})
                ]
        later = self.chance.choice((-2, 1, 3)) * HOUR
        return [_moved(each, self._later(each.starts_at, later)) for each in course[number:]]

    def _session(
        self,
        session_id: UUID,
        course_id: UUID | None,
        starts_at: datetime,
        members: tuple[UUID, ...] = (),
    ) -> Session:
        return Session(
            session_id=session_id,
            revision=1,
            kind="course" if course_id else "follow_up",
            course_id=course_id,
            clinician_id=self.clinician_id,
            client_ids=members or (self._id(),),
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
            timezone=self.timezone,
            status="scheduled",
            links_expire_at=self.now + timedelta(days=500),
        )

    def _start(self) -> datetime:
        """A wall clock, within three months of now, at any hour, with both clock changes ahead."""
        day = self.now + timedelta(days=self.chance.randint(-60, 60))
        hour, minute = self.chance.randrange(24), self.chance.choice((0, 0, 15, 30, 45))
        return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 # a wall clock

    def _on(self, first: datetime, week: int) -> datetime:
        local = (first + week * WEEK).replace(tzinfo=zone(self.timezone))
        return local.astimezone(UTC)  # what does not exist moves forward (RFC 5545 3.3.5)

    def _later(self, moment: datetime, later: timedelta) -> datetime:
        wall = moment.astimezone(zone(self.timezone)).replace(tzinfo=None) + later
        return wall.replace(tzinfo=zone(self.timezone)).astimezone(UTC)

    def _kept(self, session: Session) -> Session:
        self.sessions[session.session_id] = session
        return session

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


def _moved(session: Session, starts_at: datetime) -> Session:
    changes = {
        "starts_at": starts_at,
        "ends_at": starts_at + HOUR,
        "revision": session.revision + 1,
    }
    return session.model_copy(update=changes)
