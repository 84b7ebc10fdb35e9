"""Sessions and courses as they are answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

from services.scheduler.api.answers.fields import (
    Clock,
    Day,
    Id,
    Moment,
    Next,
    Revision,
    ZoneName,
)
from services.scheduler.domain.conflicts import Reason
from services.scheduler.domain.courses import CourseStatus
from services.scheduler.domain.sessions import Kind, Status
from shared.web.openapi import AnswerModel


class SessionAnswer(AnswerModel):
    """One agreed hour as it now is."""

    id: Id
    kind: Kind
    course_id: Id | None
    ordinal: Annotated[int | None, Field(ge=1, description="Its place in its course.")]
    clinician_id: Id
    client_ids: Annotated[tuple[Id, ...], Field(min_length=1)]
    starts_at: Moment
    ends_at: Moment
    timezone: Annotated[ZoneName, Field(description="Whose wall clock it follows.")]
    status: Status
    revision: Revision
    cancel_reason: Annotated[str | None, Field(description="It never leaves here.")] = None


class SessionsAnswer(AnswerModel):
    """Sessions by their start, a page at a time."""

    sessions: tuple[SessionAnswer, ...]
    next: Next


class CourseAnswer(AnswerModel):
    """A weekly hour, and all its sessions as they now are."""

    id: Id
    status: CourseStatus
    clinician_id: Id
    client_ids: Annotated[tuple[Id, ...], Field(min_length=1)]
    first_date: Day
    time: Clock
    timezone: ZoneName
    sessions: tuple[SessionAnswer, ...]


class ConflictAnswer(AnswerModel):
    """One hour that cannot be had, in the zone of the booking."""

    date: Day
    starts_at: Moment
    reason: Reason


class MovePreview(AnswerModel):
    """The session as it would be, and what is in its way: empty where nothing is."""

    session: SessionAnswer
    conflicts: tuple[ConflictAnswer, ...]


class MoveAnswer(RootModel[SessionAnswer | MovePreview]):
    """The session at its new time; with `preview`, what would be."""

    model_config = ConfigDict(frozen=True, defer_build=True)
