"""Time off, extra hours and holds as they are answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.api.answers.fields import Clock, Day, Id, Moment, NoNext
from shared.web.openapi import AnswerModel


class TimeOffAnswer(AnswerModel):
    """A time in which a clinician does not work."""

    id: Id
    clinician_id: Id
    starts_at: Moment
    ends_at: Moment
    first_date: Annotated[Day | None, Field(description="Where whole days were asked for.")]
    last_date: Day | None
    reason: Annotated[str | None, Field(description="Only for staff.")]


class TimeOffListAnswer(AnswerModel):
    """All time off of a clinician, by its start."""

    time_off: tuple[TimeOffAnswer, ...]
    next: NoNext


class ExtraHoursAnswer(AnswerModel):
    """Hours worked on one date beside the weekly ones, on the clinician's wall clock."""

    id: Id
    clinician_id: Id
    date: Day
    start: Clock
    end: Clock


class ExtraHoursListAnswer(AnswerModel):
    """All extra hours of a clinician, by their date."""

    extra_hours: tuple[ExtraHoursAnswer, ...]
    next: NoNext


class HoldAnswer(AnswerModel):
    """Hours that are kept for someone who decides."""

    id: Annotated[Id, Field(description="Give it as `hold_id` when you book.")]
    clinician_id: Id
    client_id: Id | None
    starts_at: tuple[Moment, ...]
    expires_at: Moment
