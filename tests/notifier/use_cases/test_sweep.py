"""The sweep: once each, through every fault of channel, process and timing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.links import Links
from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Retry
from services.notifier.store import claims
from services.notifier.use_cases.sweeping import measure_once, sweep_once
from shared.clock import HeldClock
from shared.events.data import EventData, Session
from shared.store.database import Database
from tests.conftest import NOW
from tests.notifier.diary import DAY, HOUR, THURSDAY, booked, cancel, client, move, session
from tests.notifier.stage import LINKS, Killed, PretendChannel, Stage

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
async def kim(stage: Stage) -> None:
    await stage.tell(client())


async def one_reminder_due(stage: Stage) -> None:
    """Bring the clock to where exactly one reminder is due and nothing was tried."""
    await stage.tell(booked(session()))
    await stage.sent_after_grace()
    stage.channel.sent.clear()
    stage.clock.moment = THURSDAY - DAY


async def first_answer(stage: Stage, answer: Outcome | BaseException) -> None:
    await one_reminder_due(stage)
    stage.channel.answers = [answer]


async def test_two_replicas_that_sweep_at_once_send_once(stage: Stage) -> None:
    await stage.tell(*(booked(session(THURSDAY + n * HOUR)) for n in range(20)))
    stage.clock.advance(timedelta(minutes=3))
    replicas = [stage, stage.replica(), stage.replica()]
    await asyncio.gather(*(each.sweep_all() for each in replicas))
    assert len(stage.channel.sent) == 20
    assert len({mail.delivery_id for mail in stage.channel.sent}) == 20


async def test_a_cancel_between_the_claim_and_the_attempt_is_heard(stage: Stage) -> None:
    standing = session()
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    stage.clock.moment = now = THURSDAY - DAY
    (claim,) = await stage.database.write(lambda conn: claims.claim_due(conn, now, 10))
    await stage.tell(cancel(standing))
    stage.clock.advance(claims.LEASE)
    assert await stage.sent_now() == []
    assert ("skipped", "cancelled") in await stage.states("reminder")
    assert claim.due_at == now


async def test_what_was_claimed_and_never_tried_is_claimed_again_and_sent(stage: Stage) -> None:
    await one_reminder_due(stage)
    now = stage.clock.now()
    await stage.database.write(lambda conn: claims.claim_due(conn, now, 10))
    assert await stage.sent_now() == []
    assert len(await stage.pass_time(claims.LEASE)) == 1
    assert [each.answer_lost for each in await stage.plan("reminder")] == [False, False]


async def test_a_crash_after_the_sending_is_marked_and_repeated_once(stage: Stage) -> None:
    await first_answer(stage, Killed())
    with pytest.raises(Killed):
        await sweep_once(stage.sweep)
    assert await stage.sent_now() == []
    (repeat,) = await stage.pass_time(claims.LEASE)
    assert repeat.delivery_id == stage.channel.sent[0].delivery_id
    first = (await stage.plan("reminder"))[0]
    assert (first.state, first.attempts, first.answer_lost) == ("sent", 2, True)


@pytest.mark.parametrize("change", [cancel, lambda of: move(of, DAY)], ids=["cancelled", "moved"])
async def test_what_changed_while_an_attempt_was_open_is_seen_before_the_repeat(
    stage: Stage, change: Callable[[Session], EventData]
) -> None:
    standing = session()
    await stage.tell(booked(standing))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - DAY
    stage.channel.answers = [Killed()]
    with pytest.raises(Killed):
        await sweep_once(stage.sweep)
    await stage.tell(change(standing))
    assert await stage.pass_time(claims.LEASE) == []
    first = (await stage.plan("reminder"))[0]
    assert (first.state, first.answer_lost) == ("skipped", True)
    assert first.reason == ("cancelled" if change is cancel else "moved")


async def test_a_second_crash_ends_it_as_failed_since_there_may_be_two(stage: Stage) -> None:
    await one_reminder_due(stage)
    stage.channel.answers = [Killed(), Killed()]
    for _ in range(2):
        with pytest.raises(Killed):
            await sweep_once(stage.sweep)
        stage.clock.advance(claims.LEASE)
    await stage.sweep_all()
    assert len(stage.channel.sent) == 2
    assert (await stage.states("reminder"))[0] == ("failed", "answer_lost_twice")


async def test_a_channel_that_replaces_repeats_is_asked_until_it_answers(
    database: Database, clock: HeldClock
) -> None:
    stage = Stage(database, clock, PretendChannel(repeatable=True))
    await one_reminder_due(stage)
    stage.channel.answers = [AnswerLost("folder") for _ in range(4)]
    for _ in range(6):
        await stage.pass_time(60 * SECOND)
    assert len(stage.channel.sent) == 5
    assert (await stage.states("reminder"))[0] == ("sent", None)


async def test_a_lost_answer_is_repeated_once_and_then_given_up(stage: Stage) -> None:
    await one_reminder_due(stage)
    stage.channel.answers = [AnswerLost("no_answer"), AnswerLost("no_answer")]
    await stage.sent_now()
    assert (await stage.states("reminder"))[0] == ("unknown", "no_answer")
    for _ in range(5):
        await stage.pass_time(60 * SECOND)
    assert len(stage.channel.sent) == 2
    first = (await stage.plan("reminder"))[0]
    assert (first.state, first.reason, first.answer_lost) == ("failed", "answer_lost_twice", True)


async def test_a_refusal_is_final_shown_and_counted(stage: Stage) -> None:
    await first_answer(stage, Failed("recipient_refused_550"))
    await stage.sent_now()
    assert await stage.pass_time(60 * SECOND) == []
    assert (await stage.states("reminder"))[0] == ("failed", "recipient_refused_550")
    ended = 'kind="reminder",reason="recipient_refused",state="failed"'
    assert f"reminders_ended_total{{{ended}}} 1.0" in stage.metrics()  # without the code
    assert 'delivery_attempts_total{channel="pretend",outcome="Failed"} 1.0' in stage.metrics()


async def test_a_busy_channel_is_tried_again_after_a_growing_pause(stage: Stage) -> None:
    await one_reminder_due(stage)
    stage.channel.answers = [Retry("busy"), Retry("busy")]
    await stage.sent_now()
    assert await stage.pass_time(1.9 * SECOND) == []
    assert len(await stage.pass_time(0.1 * SECOND)) == 1
    assert await stage.pass_time(3.9 * SECOND) == []
    assert len(await stage.pass_time(0.1 * SECOND)) == 1
    first = (await stage.plan("reminder"))[0]
    assert (first.state, first.attempts, first.answer_lost) == ("sent", 3, False)


async def test_a_channel_that_asks_for_time_gets_it(stage: Stage) -> None:
    await first_answer(stage, Retry("too_many", timedelta(minutes=7)))
    await stage.sent_now()
    assert await stage.pass_time(timedelta(minutes=7) - SECOND) == []
    assert len(await stage.pass_time(SECOND)) == 1


async def test_retries_end_when_the_hour_begins(stage: Stage) -> None:
    await one_reminder_due(stage)
    stage.channel.answers = [Retry("unauthorized") for _ in range(500)]
    while stage.clock.now() < THURSDAY:
        await stage.pass_time(timedelta(minutes=5))
    stage.channel.answers = []
    assert await stage.pass_time(timedelta(minutes=15)) == []
    assert ("skipped", "too_late") in await stage.states("reminder")


async def test_a_slow_attempt_that_lost_its_lease_settles_nothing(stage: Stage) -> None:
    await one_reminder_due(stage)
    rescuer = stage.replica(PretendChannel())

    async def stall(_mail: Mail) -> None:
        stage.clock.advance(claims.LEASE)
        await rescuer.sweep_all()

    stage.channel.before = stall
    await stage.sent_now()
    first = (await stage.plan("reminder"))[0]
    assert (first.state, first.attempts, first.answer_lost) == ("sent", 2, True)
    assert "reminder_leases_lost_total 1.0" in stage.metrics()


async def test_no_connection_is_held_while_sending(stage: Stage) -> None:
    await one_reminder_due(stage)
    held: list[int] = []

    async def count(_mail: Mail) -> None:
        held.append(stage.database.engine.pool.checkedout())  # type: ignore[attr-defined] # QueuePool has it

    stage.channel.before = count
    await stage.sent_now()
    assert held == [0]


async def test_one_that_raises_does_not_cut_off_the_others(stage: Stage) -> None:
    await stage.tell(booked(session()), booked(session(THURSDAY + HOUR)))
    stage.clock.advance(timedelta(minutes=3))
    stage.channel.answers = [Killed()]
    with pytest.raises(Killed):
        await sweep_once(stage.sweep)
    assert sorted(await stage.states("confirmation"), key=str) == [
        ("sending", None),
        ("sent", None),
    ]


async def test_an_address_that_cannot_be_written_to_fails_and_says_so(stage: Stage) -> None:
    await stage.tell(client(email="kim@clients.example\r\nBcc: all@x.example", revision=2))
    await stage.tell(booked(session()))
    assert await stage.sent_after_grace() == []
    assert await stage.states("confirmation") == [("failed", "bad_address")]


async def test_what_cannot_be_written_is_given_up_and_leaves_the_others_alone(
    stage: Stage,
) -> None:
    await one_reminder_due(stage)
    good, stage.sweep = (
        stage.sweep,
        replace(stage.sweep, links=Links(public_url="https://no link", secret=LINKS.secret)),
    )
    assert await stage.sent_now() == []
    assert ("failed", "cannot_be_written") in await stage.states("reminder")
    stage.sweep = good
    await stage.tell(booked(session(THURSDAY + HOUR)))
    assert len(await stage.sent_after_grace()) > 0


async def test_the_wait_of_the_oldest_due_mail_is_measured(stage: Stage) -> None:
    await one_reminder_due(stage)
    stage.clock.advance(90 * SECOND)
    await measure_once(stage.sweep)
    assert "reminder_oldest_due_seconds 90.0" in stage.metrics()


async def test_the_due_times_are_found_by_an_index(database: Database) -> None:
    async def explain(conn: AsyncConnection) -> str:
        if database.is_postgres:
            await conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        how = "EXPLAIN" if database.is_postgres else "EXPLAIN QUERY PLAN"
        rows = await conn.exec_driver_sql(
            f"{how} SELECT id FROM reminders WHERE next_at <= '{NOW:%Y-%m-%d %H:%M:%S}'"
            " ORDER BY next_at LIMIT 8"
        )
        return str(rows.all())

    assert "ix_reminders_open_next_at" in await database.read(explain)
