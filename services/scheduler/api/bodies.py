"""What bookings and changes may say, as frozen models."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationInfo,
    field_validator,
)

from services.scheduler.api.examples import DANA, KIM, THREE, TUESDAY
from services.scheduler.api.fields import (
    BookedDate,
    Count,
    FreeText,
    Instant,
    Name,
    TimeOfDay,
    ZoneName,
)
from services.scheduler.api.overriding import OverrideBody
from services.scheduler.domain.courses import CourseRequest, OnConflict, WallClock
from services.scheduler.domain.keys import KeyRole
from services.scheduler.domain.rosters import Roster
from services.scheduler.domain.series import Scope
from services.scheduler.domain.sessions import Outcome
from shared.web.bodies import DoorModel


def _each_once(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    if len(set(ids)) < len(ids):
        raise ValueError("must name each client once")
    return ids


ClientIds = Annotated[
    tuple[UUID, ...], Field(min_length=1, max_length=30), AfterValidator(_each_once)
]


class GroupBody(DoorModel):
    """The limits of a closed group, and the last session at which one may join."""

    minimum: Annotated[StrictInt, Field(ge=1, le=30)]
    maximum: Annotated[StrictInt, Field(ge=2, le=30)]
    join_until: Annotated[StrictInt, Field(ge=1, le=52)]

    @field_validator("maximum")
    @classmethod
    def _has_room_for_the_least(cls, maximum: int, info: ValidationInfo) -> int:
        if maximum < info.data.get("minimum", 1):
            raise ValueError("must not be below 'minimum'")
        return maximum

    def roster(self) -> Roster:
        return Roster(minimum=self.minimum, maximum=self.maximum, join_until=self.join_until)


class CourseBody(DoorModel):
    """A weekly hour on the wall clock of the practice, or whose it is said, or in a `timezone`.

    With `on_conflict` postpone, dates in the way are put off to the end.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "clinician_id": DANA,
                    "client_ids": [KIM],
                    "first_date": TUESDAY,
                    "time": "15:00",
                    "sessions": 16,
                },
                {
                    "clinician_id": DANA,
                    "client_ids": [KIM],
                    "first_date": TUESDAY,
                    "time": "15:00",
                    "sessions": 16,
                    "wall_clock": "client",
                    "on_conflict": "postpone",
                },
            ]
        }
    )

    clinician_id: UUID
    client_ids: ClientIds
    first_date: BookedDate
    time: TimeOfDay
    sessions: Count
    wall_clock: Literal["practice", "clinician", "client"] | None = None
    timezone: ZoneName | None = None
    on_conflict: OnConflict = OnConflict.REFUSE
    group: GroupBody | None = None
    hold_id: UUID | None = None
    override: OverrideBody | None = None

    @field_validator("timezone")
    @classmethod
    def _is_nobodys_clock(cls, timezone: str | None, info: ValidationInfo) -> str | None:
        if timezone is not None and info.data.get("wall_clock") is not None:
            raise ValueError("goes without 'wall_clock': one of the two is enough")
        return timezone

    def wanted(self, practice_timezone: str) -> CourseRequest:
        named = WallClock.NAMED if self.timezone else WallClock.PRACTICE
        return CourseRequest(
            clinician_id=self.clinician_id,
            client_ids=self.client_ids,
            first_date=self.first_date,
            at=self.time,
            sessions=self.sessions,
            timezone=self.timezone or practice_timezone,
            wall_clock=WallClock(self.wall_clock) if self.wall_clock else named,
            roster=self.group.roster() if self.group else None,
            on_conflict=self.on_conflict,
        )


class SessionBody(DoorModel):
    """One consultation or follow-up of an hour."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "consultation",
                    "clinician_id": DANA,
                    "client_ids": [KIM],
                    "starts_at": THREE,
                }
            ]
        }
    )

    kind: Literal["consultation", "follow_up"]
    clinician_id: UUID
    client_ids: ClientIds
    starts_at: Instant
    hold_id: UUID | None = None
    override: OverrideBody | None = None


class MoveBody(DoorModel):
    """Another time; with `preview` it is only asked what would be in the way.

    With a wider `scope` the others move by as many local days and as much time of day.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"starts_at": "2027-02-17T16:00:00-05:00"},
                {
                    "starts_at": "2027-02-17T16:00:00-05:00",
                    "scope": "this_and_following",
                    "preview": True,
                },
            ]
        }
    )

    starts_at: Instant
    scope: Scope = Scope.THIS
    preview: StrictBool = False
    hold_id: UUID | None = None
    override: OverrideBody | None = None


class CancelBody(DoorModel):
    """The `reason` stays in the scheduler and is never told on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "is ill"}]})

    scope: Scope = Scope.THIS
    preview: StrictBool = False
    reason: FreeText | None = None


class ConcludeBody(DoorModel):
    """How the hour went."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "attended"}]})

    outcome: Outcome


class KeyBody(DoorModel):
    """Whose key; a clinician's opens that clinician's own diary."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"role": "staff", "name": "front desk"},
                {"role": "clinician", "name": "Dana's own", "clinician_id": DANA},
            ]
        }
    )

    role: KeyRole
    name: Name
    clinician_id: Annotated[UUID | None, Field(validate_default=True)] = None

    @field_validator("clinician_id")
    @classmethod
    def _goes_with_the_role(cls, id: UUID | None, info: ValidationInfo) -> UUID | None:
        role = info.data.get("role")
        if role is not None and (id is not None) != (role is KeyRole.CLINICIAN):
            raise ValueError("goes with the role clinician, and only with it")
        return id
