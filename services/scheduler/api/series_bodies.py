"""What may be said of a whole series, as frozen models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StrictInt

from services.scheduler.api.examples import ORTIZ
from services.scheduler.api.fields import BookedDate, Count, FreeText, TimeOfDay
from services.scheduler.api.overriding import OverrideBody
from services.scheduler.domain.courses import OnConflict
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.series import Reach
from services.scheduler.use_cases.extending import Extension
from services.scheduler.use_cases.following_up import FollowUps
from shared.web.bodies import DoorModel

Weeks = Annotated[StrictInt, Field(ge=1, le=52)]
Since = Annotated[BookedDate | None, Field(alias="from")]


class ReachBody(DoorModel):
    """A change of what is still to come, `from` a date on its own clock, or from now on."""

    since: Since = None

    def reach(self, now: datetime, own: UUID | None) -> Reach:
        return Reach(now=now, since=self.since, own=own)


class ExtendBody(DoorModel):
    """How many sessions more at the end; dates in the way refuse it or are passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sessions": 4}]})

    sessions: Count
    on_conflict: OnConflict = OnConflict.REFUSE
    preview: StrictBool = False
    override: OverrideBody | None = None

    def wanted(self, override: Override | None) -> Extension:
        return Extension(sessions=self.sessions, on_conflict=self.on_conflict, override=override)


class PauseBody(ReachBody):
    """By how many weeks the sessions from a date on are put off."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"from": "2027-03-16", "weeks": 2, "preview": True}]}
    )

    weeks: Weeks
    preview: StrictBool = False
    override: OverrideBody | None = None


class EndBody(ReachBody):
    """The `reason` stays in the scheduler and is never told on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "moved away"}]})

    reason: FreeText | None = None
    preview: StrictBool = False


class ReassignBody(ReachBody):
    """Who takes over."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"clinician_id": ORTIZ, "from": "2027-04-01"}]}
    )

    clinician_id: UUID
    preview: StrictBool = False
    override: OverrideBody | None = None


class FollowUpsBody(DoorModel):
    """Sessions some weeks apart; without a `time`, at the hour of the course."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"sessions": 6, "every_weeks": 4, "first_date": "2027-07-06"}]
        }
    )

    sessions: Count
    every_weeks: Weeks
    first_date: BookedDate
    time: TimeOfDay | None = None
    on_conflict: OnConflict = OnConflict.REFUSE
    override: OverrideBody | None = None

    def wanted(self, override: Override | None) -> FollowUps:
        return FollowUps(
            sessions=self.sessions,
            every_weeks=self.every_weeks,
            first_date=self.first_date,
            at=self.time,
            on_conflict=self.on_conflict,
            override=override,
        )
