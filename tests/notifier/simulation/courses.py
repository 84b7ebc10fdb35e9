"""The story of one course, from the booking to its end."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from shared.events.data import (
    CourseBooked,
    CourseChanged,
    CourseEnded,
    Session,
    SessionCancelled,
    SessionConcluded,
    SessionMoved,
)
from tests.cast import DANA_ID, NEW_YORK
from tests.notifier.diary import DAY, HOUR, MINUTE, WEEK
from tests.notifier.simulation.clients import Client, entered
from tests.notifier.simulation.happenings import Happening

WEEKS: Final = 16
ZONES: Final = (NEW_YORK, "America/Los_Angeles", "America/Phoenix", "Europe/Madrid")
MOVED, CANCELLED, CONCLUDED = 0.06, 0.05, 0.4
# In each course: one is moved, one is cancelled after its first reminder, one is moved and back.
THE_MOVED, THE_CANCELLED, THE_UNDONE = 2, 4, 7
SEVERAL: Final = (9, 10)
ON_ITS_WAY: Final = 0
# What is about many sessions at once leaves alone those that have something of their own by then.
ALONE: Final = 3 * DAY


@dataclass
class Course:
    """One course: a group's, or one client's whose wishes or whose address changes."""

    number: int
    dice: random.Random
    begins: datetime
    clients: list[Client] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def story(self) -> Iterator[Happening]:
        """Yield what happens, in the order of its time for each session and each person."""
        self.id = self._new_id()
        theme = self.number % 3
        self.clients = self._clients(theme)
        self.sessions = [self._session(self.begins + week * WEEK) for week in range(WEEKS)]
        yield from self._booked()
        yield from (self._of_a_group, self._of_wishes, self._of_an_address)[theme]()
        for place in range(len(self.sessions)):
            yield from self._of_one(place)

    def _clients(self, theme: int) -> list[Client]:
        unheard = 1 if theme == 0 else None  # who is only reminded hears of a cancel, too
        return [
            entered(
                UUID(int=1_000_000 + 100 * self.number + 10 * place),
                self.dice.choice(ZONES),
                self.dice.choice(("en", "es")),
                *(("copies", "times") if theme == 1 else ()),
                opted_out=("confirmation",) if place == unheard else (),
            )
            for place in range(3 if theme == 0 else 1)
        ]

    def _booked(self) -> Iterator[Happening]:
        at = self.begins - timedelta(hours=self.dice.choice((2, 30, 72, 200)))
        if self.number % 3 == 1:
            at = self.begins - 40 * MINUTE  # a change of what is so near is told at once
        for client in self.clients:
            yield Happening(at=at, name="client entered", fact=client.saved)
        yield Happening(at=at, name="course booked", fact=self._whole(CourseBooked, self.sessions))

    def _of_a_group(self) -> Iterator[Happening]:
        at = self.begins + 4 * WEEK + 5 * DAY
        for number, place in enumerate(SEVERAL):
            yield self._move(place, at + number * MINUTE, HOUR, "one of several moved")
        at = self.begins + 2 * WEEK - 23 * HOUR  # in the pause, after the first reminder is due
        yield from self.clients[0].changed([(at, "told while overdue", {"locale": "en-US"})])
        at = self.begins + 5 * WEEK + 2 * DAY
        left = tuple(each.id for each in self.clients[:-1])
        changed = self._all_ahead(at, client_ids=left)
        fact = self._whole(CourseChanged, changed)
        yield Happening(at=at, name="member left", fact=fact)
        at = self.begins + 11 * WEEK + 2 * DAY
        more = [self._session(self.begins + (WEEKS + week) * WEEK) for week in range(3)]
        more = [each.model_copy(update={"client_ids": left}) for each in more]
        self.sessions += more
        fact = self._whole(CourseChanged, more)
        yield Happening(at=at, name="course extended", fact=fact)

    def _of_wishes(self) -> Iterator[Happening]:
        (client,) = self.clients
        during = client.saved.email
        yield from client.changed((*client.wishes(self.begins), *client.levels(self.begins)))
        at = self.begins - 300 * HOUR
        yield self._move(ON_ITS_WAY, at, HOUR, "moved while on its way", during=during)

    def _of_an_address(self) -> Iterator[Happening]:
        (client,) = self.clients
        yield from client.changed(client.addresses(self.begins))
        at = self.begins + 8 * WEEK + 2 * DAY
        moved = self._all_ahead(at, by=HOUR)
        yield Happening(at=at, name="zone changed", fact=self._whole(CourseChanged, moved))
        at = self.begins + 13 * WEEK + 2 * DAY
        ended = self._whole(CourseEnded, self._all_ahead(at, status="cancelled"))
        yield Happening(at=at, name="course ended", fact=ended)

    def _of_one(self, place: int) -> Iterator[Happening]:
        """What happens to this session alone, once all that happens to several is settled."""
        session, chance = self.sessions[place], self.dice.random()
        ahead = timedelta(minutes=self.dice.choice((5, 59, 61, 1400, 4000)))
        at = session.starts_at - ahead
        if session.status == "cancelled" or at <= self.begins - HOUR:
            return
        if place == THE_UNDONE:
            yield self._move(place, at, HOUR, "moved")
            yield self._move(place, at + MINUTE, -HOUR, "moved back")
        elif place == THE_MOVED or chance < MOVED:
            by = timedelta(hours=self.dice.choice((-1, 1, 24, 47)))
            yield self._move(place, at, max(by, -ahead) + MINUTE, "moved")
        elif place == THE_CANCELLED or chance < MOVED + CANCELLED:
            early = at if place != THE_CANCELLED else session.starts_at - 20 * HOUR
            cancelled = SessionCancelled(session=self._next(place, status="cancelled"))
            yield Happening(at=early, name="cancelled", fact=cancelled)
            return
        elif self.number % 3 == 1:
            yield self._confirmed(place)
        if self.dice.random() < CONCLUDED:
            held = self._next(place, status="attended")
            concluded = SessionConcluded(session=held)
            yield Happening(at=held.ends_at + 5 * MINUTE, name="concluded", fact=concluded)

    def _confirmed(self, place: int) -> Happening:
        held = self._next(place, confirmed_by=tuple(each.id for each in self.clients))
        fact = self._whole(CourseChanged, [held])
        at = held.starts_at - 20 * HOUR
        return Happening(at=at, name="confirmed", fact=fact)

    def _move(
        self, place: int, at: datetime, by: timedelta, name: str, *, during: str | None = None
    ) -> Happening:
        before = self.sessions[place]
        moved = self._next(place, by=by)
        fact = SessionMoved(session=moved, previous_starts_at=before.starts_at)
        return Happening(at=at, name=name, fact=fact, during=during)

    def _all_ahead(self, at: datetime, **what: Any) -> list[Session]:
        return [
            self._next(place, **what)
            for place, each in enumerate(self.sessions)
            if each.starts_at > at + ALONE and each.status == "scheduled"
        ]

    def _next(self, place: int, *, by: timedelta = timedelta(), **what: Any) -> Session:
        """Change a session from here on, and return it as it then is."""
        session = self.sessions[place]
        times = {"starts_at": session.starts_at + by, "ends_at": session.ends_at + by}
        update = {"revision": session.revision + 1, **times, **what}
        self.sessions[place] = session.model_copy(update=update)
        return self.sessions[place]

    def _whole(self, type: Any, sessions: Sequence[Session]) -> Any:
        return type(
            course_id=self.id,
            clinician_id=DANA_ID,
            client_ids=tuple(each.id for each in self.clients),
            timezone=NEW_YORK,
            sessions=tuple(sessions),
        )

    def _session(self, starts_at: datetime) -> Session:
        return Session(
            session_id=self._new_id(),
            revision=1,
            kind="course",
            course_id=self.id,
            clinician_id=DANA_ID,
            client_ids=tuple(each.id for each in self.clients),
            starts_at=starts_at,
            ends_at=starts_at + HOUR,
            timezone=NEW_YORK,
            status="scheduled",
            links_expire_at=self.begins + 300 * DAY,
        )

    def _new_id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)
