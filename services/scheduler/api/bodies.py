"""What bookings and changes may say, as frozen models."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, ValidationInfo, field_validator

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
from services.scheduler.domain.keys import KeyRole
from services.scheduler.domain.sessions import Outcome
from shared.web.bodies import DoorModel


def _each_once(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    if len(set(ids)) < len(ids):
        raise ValueError("must name each client once")
    return ids


def _only_refuse(wish: str) -> str:
    if wish != "refuse":
        raise ValueError("'postpone' is not offered yet; 'refuse' is")
    return wish


def _only_this(scope: str) -> str:
    if scope != "this":
        raise ValueError("'this_and_following' is not offered yet; 'this' is")
    return scope


ClientIds = Annotated[
    tuple[UUID, ...], Field(min_length=1, max_length=30), AfterValidator(_each_once)
]
OnConflict = Annotated[Literal["refuse", "postpone"], AfterValidator(_only_refuse)]
Scope = Annotated[Literal["this", "this_and_following"], AfterValidator(_only_this)]


class CourseBody(DoorModel):
    """A weekly hour; without a `timezone` it follows the practice's wall clock."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "clinician_id": DANA,
                    "client_ids": [KIM],
                    "first_date": TUESDAY,
                    "time": "15:00",
                    "sessions": 16,
                }
            ]
        }
    )

    clinician_id: UUID
    client_ids: ClientIds
    first_date: BookedDate
    time: TimeOfDay
    sessions: Count
    timezone: ZoneName | None = None
    on_conflict: OnConflict = "refuse"
    hold_id: UUID | None = None


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


class MoveBody(DoorModel):
    """Another time; with `preview` it is only asked what would be in the way."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"starts_at": "2027-02-17T16:00:00-05:00"},
                {"starts_at": "2027-02-17T16:00:00-05:00", "preview": True},
            ]
        }
    )

    starts_at: Instant
    scope: Scope = "this"
    preview: StrictBool = False
    hold_id: UUID | None = None


class CancelBody(DoorModel):
    """The `reason` stays in the scheduler and is never told on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "is ill"}]})

    scope: Scope = "this"
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
