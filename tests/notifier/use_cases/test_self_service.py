"""What a client does by link is told as any change is; what they take back in time is not."""

from __future__ import annotations

import pytest

from shared.events.data import CourseBooked, CourseChanged, Session
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.notifier.diary import DAY, MINUTE, booked, cancel, client, course, move, session
from tests.notifier.stage import Stage


def next_of(of: Session, **said: object) -> Session:
    return of.model_copy(update={"revision": of.revision + 1, **said})


def changed(fact: CourseBooked, of: Session) -> CourseChanged:
    return CourseChanged(
        course_id=fact.course_id,
        clinician_id=DANA_ID,
        client_ids=fact.client_ids,
        timezone=NEW_YORK,
        sessions=(of,),
    )


@pytest.fixture
async def told(stage: Stage) -> tuple[Session, CourseBooked]:
    """A consultation and a course that Kim has had the mails of."""
    alone, fact = session(), course(weeks=3)
    await stage.tell(client(KIM_ID), booked(alone), fact)
    assert len(await stage.sent_after_grace()) == 2
    return alone, fact


async def test_a_confirmation_and_its_undo_send_nothing_and_keep_every_reminder(
    stage: Stage, told: tuple[Session, CourseBooked]
) -> None:
    alone, fact = told
    planned = await stage.states("reminder")
    for said in ((KIM_ID,), ()):
        alone = next_of(alone, confirmed_by=said)
        of_course = next_of(fact.sessions[1], confirmed_by=said)
        await stage.tell(booked(alone), changed(fact, of_course))
        assert await stage.sent_after_grace() == []
        assert await stage.states("reminder") == planned
        fact = fact.model_copy(update={"sessions": (fact.sessions[0], of_course, fact.sessions[2])})


async def test_a_cancel_or_a_move_that_is_undone_in_time_sends_nothing(
    stage: Stage, told: tuple[Session, CourseBooked]
) -> None:
    alone, fact = told
    one, other = fact.sessions[1:]
    for gone in (alone, one):
        await stage.tell(cancel(gone))
    moved = move(other, DAY)
    await stage.tell(moved)
    assert await stage.pass_time(2 * MINUTE) == []
    await stage.tell(booked(alone.model_copy(update={"revision": 3})))
    await stage.tell(changed(fact, one.model_copy(update={"revision": 3})))
    await stage.tell(move(moved.session, -DAY))
    assert await stage.sent_after_grace() == []


async def test_a_cancel_that_stands_is_told(
    stage: Stage, told: tuple[Session, CourseBooked]
) -> None:
    await stage.tell(cancel(told[0]))
    (mail,) = await stage.sent_after_grace()
    assert "cancelled" in mail.subject.lower()
