"""What a request may say, and what may be asked of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID, uuid4

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator

from services.scheduler.api.examples import DANA, KIM, THREE, TUESDAY
from services.scheduler.api.fields import (
    BirthDate,
    BookedDate,
    Count,
    Email,
    FreeText,
    Instant,
    LocaleTag,
    Name,
    State,
    TimeOfDay,
    Word,
    ZoneName,
    not_before,
)
from services.scheduler.api.guardian_bodies import GuardianBody, Vouched
from services.scheduler.api.overriding import OverrideBody
from services.scheduler.api.queries import Cursor
from services.scheduler.api.window_bodies import WindowBody
from services.scheduler.domain.courses import MOST_SESSIONS, CourseRequest, OnConflict, WallClock
from services.scheduler.domain.openings import MOST_EXCEPTIONS, Search
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.people import Guardian
from services.scheduler.domain.requests import AgeGroup, Contact, Need, RequestStatus
from services.scheduler.store.requests import WantedRequests
from services.scheduler.use_cases.requesting import Agreed, Asked
from shared.web.bodies import DoorModel


def _each_once(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(words)) < len(words):
        raise ValueError("must name each once")
    return words


EachOnce: Final = AfterValidator(_each_once)
Limit = Annotated[int, Field(ge=1, le=1000)]
USUAL_SPAN: Final = timedelta(weeks=4)
LONGEST_SPAN: Final = timedelta(weeks=52)


class RequestBody(DoorModel):
    """Who asks, for whom, and what for: a client by `client_id`, or someone new by name and email.

    For a client the zone, the languages and the date of birth that are recorded stand in for
    those that are left out.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Lee Chen",
                    "email": "lee@clients.example",
                    "timezone": "America/New_York",
                    "age_group": "adult",
                    "state": "US-NY",
                    "concerns": ["role_transition"],
                    "windows": [{"weekday": "tuesday", "start": "14:00", "end": "18:00"}],
                    "languages": ["en"],
                },
                {"client_id": KIM, "age_group": "adult"},
            ]
        }
    )

    client_id: UUID | None = None
    name: Annotated[Name | None, Field(validate_default=True)] = None
    email: Annotated[Email | None, Field(validate_default=True)] = None
    timezone: Annotated[ZoneName | None, Field(validate_default=True)] = None
    locale: LocaleTag | None = None
    guardians: Annotated[tuple[GuardianBody, ...], Field(max_length=10)] = ()
    address_vouched: Vouched = True
    age_group: AgeGroup | None = None
    date_of_birth: Annotated[BirthDate | None, Field(validate_default=True)] = None
    state: State | None = None
    concerns: Annotated[tuple[Word, ...], Field(max_length=20), EachOnce] = ()
    windows: Annotated[tuple[WindowBody, ...], Field(max_length=50)] = ()
    languages: Annotated[tuple[LocaleTag, ...], Field(max_length=10)] = ()
    note: FreeText | None = None

    @field_validator("name", "email", "timezone")
    @classmethod
    def _says_who(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("client_id") is None:
            raise ValueError("is needed unless there is a client_id")
        return value

    @field_validator("name", "email", "locale", "guardians")
    @classmethod
    def _is_recorded_of_a_client(cls, value: object, info: ValidationInfo) -> object:
        if value and info.data.get("client_id") is not None:
            raise ValueError("is recorded of the client already")
        return value

    @field_validator("date_of_birth")
    @classmethod
    def _says_for_whom(cls, born: object, info: ValidationInfo) -> object:
        group = info.data.get("age_group")
        if born is not None and group is not None:
            raise ValueError("goes without an age_group: one of the two is enough")
        if born is None and group is None and info.data.get("client_id") is None:
            raise ValueError("or an age_group is needed")
        return born

    def contact(self) -> Contact | None:
        if self.name is None or self.email is None:
            return None
        return Contact(
            name=self.name,
            email=self.email,
            locale=self.locale or "en",
            guardians=tuple(
                Guardian(
                    id=uuid4(),
                    name=each.name,
                    email=each.email,
                    notices=each.notices,
                    address_vouched=self.address_vouched,
                )
                for each in self.guardians
            ),
            address_vouched=self.address_vouched,
        )

    def asked(self) -> Asked:
        return Asked(
            need=Need(
                born=self.date_of_birth,
                age_group=self.age_group,
                state=self.state,
                concerns=self.concerns,
                languages=self.languages or ((self.locale,) if self.locale else ()),
            ),
            windows=tuple(each.window() for each in self.windows),
            note=self.note,
            client_id=self.client_id,
            contact=self.contact(),
            timezone=self.timezone,
        )


class ConsultationBody(DoorModel):
    """With whom, and when; an override names who passes over a limit, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"clinician_id": DANA, "starts_at": THREE}]}
    )

    clinician_id: UUID
    starts_at: Instant
    hold_id: UUID | None = None
    override: OverrideBody | None = None


class RequestCourseBody(DoorModel):
    """As for a course; for whom it is, the request says."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"clinician_id": DANA, "first_date": TUESDAY, "time": "15:00", "sessions": 16}
            ]
        }
    )

    clinician_id: UUID
    first_date: BookedDate
    time: TimeOfDay
    sessions: Count
    wall_clock: Literal["practice", "clinician", "client"] | None = None
    timezone: ZoneName | None = None
    on_conflict: OnConflict = OnConflict.REFUSE
    hold_id: UUID | None = None
    override: OverrideBody | None = None

    @field_validator("timezone")
    @classmethod
    def _is_nobodys_clock(cls, timezone: str | None, info: ValidationInfo) -> str | None:
        if timezone is not None and info.data.get("wall_clock") is not None:
            raise ValueError("goes without 'wall_clock': one of the two is enough")
        return timezone

    def course(self, client_id: UUID, practice_zone: str) -> CourseRequest:
        named = WallClock.NAMED if self.timezone else WallClock.PRACTICE
        return CourseRequest(
            clinician_id=self.clinician_id,
            client_ids=(client_id,),
            first_date=self.first_date,
            at=self.time,
            sessions=self.sessions,
            timezone=self.timezone or practice_zone,
            wall_clock=WallClock(self.wall_clock) if self.wall_clock else named,
            on_conflict=self.on_conflict,
        )


