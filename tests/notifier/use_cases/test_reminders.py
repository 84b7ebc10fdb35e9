"""Reminders: planned as rows, sent when due, never for a time that no longer holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.events.data import SessionConcluded, SessionMoved
from tests.cast import ANA_ID, KIM_ID
from tests.conftest import NOW
from tests.notifier.diary import (
    DAY,
    HOUR,
    MINUTE,
    THURSDAY,
    WEEK,
    booked,
    cancel,
    client,
    course,
    move,
    session,
)
from tests.notifier.stage import Stage


@pytest.fixture(autouse=True)
async def kim(stage: Stage) -> None:
    await stage.tell(client())


async def test_each_session_of_a_course_gets_a_reminder_a_day_and_an_hour_before(
    stage: Stage,
) -> None:
    await stage.tell(course(weeks=2))
    due = [each.due_at for each in await stage.plan("reminder")]
    assert due == [
        THURSDAY - DAY,
        THURSDAY - HOUR,
        THURSDAY + WEEK - DAY,
        THURSDAY + WEEK - HOUR,
    ]


async def test_who_books_inside_an_offset_gets_the_confirmation_and_no_reminder_for_it(
    stage: Stage,
) -> None:
    await stage.tell(booked(session(NOW + 5 * HOUR)))
    assert [each.due_at for each in await stage.plan("reminder")] == [NOW + 4 * HOUR]


async def test_a_reminder_is_sent_when_it_falls_due_and_not_before(stage: Stage) -> None:
    await stage.tell(booked(session()))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - DAY - timedelta(milliseconds=1)
    assert await stage.sent_now() == []
    (mail,) = await stage.pass_time(timedelta(milliseconds=1))
    assert mail.subject == "Your appointment on Thursday, December 3, 3:00 PM EST"
    assert await stage.sent_now() == []


async def test_a_moved_sessions_old_reminder_is_never_sent(stage: Stage) -> None:
    standing = session()
    await stage.tell(booked(standing), move(standing, 2 * DAY))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - HOUR
    assert await stage.sent_now() == []
    assert (await stage.states("reminder"))[:2] == [("skipped", "moved"), ("skipped", "moved")]
    stage.clock.moment = THURSDAY + DAY
    (mail,) = await stage.sent_now()
    assert "Saturday, December 5, 2026, 3:00 PM EST" in mail.text


async def test_a_session_moved_away_and_back_is_reminded_of_once(stage: Stage) -> None:
    standing = session()
    away = move(standing, DAY)
    back = move(away.session, -DAY)
    await stage.tell(booked(standing), away, back)
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - DAY
    assert len(await stage.sent_now()) == 1


async def test_a_cancelled_session_is_not_reminded_of(stage: Stage) -> None:
    standing = session()
    await stage.tell(booked(standing), cancel(standing))
    stage.clock.moment = THURSDAY - HOUR
    assert await stage.sent_now() == []
    assert await stage.states("reminder") == [("skipped", "cancelled")] * 2


async def test_a_session_that_is_over_is_not_reminded_of(stage: Stage) -> None:
    standing = session(NOW + 2 * DAY)
    over = standing.model_copy(update={"revision": 2, "status": "attended"})
    await stage.tell(booked(standing), SessionConcluded(session=over))
    assert await stage.states("reminder") == [("skipped", "concluded")] * 2


async def test_after_an_outage_only_the_latest_of_several_due_reminders_goes(
    stage: Stage,
) -> None:
    await stage.tell(booked(session()))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - 30 * MINUTE
    assert len(await stage.sent_now()) == 1
    assert await stage.states("reminder") == [("skipped", "superseded"), ("sent", None)]


async def test_a_late_reminder_goes_only_before_the_start(stage: Stage) -> None:
    await stage.tell(booked(session()))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY
    assert await stage.sent_now() == []
    assert await stage.states("reminder") == [("skipped", "too_late")] * 2


async def test_an_older_revision_changes_nothing(stage: Stage) -> None:
    standing = session()
    moved = move(standing, DAY)
    await stage.tell(booked(standing), moved)
    plan = await stage.plan("reminder")
    await stage.tell(move(standing, 3 * DAY))
    assert await stage.plan("reminder") == plan


async def test_nothing_is_sent_before_the_consumer_has_caught_up(stage: Stage) -> None:
    await stage.tell(booked(session()))
    stage.progress.lost(NOW)
    stage.clock.moment = NOW + 59 * timedelta(seconds=1)
    assert await stage.pass_time(timedelta()) == []
    stage.clock.moment = THURSDAY - DAY
    assert await stage.sent_now() != []  # the scheduler has been away for over a minute


async def test_someone_no_longer_in_a_session_is_not_reminded_of_it(stage: Stage) -> None:
    standing = session(clients=(KIM_ID,))
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    changed = move(standing, timedelta()).session.model_copy(update={"client_ids": (ANA_ID,)})
    await stage.tell(
        client(ANA_ID, name="Ana Silva"),
        SessionMoved(session=changed, previous_starts_at=standing.starts_at),
    )
    stage.clock.moment = THURSDAY - DAY
    assert {mail.to for mail in await stage.sent_now()} == {"ana@clients.example"}
