"""Openings as they are answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.scheduler.api.answers.fields import Clock, Day, Id, Moment, Weekday, ZoneName
from services.scheduler.domain.openings import Cause
from shared.web.openapi import AnswerModel


class OpeningSessionAnswer(AnswerModel):
    """One week of an opening."""

    starts_at: Moment
    clinician_starts_at: Annotated[
        Moment | None, Field(description="Where the clinician's clock is another.")
    ] = None


class OpeningExceptionAnswer(AnswerModel):
    """A week that cannot be had, and what could be had instead."""

    date: Day
    reason: Cause
    substitute: Annotated[
        Moment | None, Field(description="The same week, else a week after the end.")
    ]


class OpeningAnswer(AnswerModel):
    """A weekly hour of a clinician; the weeks with an exception are among the sessions."""

    clinician_id: Id
    weekday: Weekday
    time: Clock
    timezone: ZoneName
    clinician_timezone: ZoneName
    first_date: Day
    sessions: tuple[OpeningSessionAnswer, ...]
    exceptions: tuple[OpeningExceptionAnswer, ...]
    busy_as_of: Annotated[
        Moment | None,
        Field(
            description="When the clinician's own calendars were last read; none: there are none."
        ),
    ] = None
    busy_stale: Annotated[bool, Field(description="That is more than a day ago.")] = False


class OpeningsAnswer(AnswerModel):
    """Openings, best first: fewest exceptions, then the earliest first date, then the earliest."""

    openings: tuple[OpeningAnswer, ...]