def agreed_with(
    body: ConsultationBody | RequestCourseBody, request_id: UUID, override: Override | None
) -> Agreed:
    return Agreed(
        request_id=request_id,
        clinician_id=body.clinician_id,
        hold_id=body.hold_id,
        override=override,
    )


class CloseBody(DoorModel):
    """The `reason` stays in the scheduler and is never told on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "found someone nearer"}]})

    reason: FreeText | None = None


class RequestsQuery(DoorModel):
    """All requests, or those that stand so, in the order they were made."""

    status: RequestStatus | None = None
    limit: Limit = 200
    next: Cursor | None = None

    def wanted(self) -> WantedRequests:
        """Return one more than fits on the page, so that it is known whether there are more."""
        return WantedRequests(status=self.status, after=self.next, limit=self.limit + 1)


class MatchesQuery(DoorModel):
    """For a course of so many sessions; `from` and `until` bound its first date, both included."""

    sessions: Annotated[int, Field(ge=1, le=MOST_SESSIONS)] = 16
    since: Annotated[BookedDate | None, Field(alias="from")] = None
    until: Annotated[BookedDate | None, Field(validate_default=True)] = None
    exceptions: Annotated[int, Field(ge=0, le=MOST_EXCEPTIONS)] = 2

    @field_validator("until")
    @classmethod
    def _comes_last(cls, until: date | None, info: ValidationInfo) -> date | None:
        since: date | None = info.data.get("since")
        if since is not None and until is not None and until - since > LONGEST_SPAN:
            raise ValueError(f"must be at most {LONGEST_SPAN.days} days after 'from'")
        return not_before(until, since)

    def search(self, today: date, practice_zone: str) -> Search:
        """Return the search, on the practice's clock; dates that have passed are left out."""
        first = max(self.since or today, today)
        last = max(self.until or first + USUAL_SPAN, first)
        return Search(
            timezone=practice_zone,
            first=first,
            last=min(last, first + LONGEST_SPAN),
            sessions=self.sessions,
            exceptions=self.exceptions,
        )
