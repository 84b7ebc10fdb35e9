"""What is to be sent, and when: pure functions from a change to planned rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from services.notifier.domain.offers import Offer
from services.notifier.domain.people import THE_STAFF, Person
from services.notifier.domain.sessions import Matter, Session
from services.notifier.domain.states import Kind
from services.notifier.domain.timing import Timing, at_wall_time, before_quiet

SOON: Final = timedelta(hours=1)
TROUBLE_GATHERS: Final = timedelta(minutes=5)
_DELIVERIES: Final = UUID("6f1f7f3e-7f0b-4e0e-9d55-0d5c1c9c2b5e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One mail to one person; times are UTC.

    It is about one session, one whole course, one offer, one `day` of theirs, or what `subject_id`
    names. `key` names the reason for it, so planning the same thing again adds nothing; `revision`
    is the session's, of its time for a reminder and of the change for a notice, or the sum of
    those of a course's sessions, which rises with every change too.
    """

    key: str
    kind: Kind
    person_id: UUID
    session_id: UUID | None = None
    course_id: UUID | None = None
    offer_id: UUID | None = None
    subject_id: UUID | None = None
    day: date | None = None
    revision: int = 1
    offset: timedelta | None = None
    due_at: datetime

    def __post_init__(self) -> None:
        about = (self.session_id, self.course_id, self.offer_id, self.subject_id, self.day)
        if about.count(None) != len(about) - 1:
            raise ValueError("a mail is about one thing")
        if (self.offset is None) is (self.kind is Kind.REMINDER):
            raise ValueError("a reminder has an offset, and nothing else has")

    @property
    def id(self) -> UUID:
        """The delivery's opaque name, the same whenever the same thing is planned."""
        return delivery_id(self.key)


def delivery_id(key: str) -> UUID:
    """Return the opaque name of the delivery that is planned under `key`."""
    return uuid5(_DELIVERIES, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The event that made a change: its id, and when it was made."""

    event_id: UUID
    at: datetime


def reminders(session: Session, timings: Iterable[Timing]) -> list[Planned]:
    """Return a reminder for each reader and each offset, those whose time has passed too.

    One that would fall into quiet hours goes before them.
    """
    return [_reminder(session, timing, offset) for timing in timings for offset in timing.offsets]


def notices(
    matter: Matter,
    people: Iterable[UUID],
    change: Change,
    *,
    kind: Kind,
    revision: int = 1,
    due_at: datetime,
) -> list[Planned]:
    """Return one notice of a change of `matter`, to its `revision`, for each person."""
    return [
        Planned(
            key=_notice_key(change, person, kind),
            kind=kind,
            person_id=person,
            session_id=matter.session_id,
            course_id=matter.course_id,
            revision=revision,
            due_at=due_at,
        )
        for person in people
    ]


def unseen_notice(clinician: UUID, session_id: UUID, revision: int, change: Change) -> Planned:
    """Return the mail that says what a calendar may show too late: at once, for it is soon."""
    return Planned(
        key=_notice_key(change, clinician, Kind.UNSEEN),
        kind=Kind.UNSEEN,
        person_id=clinician,
        session_id=session_id,
        revision=revision,
        due_at=change.at,
    )


def offer_notice(offer: Offer, change: Change) -> Planned:
    """Return the mail of an offer: at once, since it ends."""
    return Planned(
        key=_notice_key(change, offer.person_id, Kind.OFFER),
        kind=Kind.OFFER,
        person_id=offer.person_id,
        offer_id=offer.id,
        revision=1,
        due_at=change.at,
    )


def address_check(person: Person, address: UUID, change: Change) -> Planned:
    """Return the question whether mail arrives, asked once of each address."""
    return Planned(
        key=f"address/{person.id}/{address}",
        kind=Kind.ADDRESS,
        person_id=person.id,
        subject_id=address,
        due_at=change.at,
    )


def digest(clinician: Person, day: date) -> Planned | None:
    """Return the one mail of that day's appointments, None if the clinician wants none."""
    at = clinician.wishes.digest_at
    if at is None:
        return None
    return Planned(
        key=f"digest/{clinician.id}/{day}",
        kind=Kind.DIGEST,
        person_id=clinician.id,
        day=day,
        due_at=at_wall_time(day, at, clinician.timezone),
    )


def trouble(at: datetime) -> Planned:
    """Return the mail that tells staff what could not be delivered: at most one an hour."""
    return _trouble(at, due_at=at + TROUBLE_GATHERS)


def trouble_later(at: datetime) -> Planned:
    """Return the same mail of the next hour, at its start."""
    next_hour = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return _trouble(next_hour, due_at=next_hour)


def notice_due(change: Change, starts: Iterable[datetime], grace: timedelta) -> datetime:
    """Return when to tell of a change: after `grace`, or at once if a start is near."""
    near = any(start - change.at < SOON for start in starts)
    return change.at if near else change.at + grace


def _reminder(session: Session, timing: Timing, offset: timedelta) -> Planned:
    reader, seconds = timing.reader_id, int(offset.total_seconds())
    due = before_quiet(session.starts_at - offset, timing.quiet_hours, timing.timezone)
    return Planned(
        key=f"{session.id}/{reader}/{seconds}/{session.times_revision}",
        kind=Kind.REMINDER,
        person_id=reader,
        session_id=session.id,
        revision=session.times_revision,
        offset=offset,
        due_at=due,
    )


def _trouble(hour: datetime, *, due_at: datetime) -> Planned:
    return Planned(
        key=f"task/{hour:%Y-%m-%dT%H}",
        kind=Kind.TASK,
        person_id=THE_STAFF,
        subject_id=THE_STAFF,
        due_at=due_at,
    )


def _notice_key(change: Change, person: UUID, kind: Kind) -> str:
    return f"{change.event_id}/{person}/{kind}"
