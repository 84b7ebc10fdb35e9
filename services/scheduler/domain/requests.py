"""A request: who asks for whom, from the first contact to the course with a clinician.

`ARROWS` is the whole lifecycle; whatever is not in it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.scheduler.domain.errors import WrongOrder
from services.scheduler.domain.people import Client, Guardian
from services.scheduler.domain.windows import Window

ADULT_FROM: Final = 18


class AgeGroup(StrEnum):
    """For whom."""

    ADULT = "adult"  # 18 or older
    TEEN = "teen"  # younger


class RequestStatus(StrEnum):
    """How a request stands."""

    OPEN = "open"  # nobody has been met yet
    CONSULTATION = "consultation"  # a consultation is booked, or was held
    PAIRED = "paired"  # a course with the clinician agreed on is booked
    CLOSED = "closed"  # nothing comes of it


class Step(StrEnum):
    """What may be done with a request."""

    BOOK_CONSULTATION = "consultation"
    BOOK_COURSE = "course"
    CLOSE = "close"


ARROWS: Final[Mapping[tuple[RequestStatus, Step], RequestStatus]] = {
    (RequestStatus.OPEN, Step.BOOK_CONSULTATION): RequestStatus.CONSULTATION,
    (RequestStatus.OPEN, Step.CLOSE): RequestStatus.CLOSED,
    # A consultation that did not lead on is followed by another, with anyone.
    (RequestStatus.CONSULTATION, Step.BOOK_CONSULTATION): RequestStatus.CONSULTATION,
    (RequestStatus.CONSULTATION, Step.BOOK_COURSE): RequestStatus.PAIRED,
    (RequestStatus.CONSULTATION, Step.CLOSE): RequestStatus.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Someone who is no client yet; forgotten here once they are."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    locale: str = "en"
    guardians: tuple[Guardian, ...] = field(default=(), repr=False)
    address_vouched: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """For whom it is, where they live, what it is about, and in which languages.

    Of `born` and `age_group` at least one is known. `state` is ISO 3166-2, such as US-NY.
    """

    born: date | None = field(default=None, repr=False)
    age_group: AgeGroup | None = field(default=None, repr=False)
    state: str | None = None
    concerns: tuple[str, ...] = field(default=(), repr=False)
    languages: tuple[str, ...] = ()

    def age_group_on(self, day: date) -> AgeGroup | None:
        """Return the age group as it will be on `day`, or None where nobody said."""
        return self.age_group if self.born is None else age_group_on(self.born, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What someone asks for, and what has come of it; `windows` are on the clock in `timezone`."""

    id: UUID
    made_at: datetime
    status: RequestStatus = RequestStatus.OPEN
    need: Need
    windows: tuple[Window, ...] = ()
    timezone: str
    note: str | None = field(default=None, repr=False)
    contact: Contact | None = None
    client_id: UUID | None = None
    clinician_id: UUID | None = None
    consultation_id: UUID | None = None
    course_id: UUID | None = None
    closed_at: datetime | None = None
    close_reason: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if (self.contact is None) == (self.client_id is None):
            raise ValueError("a request is for a client, or for someone who is none yet")
        if (self.status is RequestStatus.PAIRED) != (self.course_id is not None):
            raise ValueError("a request that is paired, and no other, has a course")
        if (self.status is RequestStatus.CLOSED) != (self.closed_at is not None):
            raise ValueError("a request that is closed, and no other, says when")
        if self.need.born is None and self.need.age_group is None:
            raise ValueError("a request says for whom it is")

    def new_client(self, id: UUID) -> Client | None:
        """Return the client that is to be entered, or None where there is one already."""
        if self.contact is None:
            return None
        return Client(
            id=id,
            revision=1,
            name=self.contact.name,
            email=self.contact.email,
            timezone=self.timezone,
            locale=self.contact.locale,
            date_of_birth=self.need.born,
            guardians=self.contact.guardians,
            address_vouched=self.contact.address_vouched,
        )


def age_group_on(born: date, day: date) -> AgeGroup:
    """Return the age group on `day`; who is born on 29 February is older from 1 March on."""
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return AgeGroup.ADULT if years >= ADULT_FROM else AgeGroup.TEEN


def after(request: Request, step: Step) -> RequestStatus:
    """Return how the request stands after `step`, or raise `WrongOrder`."""
    status = ARROWS.get((request.status, step))
    if status is None:
        raise WrongOrder(f"the request is {_SAID[request.status]}")
    return status


def with_consultation(
    request: Request, *, client_id: UUID, clinician_id: UUID, session_id: UUID
) -> Request:
    """Return the request with a consultation booked; whoever asked is a client from now on."""
    return replace(
        request,
        status=after(request, Step.BOOK_CONSULTATION),
        contact=None,
        client_id=client_id,
        clinician_id=clinician_id,
        consultation_id=session_id,
    )


def with_course(request: Request, *, clinician_id: UUID, course_id: UUID) -> Request:
    """Return the request as it is answered: paired with the clinician of the course."""
    return replace(
        request,
        status=after(request, Step.BOOK_COURSE),
        clinician_id=clinician_id,
        course_id=course_id,
    )


def close(request: Request, reason: str | None, *, now: datetime) -> Request:
    """Return the request as nothing comes of it; a consultation that is booked stays booked."""
    return replace(request, status=after(request, Step.CLOSE), closed_at=now, close_reason=reason)


_SAID: Final[Mapping[RequestStatus, str]] = {
    RequestStatus.OPEN: "open: a consultation comes first",
    RequestStatus.CONSULTATION: "at its consultation",
    RequestStatus.PAIRED: "paired already",
    RequestStatus.CLOSED: "closed",
}
