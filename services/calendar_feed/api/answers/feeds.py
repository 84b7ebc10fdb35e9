"""Feeds as they are answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.calendar_feed.domain.entries import Kind
from services.calendar_feed.domain.feeds import Detail, Form
from services.calendar_feed.domain.readers import Program
from shared.web.openapi import AnswerModel

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
AlarmMinutes = Annotated[tuple[int, ...], Field(description="Before the start.")]
Once = Annotated[str | None, Field(description="Shown this once; null when repeated.")]
Next = Annotated[str | None, Field(description="What to ask `next` with; null at the end.")]


class FeedAnswer(AnswerModel):
    """A feed that can be read; never its address."""

    id: UUID
    clinician_id: UUID
    name: str
    detail: Detail
    form: Form
    back_days: int
    ahead_days: int
    kinds: Annotated[tuple[Kind, ...], Field(description="Empty: every kind.")]
    course_id: Annotated[UUID | None, Field(description="Null: every course, and what has none.")]
    alarm_minutes: AlarmMinutes
    join_links: bool
    office_hours: bool
    ends_on: Annotated[date | None, Field(description="Its last day, in UTC.")]
    created_at: AwareDatetime
    rotated_at: Annotated[AwareDatetime | None, Field(description="When its address changed.")]


class ReaderAnswer(AnswerModel):
    """A calendar program that reads a feed, by what it calls itself."""

    program: Program
    last_at: AwareDatetime
    fetches: int
    version: Annotated[int, Field(description="Of the diary, as it last got it.")]
    next_by: Annotated[AwareDatetime, Field(description="When it has read again at the latest.")]


class LeftOutAnswer(AnswerModel):
    """How much is missing in a feed, as it was last written."""

    unwritable: Annotated[
        int, Field(description="Sessions that cannot be shown, and office hours as one.")
    ]
    no_room: Annotated[int, Field(description="Sessions beyond what calendar programs take.")]


Ended = Annotated[bool, Field(description="Its last day has passed: it shows nothing more.")]


class ListedFeedAnswer(FeedAnswer):
    """A feed, whether all of it is there, and who reads it."""

    ended: Ended
    left_out: LeftOutAnswer
    readers: tuple[ReaderAnswer, ...]


class OpenedFeedAnswer(FeedAnswer):
    """A feed with every way to subscribe to it; its address is kept nowhere."""

    url: Once
    webcal_url: Annotated[Once, Field(description="The same, for programs that subscribe by it.")]
    outlook_url: Annotated[Once, Field(description="The same, for new Outlook.")]
    google_url: Annotated[Once, Field(description="Opens Google Calendar, which then asks.")]
    caldav_url: Annotated[
        str | None,
        Field(
            description="For programs that take CalDAV. Shown this once; null when repeated, and"
            " for `free_busy`."
        ),
    ]
    qr_svg: Annotated[Once, Field(description="`webcal_url` for a phone's camera.")]
    not_repeated: Annotated[str | None, Field(description="Only when repeated.")] = None


class FeedsAnswer(AnswerModel):
    """The feeds that were not revoked, oldest first."""

    feeds: tuple[ListedFeedAnswer, ...]
    next: Next


class FetchAnswer(AnswerModel):
    """Like answers to a calendar program within a second; `at` is the last."""

    at: AwareDatetime
    program: Program
    status: Annotated[
        int, Field(description="200, 304: it had this version already, or 207 (CalDAV).")
    ]
    version: int
    count: int


class FetchesAnswer(AnswerModel):
    """What was fetched in the last 14 days, the latest first."""

    fetches: tuple[FetchAnswer, ...]
    next: Next


class PreviewedAnswer(AnswerModel):
    """One entry as a calendar program shows it."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    summary: str
    status: str
    has_link: bool
    description: Annotated[str, Field(description="Without what opens a link in it.")]
    alarm_minutes: AlarmMinutes


class PreviewedHoursAnswer(AnswerModel):
    """Hours of one weekday, each week by the clock of that zone."""

    weekday: Weekday
    start: str
    end: str
    timezone: str
    since: Annotated[date, Field(alias="from", description="Its first day in this calendar.")]
    until: Annotated[date | None, Field(description="Its last day.")]


class PreviewAnswer(AnswerModel):
    """What a subscriber sees, read back from the very bytes that are served."""

    name: str
    size: Annotated[int, Field(description="In octets.")]
    ended: Ended
    left_out: LeftOutAnswer
    entries: tuple[PreviewedAnswer, ...]
    office_hours: tuple[PreviewedHoursAnswer, ...]
