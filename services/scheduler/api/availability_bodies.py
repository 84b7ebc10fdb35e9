"""What may be said of time off and extra hours, as frozen models, and how they are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    ConfigDict,
    Field,
    StrictBool,
    ValidationInfo,
    field_validator,
    model_validator,
)

from services.scheduler.api.documents import Document, clock_text
from services.scheduler.api.examples import THREE, TUESDAY
from services.scheduler.api.fields import BookedDate, FreeText, Instant
from services.scheduler.api.people_bodies import Minute
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.time_off import (
    LONGEST_OFF,
    Days,
    ExtraHours,
    TimeOff,
    TimeOffRequest,
)
from services.scheduler.domain.working_hours import DAY
from shared.web.bodies import DoorModel

_TOO_LONG = f"must be at most {LONGEST_OFF.days} days after the start"


class TimeOffBody(DoorModel):
    """Time off between two instants, or on whole days of the clinician's calendar."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"first_date": TUESDAY, "last_date": "2027-02-19", "reason": "a holiday"},
                {"starts_at": THREE, "ends_at": "2027-02-16T17:30:00-05:00"},
            ]
        }
    )

    starts_at: Instant | None = None
    ends_at: Annotated[Instant | None, Field(validate_default=True)] = None
    first_date: BookedDate | None = None
    last_date: Annotated[BookedDate | None, Field(validate_default=True)] = None
    reason: FreeText | None = None
    preview: StrictBool = False

    @field_validator("ends_at")
    @classmethod
    def _ends_after_the_start(cls, end: datetime | None, info: ValidationInfo) -> datetime | None:
        start: datetime | None = info.data.get("starts_at")
        if (start is None) != (end is None):
            raise ValueError("goes with 'starts_at', and only with it")
        if start is not None and end is not None:
            if end <= start:
                raise ValueError("must be after the start")
            if end - start > LONGEST_OFF:
                raise ValueError(_TOO_LONG)
        return end

    @field_validator("last_date")
    @classmethod
    def _ends_with_the_last_day(cls, last: date | None, info: ValidationInfo) -> date | None:
        first: date | None = info.data.get("first_date")
        if (first is None) != (last is None):
            raise ValueError("goes with 'first_date', and only with it")
        if first is not None and last is not None:
            if last < first:
                raise ValueError("must not be before 'first_date'")
            if last - first > LONGEST_OFF - 2 * DAY:  # a day may have 25 hours
                raise ValueError(_TOO_LONG)
        return last

    @model_validator(mode="after")
    def _one_of_both(self) -> TimeOffBody:
        if (self.starts_at is None) == (self.first_date is None):
            raise ValueError("must have 'starts_at' and 'ends_at', or 'first_date' and 'last_date'")
        return self

    def request(self, clinician_id: UUID) -> TimeOffRequest:
        return TimeOffRequest(clinician_id=clinician_id, span=self._span(), reason=self.reason)

    def _span(self) -> Slot | Days:
        if self.starts_at is not None and self.ends_at is not None:
            return Slot(starts_at=self.starts_at, ends_at=self.ends_at)
        return Days(first=self.first_date or date.min, last=self.last_date or date.max)


class ExtraHoursBody(DoorModel):
    """A stretch of one date on the clinician's wall clock."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"date": "2027-02-20", "start": "10:00", "end": "13:00"}]}
    )

    date: BookedDate
    start: Minute
    end: Minute

    @field_validator("end")
    @classmethod
    def _comes_after_the_start(cls, end: int, info: ValidationInfo) -> int:
        if end <= info.data.get("start", -1):
            raise ValueError("must be after the start, on the same day")
        return end

    def extra_hours(self, id: UUID, clinician_id: UUID) -> ExtraHours:
        return ExtraHours(
            id=id, clinician_id=clinician_id, date=self.date, start=self.start, end=self.end
        )


def time_off_document(off: TimeOff) -> Document:
    """Return it in UTC; where whole days were asked for, with the days."""
    return {
        "id": str(off.id),
        "clinician_id": str(off.clinician_id),
        "starts_at": off.slot.starts_at.isoformat(),
        "ends_at": off.slot.ends_at.isoformat(),
        "first_date": off.first_date.isoformat() if off.first_date else None,
        "last_date": off.last_date.isoformat() if off.last_date else None,
        "reason": off.reason,
    }


def extra_hours_document(extra: ExtraHours) -> Document:
    return {
        "id": str(extra.id),
        "clinician_id": str(extra.clinician_id),
        "date": extra.date.isoformat(),
        "start": clock_text(extra.start),
        "end": clock_text(extra.end),
    }
