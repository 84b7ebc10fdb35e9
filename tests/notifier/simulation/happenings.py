"""What happens in a practice over sixteen weeks, from one seed: each with its time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.events.data import (
    ClientSaved,
    CourseBooked,
    CourseChanged,
    EventData,
    MailWishes,
    Session,
    SessionCancelled,
    SessionMoved,
)
from tests.cast import DANA_ID, NEW_YORK
from tests.notifier.diary import DAY, HOUR, WEEK

WEEKS: Final = 16
BOOKING_WEEKS: Final = 3
ZONES: Final = (NEW_YORK, "America/Los_Angeles", "America/Phoenix", "Europe/Madrid")
MOVED, CANCELLED, OPTED_OUT, ZONE_MOVED = 0.06, 0.05, 0.05, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One fact, told at `at`."""

    at: datetime
    fact: EventData


@dataclass
class Course:
    """One client's course: as it was booked, and all that happens to it."""

    client: UUID
    dice: random.Random
    begins: datetime
    sessions: dict[UUID, Session] = field(default_factory=dict)

    def story(self) -> Iterator[Happening]:
        """Yield what happens, in the order of its time for each session."""
        id = UUID(int=self.dice.getrandbits(128), version=4)
        booked_at = self.begins - timedelta(hours=self.dice.choice((2, 30, 72, 200)))
        zone = self.dice.choice(ZONES)
        self.sessions = {each.session_id: each for each in self._weeks(id)}
        yield Happening(at=booked_at, fact=self._saved(1, zone))
        yield Happening(
            at=booked_at,
            fact=CourseBooked(
                course_id=id,
                clinician_id=DANA_ID,
                client_ids=(self.client,),
                timezone=NEW_YORK,
                sessions=tuple(self.sessions.values()),
            ),
        )
        yield from self._changes()
        if self.dice.random() < ZONE_MOVED:
            yield from self._clocks_moved(id)
        if self.dice.random() < OPTED_OUT:
            at = self.begins + self.dice.randint(1, WEEKS * 7) * DAY
            yield Happening(at=at, fact=self._saved(2, zone, "reminder"))

    def _weeks(self, course_id: UUID) -> Iterator[Session]:
        for week in range(WEEKS):
            starts_at = self.begins + week * WEEK
            yield Session(
                session_id=UUID(int=self.dice.getrandbits(128), version=4),
                revision=1,
                kind="course",
                course_id=course_id,
                clinician_id=DANA_ID,
                client_ids=(self.client,),
                starts_at=starts_at,
                ends_at=starts_at + HOUR,
                timezone=NEW_YORK,
                status="scheduled",
                links_expire_at=self.begins + 200 * DAY,
            )

    def _saved(self, revision: int, zone: str, *opted_out: str) -> ClientSaved:
        return ClientSaved(
            client_id=self.client,
            revision=revision,
            name="Canary Pérez",
            email=f"{self.client}@clients.example",
            timezone=zone,
            locale=self.dice.choice(("en", "es")),
            link_generation=0,
            mail=MailWishes(opted_out=opted_out),
        )

    def _changes(self) -> Iterator[Happening]:
        for session in self.sessions.values():
            chance = self.dice.random()
            at = session.starts_at - timedelta(minutes=self.dice.choice((5, 59, 61, 1400, 4000)))
            if at <= self.begins - HOUR or chance >= MOVED + CANCELLED:
                continue
            if chance < MOVED:
                by = timedelta(hours=self.dice.choice((-1, 1, 24, 47)))
                yield Happening(at=at, fact=self._move(session, max(by, at - session.starts_at)))
            else:
                cancelled = self._next(session, "cancelled")
                yield Happening(at=at, fact=SessionCancelled(session=cancelled))

    def _move(self, session: Session, by: timedelta) -> SessionMoved:
        moved = self._next(session, "scheduled", by + timedelta(minutes=1))
        return SessionMoved(session=moved, previous_starts_at=session.starts_at)

    def _next(self, session: Session, status: str, by: timedelta = timedelta()) -> Session:
        changed = session.model_copy(
            update={
                "revision": session.revision + 1,
                "status": status,
                "starts_at": session.starts_at + by,
                "ends_at": session.ends_at + by,
            }
        )
        self.sessions[session.session_id] = changed
        return changed

    def _clocks_moved(self, id: UUID) -> Iterator[Happening]:
        """A new zone database moves what is still to come by an hour, all at once."""
        at = self.begins + 8 * WEEK + 2 * DAY
        ahead = [
            each
            for each in self.sessions.values()
            if each.starts_at > at + 3 * DAY and each.revision == 1
        ]
        moved = tuple(self._next(each, "scheduled", HOUR) for each in ahead)
        if moved:
            fact = CourseChanged(
                course_id=id,
                clinician_id=DANA_ID,
                client_ids=(self.client,),
                timezone=NEW_YORK,
                sessions=moved,
            )
            yield Happening(at=at, fact=fact)


def happenings(courses: int, seed: int, begins: datetime) -> list[Happening]:
    """Return all that happens to so many courses, earliest first."""
    dice = random.Random(seed)
    found: list[Happening] = []
    for number in range(courses):
        first = begins + timedelta(hours=dice.randint(0, BOOKING_WEEKS * 7 * 24))
        course = Course(
            client=UUID(int=number + 1_000_000), dice=random.Random(dice.random()), begins=first
        )
        found += course.story()
    return sorted(found, key=lambda each: each.at)
