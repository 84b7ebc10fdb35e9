"""What may be said of clinicians and clients, as frozen models."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal
from uuid import UUID, uuid4

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from services.scheduler.api.fields import (
    BirthDate,
    Email,
    LocaleTag,
    Name,
    RoomUrl,
    Word,
    ZoneName,
)
from services.scheduler.domain.people import Client, Clinician, Guardian, Notices
from services.scheduler.domain.working_hours import WEEKDAYS, WorkingHours
from shared.web.bodies import DoorModel

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


def _minute(value: object) -> int:
    """Minutes from midnight; 24:00 is the end of the day."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError("must be a time of day such as 09:00; an end may be 24:00")
    return int(value[:2]) * 60 + int(value[3:])


Minute = Annotated[
    int, BeforeValidator(_minute), WithJsonSchema({"type": "string", "pattern": _CLOCK.pattern})
]


class HoursBody(DoorModel):
    """A stretch of one weekday, on the clinician's wall clock."""

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    start: Minute
    end: Minute

    @field_validator("end")
    @classmethod
    def _comes_after_the_start(cls, end: int, info: ValidationInfo) -> int:
        if end <= info.data.get("start", -1):
            raise ValueError("must be after the start, on the same day")
        return end

    def hours(self) -> WorkingHours:
        return WorkingHours(weekday=WEEKDAYS.index(self.weekday), start=self.start, end=self.end)


class ClinicianBody(DoorModel):
    """A clinician; no working hours means that none are checked."""

    name: Name
    email: Email
    timezone: ZoneName
    working_hours: Annotated[tuple[HoursBody, ...], Field(max_length=100)] = ()
    room_url: RoomUrl | None = None
    age_groups: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    concerns: Annotated[tuple[Word, ...], Field(max_length=50)] = ()

    def clinician(self, id: UUID) -> Clinician:
        return Clinician(
            id=id,
            revision=1,
            name=self.name,
            email=self.email,
            timezone=self.timezone,
            room_url=self.room_url,
            working_hours=tuple(sorted(each.hours() for each in self.working_hours)),
            age_groups=self.age_groups,
            concerns=self.concerns,
        )


class GuardianBody(DoorModel):
    """A guardian of a minor, who hears of nothing unless it is said what."""

    name: Name
    email: Email
    notices: Notices = Notices.NONE


class ClientBody(DoorModel):
    """A client, and the guardians of a minor."""

    name: Name
    email: Email
    timezone: ZoneName
    locale: LocaleTag = "en"
    date_of_birth: BirthDate | None = None
    guardians: Annotated[tuple[GuardianBody, ...], Field(max_length=10)] = ()

    def client(self, id: UUID) -> Client:
        return Client(
            id=id,
            revision=1,
            name=self.name,
            email=self.email,
            timezone=self.timezone,
            locale=self.locale,
            date_of_birth=self.date_of_birth,
            guardians=tuple(
                Guardian(id=uuid4(), name=each.name, email=each.email, notices=each.notices)
                for each in self.guardians
            ),
        )
