"""The end of a course is told once, and so is that it may be time for another appointment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.events.data import CourseBooked, PracticeSaved, SessionConcluded
from tests.notifier.diary import (
    DAY,
    HOUR,
    MINUTE,
    THURSDAY,
    WEEK,
    booked,
    cancel,
    changed,
    client,
    course,
    ended,
    now_as,
    session,
)
from tests.notifier.stage import Stage

FOLLOW_UP = "Is it time for another appointment?"
NO_MORE = "You have no more appointments booked for now"


@pytest.fixture
async def fact(stage: Stage) -> CourseBooked:
    """Kim's course of two weeks, confirmed; it is two days before the last session."""
    fact = course(weeks=2)
    await stage.tell(client(), PracticeSaved(revision=1, follow_up_weeks=6), fact)
    await stage.sent_after_grace()
    stage.clock.moment = fact.sessions[-1].starts_at - 2 * DAY
    await stage.sent_now()
    return fact


async def conclude(stage: Stage, fact: CourseBooked) -> None:
    last = fact.sessions[-1]
    stage.clock.moment = last.ends_at
    await stage.sent_now()
    await stage.tell(SessionConcluded(session=now_as(last, status="attended")), ended(fact))


async def subjects(stage: Stage, step: timedelta) -> list[str]:
    return [mail.subject for mail in await stage.pass_time(step)]


async def test_the_end_is_told_and_weeks_later_that_another_may_be_due(
    stage: Stage, fact: CourseBooked
) -> None:
    await conclude(stage, fact)
    assert await subjects(stage, 3 * MINUTE) == [NO_MORE]
    assert await subjects(stage, 6 * WEEK) == [FOLLOW_UP]


async def test_nobody_is_asked_for_another_appointment_who_has_one(
    stage: Stage, fact: CourseBooked
) -> None:
    await conclude(stage, fact)
    await stage.tell(booked(session(THURSDAY + 90 * DAY)))
    await stage.sent_after_grace()
    assert await subjects(stage, 6 * WEEK) == []
    assert await stage.states("follow_up") == [("skipped", "superseded")]


async def test_nobody_is_asked_for_another_appointment_who_just_had_one(
    stage: Stage, fact: CourseBooked
) -> None:
    await conclude(stage, fact)
    await stage.sent_after_grace()
    checked = session(fact.sessions[-1].starts_at + 6 * WEEK - 2 * DAY)
    await stage.tell(booked(checked))
    await stage.sent_after_grace()
    stage.clock.moment = checked.ends_at + HOUR
    await stage.sent_now()
    assert await subjects(stage, 3 * DAY) == []


async def test_a_course_that_goes_on_is_followed_up_once_after_its_last_end(
    stage: Stage, fact: CourseBooked
) -> None:
    await conclude(stage, fact)
    await stage.sent_after_grace()
    more = [
        session(fact.sessions[-1].starts_at + n * WEEK, course_id=fact.course_id) for n in (1, 2)
    ]
    await stage.tell(changed(fact, more))
    await stage.sent_after_grace()
    stage.clock.moment = more[-1].ends_at
    await stage.sent_now()
    await stage.tell(SessionConcluded(session=now_as(more[-1], status="attended")), ended(fact))
    assert await subjects(stage, 3 * MINUTE) == [NO_MORE]
    assert [await subjects(stage, WEEK) for _ in range(6)] == [[], [], [], [], [], [FOLLOW_UP]]


async def test_an_end_that_is_told_twice_is_one_mail(stage: Stage, fact: CourseBooked) -> None:
    await conclude(stage, fact)
    await stage.pass_time(MINUTE)
    await stage.tell(ended(fact))
    assert await subjects(stage, 10 * MINUTE) == [NO_MORE]


async def test_the_cancel_that_ends_a_course_is_the_only_mail(
    stage: Stage, fact: CourseBooked
) -> None:
    await stage.tell(cancel(fact.sessions[-1]), ended(fact))
    (subject,) = await subjects(stage, 3 * MINUTE)
    assert subject.startswith("Cancelled")
    assert await stage.states("ended") == [("skipped", "superseded")]


async def test_a_cancel_that_was_told_at_once_is_followed_by_no_other_mail(
    stage: Stage, fact: CourseBooked
) -> None:
    stage.clock.moment = fact.sessions[-1].starts_at - 50 * MINUTE
    await stage.sent_now()
    await stage.tell(cancel(fact.sessions[-1]), ended(fact))
    (subject,) = await subjects(stage, timedelta())
    assert subject.startswith("Cancelled")
    assert await subjects(stage, 10 * MINUTE) == []


async def test_an_older_cancel_does_not_hide_the_end(stage: Stage, fact: CourseBooked) -> None:
    first, last = fact.sessions
    more = session(last.starts_at + WEEK, course_id=fact.course_id)
    await stage.tell(changed(fact, [more]))
    await stage.sent_after_grace()
    await stage.tell(cancel(more))
    await stage.sent_after_grace()
    await conclude(stage, fact)
    assert await subjects(stage, 3 * MINUTE) == [NO_MORE]
    assert first.course_id == last.course_id
