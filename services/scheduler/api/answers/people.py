"""Clinicians and clients as they are answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.api.answers.fields import (
    Clock,
    Day,
    Id,
    NoNext,
    Revision,
    Weekday,
    ZoneName,
)
from services.scheduler.api.answers.mail import ClinicianMailAnswer, WishesAnswer
from services.scheduler.domain.people import Notices
from shared.web.openapi import AnswerModel

AddressVouched = Annotated[
    bool, Field(description="Staff vouch for the address, or its owner has confirmed it.")
]


class WorkingHoursAnswer(AnswerModel):
    """A stretch of one weekday, on the clinician's wall clock."""

    weekday: Weekday
    start: Clock
    end: Clock
    since: Annotated[Day | None, Field(alias="from", description="The first day of it.")] = None
    until: Annotated[Day | None, Field(description="The last day of it.")] = None


class LicenseAnswer(AnswerModel):
    """Where one may practise, and between which dates, both included; null is without end."""

    state: str
    since: Annotated[Day | None, Field(alias="from")]
    until: Day | None


class ClinicianAnswer(AnswerModel):
    """A clinician as now known."""

    id: Id
    revision: Revision
    name: str
    email: str
    timezone: ZoneName
    working_hours: Annotated[
        tuple[WorkingHoursAnswer, ...], Field(description="If empty, no hours are checked.")
    ]
    room_url: Annotated[str | None, Field(description="A room of the clinician's own.")]
    age_groups: tuple[str, ...]
    concerns: tuple[str, ...]
    licenses: tuple[LicenseAnswer, ...]
    languages: tuple[str, ...]
    accepting_clients: bool
    capacity: Annotated[int | None, Field(description="Courses at a time; null is any number.")]
    buffer_minutes: Annotated[int | None, Field(description="Null is the practice's.")]
    minimum_notice_minutes: Annotated[int | None, Field(description="Null is the practice's.")]
    mail: ClinicianMailAnswer


class CliniciansAnswer(AnswerModel):
    """Every clinician, in the order they were entered."""

    clinicians: tuple[ClinicianAnswer, ...]
    next: NoNext


class GuardianAnswer(AnswerModel):
    """A guardian of a minor."""

    id: Id
    name: str
    email: str
    notices: Notices
    timezone: Annotated[ZoneName | None, Field(description="Null is the client's.")]
    locale: Annotated[str | None, Field(description="Null is the client's.")]
    address_vouched: AddressVouched
    mail: WishesAnswer


class ClientAnswer(AnswerModel):
    """A client as now known."""

    id: Id
    revision: Revision
    name: str
    email: str
    timezone: ZoneName
    locale: str
    date_of_birth: Day | None
    guardians: tuple[GuardianAnswer, ...]
    address_vouched: AddressVouched
    mail: WishesAnswer


class ClientsAnswer(AnswerModel):
    """Every client, in the order they were entered."""

    clients: tuple[ClientAnswer, ...]
    next: NoNext
