"""Sessions after a course: a series of its own, with the same people at the same clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.courses import CourseRequest, OnConflict
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.sessions import Kind
from services.scheduler.use_cases.booking import BookedCourse, book_series, course_with


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """How many, how many weeks apart, from when; without a time, at the hour of the course."""

    sessions: int
    every_weeks: int
    first_date: date
    at: time | None = None
    on_conflict: OnConflict = OnConflict.REFUSE
    override: Override | None = None


async def book_follow_ups(
    conn: AsyncConnection, now: datetime, course_id: UUID, wanted: FollowUps
) -> BookedCourse:
    """Book the series with who has the course now, and tell of it, or raise why not."""
    course = await course_with(conn, course_id)
    roster, members = course.roster, len(course.client_ids)
    if roster is not None:  # a group of any size, however it came to be, may go on
        roster = replace(
            roster, minimum=min(roster.minimum, members), maximum=max(roster.maximum, members)
        )
    request = CourseRequest(
        clinician_id=course.clinician_id,
        client_ids=course.client_ids,
        first_date=wanted.first_date,
        at=course.at if wanted.at is None else wanted.at,
        sessions=wanted.sessions,
        timezone=course.timezone,
        wall_clock=course.wall_clock,
        kind=Kind.FOLLOW_UP,
        every_weeks=wanted.every_weeks,
        follows=course.id,
        roster=roster,
        on_conflict=wanted.on_conflict,
    )
    pointers = ["#/first_date"] * members  # the age on that date decides, and no field is a client
    return await book_series(conn, now, request, override=wanted.override, pointers=pointers)
