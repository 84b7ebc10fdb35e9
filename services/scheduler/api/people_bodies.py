"""What may be said of clinicians and clients, as frozen models."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from services.scheduler.api.fields import (
    BirthDate,
    BookedDate,
    BufferMinutes,
    Email,
    LocaleTag,
    Name,
    NoticeMinutes,
    RoomUrl,
    State,
    Word,
    ZoneName,
    not_before,
)
from services.scheduler.api.guardian_bodies import GuardianChanges, NewGuardian, Vouched
from services.scheduler.api.mail_bodies import ClinicianMailBody, WishesBody
from services.scheduler.domain.mail_wishes import ClinicianMail, MailWishes
from services.scheduler.domain.people import Client, Clinician, License, with_mail
from services.scheduler.domain.working_hours import WEEKDAYS, WorkingHours
from shared.web.bodies import DoorModel

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


def _minute(value: object) -> int:
    """Minutes from midnight; 24:00 is the end of the day."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError("must be a time of day such as 09:00; an end may be 24:00")
    return int(value[:2]) * 60 + int(value[3:])


Minute = Annotated[
    int,
    BeforeValidator(_minute),
    WithJsonSchema({"type": "string", "pattern": f"^({_CLOCK.pattern})$"}),
]


class HoursBody(DoorModel):
    """A stretch of one weekday on the clinician's wall clock, for good or between two dates."""

    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    start: Minute
    end: Minute
    since: Annotated[BookedDate | None, Field(alias="from")] = None
    until: BookedDate | None = None

    @field_validator("end")
    @classmethod
    def _comes_after_the_start(cls, end: int, info: ValidationInfo) -> int:
        if end <= info.data.get("start", -1):
            raise ValueError("must be after the start, on the same day")
        return end

    @field_validator("until")
    @classmethod
    def _comes_last(cls, until: date | None, info: ValidationInfo) -> date | None:
        return not_before(until, info.data.get("since"))

    def hours(self) -> WorkingHours:
        return WorkingHours(
            weekday=WEEKDAYS.index(self.weekday),
            start=self.start,
            end=self.end,
            since=self.since or date.min,
            until=self.until or date.max,
        )


class LicenseBody(DoorModel):
    """Where one may practise, and between which dates, both included."""

    state: State
    since: Annotated[BookedDate | None, Field(alias="from")] = None
    until: BookedDate | None = None

    @field_validator("until")
    @classmethod
    def _comes_last(cls, until: date | None, info: ValidationInfo) -> date | None:
        return not_before(until, info.data.get("since"))

    def license(self) -> License:
        return License(state=self.state, since=self.since, until=self.until)


class ClinicianChanges(DoorModel):
    """What is to be changed of a clinician; what is left out stays as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"accepting_clients": False},
                {"mail": {"digest_at": "07:30", "news": True, "reminder_minutes": [1440]}},
                {"working_hours": [{"weekday": "monday", "start": "09:00", "end": "17:00"}]},
            ]
        }
    )

    name: Name = ""
    email: Email = ""
    timezone: ZoneName = ""
    working_hours: Annotated[tuple[HoursBody, ...], Field(max_length=100)] = ()
    room_url: RoomUrl | None = None
    age_groups: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    concerns: Annotated[tuple[Word, ...], Field(max_length=50)] = ()
    licenses: Annotated[tuple[LicenseBody, ...], Field(max_length=60)] = ()
    languages: Annotated[tuple[LocaleTag, ...], Field(max_length=20)] = ()
    accepting_clients: StrictBool = True
    capacity: Annotated[StrictInt, Field(ge=0, le=500)] | None = None
    buffer_minutes: BufferMinutes | None = None
    minimum_notice_minutes: NoticeMinutes | None = None
    mail: ClinicianMailBody = ClinicianMailBody()

    def facts(self) -> dict[str, Any]:
        """Return what was said, as a clinician has it."""
        said: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "working_hours" in said:
            said["working_hours"] = tuple(sorted(each.hours() for each in self.working_hours))
        if "licenses" in said:
            said["licenses"] = tuple(each.license() for each in self.licenses)
        if "mail" in said:
            said["mail"] = self.mail.said()
        return said


class ClinicianBody(ClinicianChanges):
    """A clinician; no working hours means that none are checked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Dana Reyes",
                    "email": "dana@clinicians.example",
                    "timezone": "America/New_York",
                    "working_hours": [
                        {"weekday": "tuesday", "start": "09:00", "end": "18:00"},
                        {
                            "weekday": "thursday",
                            "start": "12:00",
                            "end": "20:00",
                            "from": "2027-01-01",
                        },
                    ],
                    "room_url": "https://rooms.example/dana",
                    "licenses": [{"state": "US-NY"}],
                    "languages": ["en", "es"],
                }
            ]
        }
    )

    name: Name
    email: Email
    timezone: ZoneName

    def clinician(self, id: UUID) -> Clinician:
        return Clinician(id=id, revision=1, **with_mail(ClinicianMail(), self.facts()))


class ClientChanges(DoorModel):
    """What is to be changed of a client; what is left out stays as it is.

    `guardians` take the place of all that are known.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"timezone": "America/Phoenix"},
                {
                    "mail": {
                        "opted_out": ["follow_up"],
                        "reminder_minutes": [2880, 60],
                        "quiet_hours": {"begin": "21:00", "end": "08:00"},
                        "invitations": True,
                    }
                },
                {
                    "guardians": [
                        {"name": "Mei Chen", "email": "mei@clients.example", "notices": "copies"}
                    ]
                },
            ]
        }
    )

    name: Name = ""
    email: Email = ""
    timezone: ZoneName = ""
    locale: LocaleTag = ""
    date_of_birth: BirthDate | None = None
    guardians: GuardianChanges = ()
    address_vouched: Vouched = True
    mail: WishesBody = WishesBody()

    def facts(self) -> dict[str, Any]:
        """Return what was said, as a change of a client takes it."""
        said: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "guardians" in said:
            said["guardians"] = tuple(each.request() for each in self.guardians)
        if "mail" in said:
            said["mail"] = self.mail.said()
        return said


class ClientBody(DoorModel):
    """A client, and the guardians of a minor."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Kim Park",
                    "email": "kim@clients.example",
                    "timezone": "America/New_York",
                },
                {
                    "name": "Lee Chen",
                    "email": "lee@clients.example",
                    "timezone": "America/New_York",
                    "locale": "es",
                    "date_of_birth": "2012-05-01",
                    "guardians": [
                        {"name": "Mei Chen", "email": "mei@clients.example", "notices": "times"}
                    ],
                },
            ]
        }
    )

    name: Name
    email: Email
    timezone: ZoneName
    locale: LocaleTag = "en"
    date_of_birth: BirthDate | None = None
    guardians: Annotated[tuple[NewGuardian, ...], Field(max_length=10)] = ()
    address_vouched: Vouched = True
    mail: WishesBody = WishesBody()

    def client(self, id: UUID) -> Client:
        return Client(
            id=id,
            revision=1,
            name=self.name,
            email=self.email,
            timezone=self.timezone,
            locale=self.locale,
            date_of_birth=self.date_of_birth,
            guardians=tuple(each.guardian() for each in self.guardians),
            address_vouched=self.address_vouched,
            mail=MailWishes(**self.mail.said()),
        )
