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
    Weekday,
    ZoneName,
)
from services.scheduler.domain.conflicts import Reason
from services.scheduler.domain.courses import CourseStatus, WallClock
from services.scheduler.domain.sessions import Kind, Status
from shared.web.openapi import AnswerModel


class LocalTime(AnswerModel):
    """When it starts on the clock of someone in another zone."""

    person_id: Id
    timezone: ZoneName
    starts_at: Moment


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
    confirmed_by: tuple[Id, ...] = ()
    cancelled_late: bool = False
    overbooked: Annotated[bool, Field(description="Staff let it overlap another.")] = False
    local_times: Annotated[
        tuple[LocalTime, ...], Field(description="Of those whose clock shows another time.")
    ] = ()


class BookedSessionAnswer(SessionAnswer):
    """A session that was just booked."""

    overridden: Annotated[
        tuple[ConflictAnswer, ...], Field(description="What staff passed over.")
    ] = ()


class SessionsAnswer(AnswerModel):
    """Sessions by their start, a page at a time."""

    sessions: tuple[SessionAnswer, ...]
    next: Next


class ConflictAnswer(AnswerModel):
    """One hour that cannot be had, in the zone of the booking."""

    date: Day
    starts_at: Moment
    reason: Reason
    client_id: Id | None = None
    busy_as_of: Annotated[
        Moment | None,
        Field(description="With `busy_elsewhere`: when the calendars there were last read."),
    ] = None
    busy_stale: Annotated[bool, Field(description="That is more than a day ago.")] = False


class GroupAnswer(AnswerModel):
    """The limits of a closed group."""

    minimum: int
    maximum: int
    join_until: Annotated[int, Field(description="The last session at which one may join.")]


class CountsAnswer(AnswerModel):
    """What was agreed on, and what became of it."""

    planned: int
    attended: int
    missed: int
    cancelled: int
    remaining: int


class StartAnswer(AnswerModel):
    """One start."""

    starts_at: Moment


class FreedAnswer(AnswerModel):
    """A weekly hour that came free, as one opening in the shape of a course."""

    clinician_id: Id
    weekday: Weekday
    time: Clock
    timezone: ZoneName
    first_date: Day
    sessions: tuple[StartAnswer, ...]


class CourseAnswer(AnswerModel):
    """A series at its usual hour, and all its sessions as they now are."""

    id: Id
    status: CourseStatus
    kind: Kind
    clinician_id: Id
    client_ids: Annotated[tuple[Id, ...], Field(min_length=1)]
    first_date: Day
    weekday: Weekday
    time: Clock
    every_weeks: int
    timezone: ZoneName
    wall_clock: Annotated[WallClock, Field(description="Whose clock it follows.")]
    follows: Annotated[Id | None, Field(description="The course that these come after.")]
    group: GroupAnswer | None
    ended_at: Moment | None
    end_reason: Annotated[str | None, Field(description="It never leaves here.")]
    counts: CountsAnswer
    sessions: tuple[SessionAnswer, ...]
    postponed: Annotated[
        tuple[ConflictAnswer, ...], Field(description="Dates that were put off to the end.")
    ] = ()
    overridden: Annotated[
        tuple[ConflictAnswer, ...], Field(description="What staff passed over.")
    ] = ()
    freed: FreedAnswer | None = None


class SeriesPreview(AnswerModel):
    """The sessions as they would be, and what is in their way: empty where nothing is."""

    sessions: tuple[SessionAnswer, ...]
    conflicts: tuple[ConflictAnswer, ...]
    postponed: tuple[ConflictAnswer, ...] = ()
    freed: FreedAnswer | None = None


class CourseOrPreview(RootModel[CourseAnswer | SeriesPreview]):
    """The course as it now is; with `preview`, what would be."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class SessionsChanged(SessionAnswer):
    """The session that was named as it now is; with a wider scope, all that changed."""

    sessions: tuple[SessionAnswer, ...] = ()
    overridden: tuple[ConflictAnswer, ...] = ()
    freed: FreedAnswer | None = None


class ChangePreview(SeriesPreview):
    """What would be: the session that was named, all that would change, what clashes."""

    session: SessionAnswer


class ChangeAnswer(RootModel[SessionsChanged | ChangePreview]):
    """The session as it now is; with `preview`, what would be."""

    model_config = ConfigDict(frozen=True, defer_build=True)
