"""Requests, matches, the waiting list and offers as they are answered to staff."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

from services.scheduler.api.answers.fields import Clock, Day, Id, Moment, Next, Weekday, ZoneName
from services.scheduler.api.answers.sessions import (
    ConflictAnswer,
    CourseAnswer,
    SeriesPreview,
    SessionAnswer,
)
from services.scheduler.domain.limits import Cause, Limit, Standing
from services.scheduler.domain.offers import OfferStatus
from services.scheduler.domain.openings import Cause as GapCause
from services.scheduler.domain.people import Notices
from services.scheduler.domain.requests import AgeGroup, RequestStatus
from services.scheduler.domain.sessions import Kind
from services.scheduler.domain.waiting import EntryStatus
from shared.web.openapi import AnswerModel

Words = tuple[str, ...]
State = Annotated[str | None, Field(description="ISO 3166-2, such as US-NY.")]


class WindowAnswer(AnswerModel):
    """A stretch of one weekday."""

    weekday: Weekday
    start: Clock
    end: Clock


class ContactGuardianAnswer(AnswerModel):
    """A guardian of someone who is no client yet."""

    name: str
    email: str
    notices: Notices


class ContactAnswer(AnswerModel):
    """Someone who is no client yet."""

    name: str
    email: str
    locale: str
    guardians: tuple[ContactGuardianAnswer, ...]


class RequestAnswer(AnswerModel):
    """A request, and what has come of it."""

    id: Id
    status: RequestStatus
    made_at: Moment
    client_id: Annotated[Id | None, Field(description="From the consultation on.")]
    contact: Annotated[ContactAnswer | None, Field(description="Until there is a client.")]
    age_group: AgeGroup | None
    date_of_birth: Day | None
    state: State
    concerns: Words
    languages: Words
    windows: tuple[WindowAnswer, ...]
    timezone: ZoneName
    note: str | None
    clinician_id: Annotated[Id | None, Field(description="Of what was booked last.")]
    consultation_id: Id | None
    course_id: Id | None
    closed_at: Moment | None
    close_reason: str | None


class RequestsAnswer(AnswerModel):
    """Requests in the order they were made, a page at a time."""

    requests: tuple[RequestAnswer, ...]
    next: Next


class LimitAnswer(AnswerModel):
    """How a clinician stands to one limit; `unknown` is what nobody recorded."""

    limit: Limit
    standing: Standing
    cause: Annotated[Cause | None, Field(description="Why the limit is not met.")] = None
    date: Annotated[Day | None, Field(description="When a license ends, or starts.")] = None


PassedOver = Annotated[
    tuple[LimitAnswer | ConflictAnswer, ...], Field(description="What staff passed over.")
]


class RequestConsultationAnswer(SessionAnswer):
    """The consultation, and the request beside it."""

    request: RequestAnswer
    overridden: PassedOver = ()


class RequestCourseAnswer(CourseAnswer):
    """The course, and the request beside it."""

    request: RequestAnswer
    overridden: PassedOver = ()  # type: ignore[assignment] # limits too, beside the hours


class ReassignedAnswer(CourseAnswer):
    """The course in other hands."""

    overridden: PassedOver = ()  # type: ignore[assignment] # limits too, beside the hours


class ReassignPreview(SeriesPreview):
    """What the other clinician would take over, and every limit that they do not meet."""

    limits: tuple[LimitAnswer, ...]


class ReassignedOrPreview(RootModel[ReassignedAnswer | ReassignPreview]):
    """The course as it now is; with `preview`, what would be."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class PartAnswer(AnswerModel):
    """So many points of the most there are, and from which facts."""

    part: str
    points: Annotated[int, Field(ge=0)]
    of: int
    asked: Words | None = None
    matched: Words | None = None
    weekly_hours: int | None = None
    courses_held: int | None = None
    capacity: int | None = None
    standing: Standing | None = None


class MatchExceptionAnswer(AnswerModel):
    """A week that cannot be had, and an hour that could be had instead."""

    date: Day
    reason: GapCause
    substitute: Moment | None


class MatchOpeningAnswer(AnswerModel):
    """A weekly hour that suits, free for all of the course but the exceptions."""

    weekday: Weekday
    time: Clock
    timezone: ZoneName
    first_date: Day
    exceptions: tuple[MatchExceptionAnswer, ...]


class MatchAnswer(AnswerModel):
    """A clinician who suits; the points of the parts add up to the score."""

    clinician_id: Id
    score: Annotated[int, Field(ge=0, le=100)]
    parts: tuple[PartAnswer, ...]
    limits: tuple[LimitAnswer, ...]
    openings: tuple[MatchOpeningAnswer, ...]


class RuledOutAnswer(AnswerModel):
    """A clinician who does not suit, with every reason."""

    clinician_id: Id
    limits: tuple[LimitAnswer, ...]


class MatchesAnswer(AnswerModel):
    """Who suits, best first, and who does not."""

    matches: tuple[MatchAnswer, ...]
    out: tuple[RuledOutAnswer, ...]


class EntryAnswer(AnswerModel):
    """Someone on the waiting list."""

    id: Id
    status: EntryStatus
    made_at: Moment
    client_id: Id
    clinician_id: Annotated[Id | None, Field(description="Null: any who suits.")]
    kind: Kind
    sessions: Annotated[int, Field(ge=1)]
    windows: Annotated[tuple[WindowAnswer, ...], Field(description="None: any hour.")]
    timezone: ZoneName
    since: Annotated[Day | None, Field(alias="from")]
    until: Day | None
    state: State


class EntriesAnswer(AnswerModel):
    """The waiting list in its order, a page at a time."""

    entries: tuple[EntryAnswer, ...]
    next: Next


class OfferedSessionAnswer(AnswerModel):
    """One of the hours that are kept."""

    starts_at: Moment


class OfferAnswer(AnswerModel):
    """Hours that are kept for one person, or were."""

    id: Id
    status: OfferStatus
    entry_id: Id
    client_id: Id
    clinician_id: Id
    kind: Kind
    first_date: Day
    time: Clock
    timezone: ZoneName
    sessions: tuple[OfferedSessionAnswer, ...]
    made_at: Moment
    expires_at: Moment
    ended_at: Moment | None


class OffersAnswer(AnswerModel):
    """Offers in the order they were made, a page at a time."""

    offers: tuple[OfferAnswer, ...]
    next: Next
