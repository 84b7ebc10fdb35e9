"""What each event tells: people, courses and sessions as they now are, and nothing clinical.

Every model is the whole state of its subject. `revision` rises with each change, so a
consumer that meets an older revision changes nothing. New fields are optional.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.events.calendars import BusyBlock as BusyBlock
from shared.events.calendars import BusyChanged as BusyChanged
from shared.events.calendars import FeedChangeUnseen as FeedChangeUnseen
from shared.events.deliveries import AddressBounced as AddressBounced
from shared.events.deliveries import MailFailed as MailFailed
from shared.events.deliveries import SendingRefused as SendingRefused
from shared.events.telling import THE_PRACTICE as THE_PRACTICE
from shared.events.telling import EventData as EventData
from shared.events.telling import Generation, Revision, Told, ZoneName
from shared.events.wishes import ClinicianMail as ClinicianMail
from shared.events.wishes import MailWishes as MailWishes
from shared.events.wishes import Minutes
from shared.events.wishes import QuietHours as QuietHours


class PracticeSaved(EventData):
    """What the practice has settled about its mail; what is None is as it was installed."""

    type: ClassVar[str] = "practice.saved.v1"
    revision: Revision
    reminder_minutes: tuple[Minutes, ...] | None = None
    quiet_hours: QuietHours | None = None
    staff_address: str | None = None
    follow_up_weeks: Annotated[int, Field(ge=1, le=52)] | None = None

    @property
    def subject(self) -> UUID:
        return THE_PRACTICE


class WorkingHours(Told):
    """A stretch of a weekday, each week, on the clinician's own clock."""

    weekday: Annotated[int, Field(ge=0, le=6, description="0 is Monday.")]
    start: Annotated[int, Field(ge=0, lt=1440, description="A minute of the day.")]
    end: Annotated[int, Field(gt=0, le=1440, description="A minute of the day; 1440 is 24:00.")]
    since: Annotated[date | None, Field(description="Its first day; None: always.")] = None
    until: Annotated[date | None, Field(description="Its last day; None: without end.")] = None


class ClinicianSaved(EventData):
    """A clinician was entered, or changed."""

    type: ClassVar[str] = "clinician.saved.v1"
    clinician_id: UUID
    revision: Revision
    name: str
    email: str
    timezone: ZoneName
    link_generation: Generation
    mail: ClinicianMail = ClinicianMail()
    working_hours: tuple[WorkingHours, ...] = ()

    @property
    def subject(self) -> UUID:
        return self.clinician_id


class Guardian(Told):
    """Someone who may hear of a minor's sessions, as far as `notices` goes."""

    guardian_id: UUID
    name: str
    email: str
    notices: Literal["none", "times", "copies"]
    link_generation: Generation
    timezone: Annotated[ZoneName | None, Field(description="None: the client's.")] = None
    locale: Annotated[str | None, Field(description="None: the client's.")] = None
    address_vouched: bool = True
    mail: MailWishes = MailWishes()


class ClientSaved(EventData):
    """A client was entered, or changed."""

    type: ClassVar[str] = "client.saved.v1"
    client_id: UUID
    revision: Revision
    name: str
    email: str
    timezone: ZoneName
    locale: str
    link_generation: Generation
    guardians: tuple[Guardian, ...] = ()
    address_vouched: Annotated[
        bool, Field(description="Staff vouch for the address, or its owner has confirmed it.")
    ] = True
    mail: MailWishes = MailWishes()

    @property
    def subject(self) -> UUID:
        return self.client_id


class KeySaved(EventData):
    """An API key was made or revoked; only its hash is told, never the key."""

    type: ClassVar[str] = "key.saved.v1"
    key_id: UUID
    revision: Revision
    role: Literal["admin", "staff", "clinician", "service"]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    clinician_id: UUID | None = None
    revoked: bool = False

    @property
    def subject(self) -> UUID:
        return self.key_id


class Session(Told):
    """One session as it now is; times are UTC, `timezone` is whose wall clock it follows."""

    session_id: UUID
    revision: Revision
    kind: Literal["course", "consultation", "follow_up"]
    course_id: UUID | None = None
    clinician_id: UUID
    client_ids: Annotated[tuple[UUID, ...], Field(min_length=1)]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    timezone: ZoneName
    status: Literal["scheduled", "cancelled", "attended", "no_show"]
    links_expire_at: AwareDatetime
    confirmed_by: tuple[UUID, ...] = ()


class CourseBooked(EventData):
    """A whole course was booked: all its sessions are inside."""

    type: ClassVar[str] = "course.booked.v1"
    course_id: UUID
    clinician_id: UUID
    client_ids: Annotated[tuple[UUID, ...], Field(min_length=1)]
    timezone: ZoneName
    sessions: Annotated[tuple[Session, ...], Field(min_length=1)]

    @property
    def subject(self) -> UUID:
        return self.course_id


class CourseChanged(EventData):
    """One change touched several sessions of a course, or its members: those are inside.

    A person who is in none of a session's `client_ids` any more is not expected at it.
    """

    type: ClassVar[str] = "course.changed.v1"
    course_id: UUID
    clinician_id: UUID
    client_ids: tuple[UUID, ...]
    timezone: ZoneName
    sessions: Annotated[tuple[Session, ...], Field(min_length=1)]

    @property
    def subject(self) -> UUID:
        return self.course_id


class CourseEnded(EventData):
    """No session of the course is to come; those that its end cancelled are inside."""

    type: ClassVar[str] = "course.ended.v1"
    course_id: UUID
    clinician_id: UUID
    client_ids: tuple[UUID, ...]
    timezone: ZoneName
    sessions: tuple[Session, ...] = ()

    @property
    def subject(self) -> UUID:
        return self.course_id


class OfferMade(EventData):
    """A freed hour is kept for one client until `expires_at`; a link in mail takes it."""

    type: ClassVar[str] = "offer.made.v1"
    offer_id: UUID
    client_id: UUID
    clinician_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    timezone: ZoneName
    weekly: Annotated[bool, Field(description="Whether the hour is kept every week.")]
    expires_at: AwareDatetime

    @property
    def subject(self) -> UUID:
        return self.offer_id


class OfferEnded(EventData):
    """The offer was taken, declined, withdrawn or has run out: it is not to be sent any more."""

    type: ClassVar[str] = "offer.ended.v1"
    offer_id: UUID
    client_id: UUID

    @property
    def subject(self) -> UUID:
        return self.offer_id


class SessionTold(EventData):
    """An event that carries one whole session."""

    session: Session

    @property
    def subject(self) -> UUID:
        return self.session.session_id


class SessionBooked(SessionTold):
    """A consultation or a follow-up was booked."""

    type: ClassVar[str] = "session.booked.v1"


class SessionMoved(SessionTold):
    """A session was given another time."""

    type: ClassVar[str] = "session.moved.v1"
    previous_starts_at: AwareDatetime


class SessionCancelled(SessionTold):
    """A session will not take place."""

    type: ClassVar[str] = "session.cancelled.v1"


class SessionConcluded(SessionTold):
    """A session's hour is over: it was attended, or nobody came."""

    type: ClassVar[str] = "session.concluded.v1"


EVERY_TYPE: tuple[type[EventData], ...] = (
    ClinicianSaved,
    ClientSaved,
    KeySaved,
    CourseBooked,
    CourseChanged,
    CourseEnded,
    SessionBooked,
    SessionMoved,
    SessionCancelled,
    SessionConcluded,
    OfferMade,
    OfferEnded,
    PracticeSaved,
    AddressBounced,
    MailFailed,
    SendingRefused,
    BusyChanged,
    FeedChangeUnseen,
)
