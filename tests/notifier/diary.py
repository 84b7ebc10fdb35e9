"""What the scheduler would tell, in the fewest words: sessions of Kim, Ana and Lee with Dana."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from shared.events.data import (
    ClientSaved,
    ClinicianMail,
    ClinicianSaved,
    CourseBooked,
    CourseChanged,
    CourseEnded,
    Guardian,
    Session,
    SessionBooked,
    SessionMoved,
)
from shared.events.data import SessionCancelled as Cancelled
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK

WEEK: Final = timedelta(days=7)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
# A Thursday at three in New York, ten days after the tests' held morning.
THURSDAY: Final = datetime(2026, 12, 3, 20, 0, tzinfo=UTC)
JO_ID: Final = UUID("60a2d000-0000-4000-8000-000000000001")  # Kim's guardian
EMAILS: Final = {
    KIM_ID: "kim@clients.example",
    ANA_ID: "ana@clients.example",
    LEE_ID: "lee@clients.example",
}


def client(
    client_id: UUID = KIM_ID,
    *,
    name: str = "Kim Park",
    email: str | None = None,
    timezone: str = NEW_YORK,
    locale: str = "en-US",
    revision: int = 1,
    **other: Any,
) -> ClientSaved:
    return ClientSaved(
        client_id=client_id,
        revision=revision,
        name=name,
        email=EMAILS[client_id] if email is None else email,
        timezone=timezone,
        locale=locale,
        link_generation=0,
        **other,
    )


def guardian(notices: Literal["none", "times", "copies"], **other: Any) -> Guardian:
    """Jo, who hears of Kim's sessions as far as `notices` goes."""
    return Guardian(
        guardian_id=JO_ID,
        name="Jo Park",
        email="jo@clients.example",
        notices=notices,
        link_generation=0,
        **other,
    )


def clinician(*, revision: int = 1, **mail: Any) -> ClinicianSaved:
    """Dana, who wants `mail`."""
    return ClinicianSaved(
        clinician_id=DANA_ID,
        revision=revision,
        name="Dana Reyes",
        email="dana@clinicians.example",
        timezone=NEW_YORK,
        link_generation=0,
        mail=ClinicianMail(**mail),
    )


def session(
    starts_at: datetime = THURSDAY,
    *,
    clients: Sequence[UUID] = (KIM_ID,),
    course_id: UUID | None = None,
    timezone: str = NEW_YORK,
) -> Session:
    return Session(
        session_id=uuid4(),
        revision=1,
        kind="course" if course_id else "consultation",
        course_id=course_id,
        clinician_id=DANA_ID,
        client_ids=tuple(clients),
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        timezone=timezone,
        status="scheduled",
        links_expire_at=starts_at + timedelta(days=30),
    )


def booked(of: Session) -> SessionBooked:
    return SessionBooked(session=of)


def course(
    first: datetime = THURSDAY, *, weeks: int = 16, clients: Sequence[UUID] = (KIM_ID,)
) -> CourseBooked:
    """A weekly course; its local hour is not followed across clock changes here."""
    course_id = uuid4()
    return CourseBooked(
        course_id=course_id,
        clinician_id=DANA_ID,
        client_ids=tuple(clients),
        timezone=NEW_YORK,
        sessions=tuple(
            session(first + week * WEEK, clients=clients, course_id=course_id)
            for week in range(weeks)
        ),
    )


def move(of: Session, by: timedelta) -> SessionMoved:
    """Move the session as it was last told; the event holds it as it is then."""
    moved = of.model_copy(
        update={
            "revision": of.revision + 1,
            "starts_at": of.starts_at + by,
            "ends_at": of.ends_at + by,
        }
    )
    return SessionMoved(session=moved, previous_starts_at=of.starts_at)


def cancel(of: Session) -> Cancelled:
    cancelled = of.model_copy(update={"revision": of.revision + 1, "status": "cancelled"})
    return Cancelled(session=cancelled)


def now_as(of: Session, **said: Any) -> Session:
    """Return the session at its next revision, with what is `said` changed."""
    return of.model_copy(update={"revision": of.revision + 1, **said})


def changed(fact: CourseBooked, sessions: Sequence[Session]) -> CourseChanged:
    return CourseChanged(
        course_id=fact.course_id,
        clinician_id=DANA_ID,
        client_ids=fact.client_ids,
        timezone=NEW_YORK,
        sessions=tuple(sessions),
    )


def ended(fact: CourseBooked, cancelled: Sequence[Session] = ()) -> CourseEnded:
    return CourseEnded(
        course_id=fact.course_id,
        clinician_id=DANA_ID,
        client_ids=fact.client_ids,
        timezone=NEW_YORK,
        sessions=tuple(cancelled),
    )
