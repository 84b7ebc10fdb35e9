"""What is to be sent, and when: pure functions from a change to planned rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from services.notifier.domain.offers import Offer
from services.notifier.domain.sessions import Session
from services.notifier.domain.states import Kind

SOON: Final = timedelta(hours=1)
_DELIVERIES: Final = UUID("6f1f7f3e-7f0b-4e0e-9d55-0d5c1c9c2b5e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One mail to one person about one session, one whole course or one offer; times are UTC.

    `key` names the reason for it, so planning the same thing again adds nothing; `revision`
    is the session's: of its time for a reminder, of the change for a notice.
    """

    key: str
    kind: Kind
    person_id: UUID
    session_id: UUID | None = None
    course_id: UUID | None = None
    offer_id: UUID | None = None
    revision: int
    offset: timedelta | None = None
    due_at: datetime

    def __post_init__(self) -> None:
        if [self.session_id, self.course_id, self.offer_id].count(None) != 2:
            raise ValueError("a mail is about one session, one course or one offer")
        if (self.offset is None) is (self.kind is Kind.REMINDER):
            raise ValueError("a reminder has an offset, and nothing else has")

    @property
    def id(self) -> UUID:
        """The delivery's opaque name, the same whenever the same thing is planned."""
        return uuid5(_DELIVERIES, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The event that made a change: its id, and when it was made."""

    event_id: UUID
    at: datetime


def reminders(
    session: Session, people: Iterable[UUID], offsets: Sequence[timedelta], *, changed_at: datetime
) -> list[Planned]:
    """Return a reminder for each person and each offset that still lies ahead.

    Who books inside an offset gets the confirmation, which is enough.
    """
    return [
        Planned(
            key=f"{session.id}/{person}/{int(offset.total_seconds())}/{session.times_revision}",
            kind=Kind.REMINDER,
            person_id=person,
            session_id=session.id,
            revision=session.times_revision,
            offset=offset,
            due_at=session.starts_at - offset,
        )
        for person in people
        for offset in offsets
        if session.starts_at - offset > changed_at
    ]


def notices(
    session: Session, people: Iterable[UUID], change: Change, *, kind: Kind, due_at: datetime
) -> list[Planned]:
    """Return one notice of a change to `session` for each person."""
    return [
        Planned(
            key=_notice_key(change, person, kind),
            kind=kind,
            person_id=person,
            session_id=session.id,
            revision=session.revision,
            due_at=due_at,
        )
        for person in people
    ]


def course_notices(
    course_id: UUID, people: Iterable[UUID], change: Change, *, kind: Kind, due_at: datetime
) -> list[Planned]:
    """Return one mail about a whole course for each person: its confirmation, or all changes."""
    return [
        Planned(
            key=_notice_key(change, person, kind),
            kind=kind,
            person_id=person,
            course_id=course_id,
            revision=1,
            due_at=due_at,
        )
        for person in people
    ]


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


def notice_due(change: Change, starts: Iterable[datetime], grace: timedelta) -> datetime:
    """Return when to tell of a change: after `grace`, or at once if a start is near."""
    near = any(start - change.at < SOON for start in starts)
    return change.at if near else change.at + grace


def _notice_key(change: Change, person: UUID, kind: Kind) -> str:
    return f"{change.event_id}/{person}/{kind}"
