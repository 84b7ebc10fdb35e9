"""A channel that takes nothing from us is left alone by every replica, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog

from services.notifier.domain.outcomes import Rest, Sent
from services.notifier.use_cases.batching import ONE_BY_ONE
from services.notifier.use_cases.resting import rest_now
from services.notifier.use_cases.sweeping import measure_once
from shared.events.data import SendingRefused
from tests.notifier.diary import HOUR, MINUTE, THURSDAY, booked, client, session
from tests.notifier.stage import Stage

SECOND = timedelta(seconds=1)
LIMITED = Rest("sendgrid_429", 10 * MINUTE)
DUE = 20
TOGETHER = ONE_BY_ONE  # on their way at the same time
NOT_LET_IN = Rest("sendgrid_401", ours_to_mend=True)


@pytest.fixture(autouse=True)
async def kim(stage: Stage) -> None:
    """Twenty mails to Kim are due in three minutes."""
    await stage.tell(client(), *(booked(session(THURSDAY + n * HOUR)) for n in range(DUE)))


async def test_a_limit_is_obeyed_by_every_replica_and_every_mail_goes_out_afterwards(
    stage: Stage,
) -> None:
    stage.channel.answers = [LIMITED] * TOGETHER
    assert len(await stage.sent_after_grace()) == TOGETHER
    other = stage.replica()
    for passed in (MINUTE, 8 * MINUTE):
        assert await other.pass_time(passed) == []
        assert await stage.sent_now() == []
    assert len(await other.pass_time(MINUTE)) == DUE
    assert set(await stage.states("confirmation")) == {("sent", None)}
    assert await stage.events(SendingRefused) == []  # nobody has to mend a limit
    assert len({mail.delivery_id for mail in stage.channel.sent[TOGETHER:]}) == DUE


async def test_who_is_not_let_in_asks_ever_more_seldom_until_it_is_mended(stage: Stage) -> None:
    with structlog.testing.capture_logs() as said:
        stage.channel.answers = [NOT_LET_IN for _ in range(TOGETHER * 6)]
        await stage.sent_after_grace()
        asked_after: list[timedelta] = []
        waited = timedelta()
        while len(asked_after) < 5:
            waited += 10 * SECOND
            if await stage.pass_time(10 * SECOND):
                asked_after.append(waited)
                waited = timedelta()
    assert asked_after == [n * 10 * SECOND for n in (1, 1, 2, 4, 8)]
    errors = [line for line in said if line["event"] == "channel.rests"]
    assert [line["log_level"] for line in errors] == ["error"] * 6
    assert errors[0]["reason"] == "sendgrid_401"
    told = {"channel": "pretend", "fault": "sendgrid_401"}
    assert await stage.events(SendingRefused) == [told] * 6  # once a rest, however many mails
    await stage.pass_time(15 * MINUTE)
    assert set(await stage.states("confirmation")) == {("sent", None)}


async def test_a_limit_that_is_said_to_be_over_still_makes_a_rest(stage: Stage) -> None:
    stage.channel.answers = [Rest("sendgrid_429", timedelta())] * 1000
    await stage.sent_after_grace()
    for _ in range(4):
        assert await stage.pass_time(2 * SECOND) == []
    assert len(await stage.pass_time(2 * SECOND)) == TOGETHER


async def test_a_later_trouble_is_not_the_old_one(stage: Stage) -> None:
    stage.channel.answers = [NOT_LET_IN] * TOGETHER
    await stage.sent_after_grace()
    await stage.pass_time(MINUTE)
    await stage.tell(booked(session(THURSDAY + 30 * HOUR)))
    stage.channel.answers = [NOT_LET_IN]
    await stage.pass_time(10 * MINUTE)
    rest = await rest_now(stage.database, "pretend", stage.clock.now())
    assert rest is not None
    assert rest.since == stage.clock.now()
    assert rest.until == stage.clock.now() + 10 * SECOND


async def test_the_metrics_say_that_it_rests(stage: Stage) -> None:
    stage.channel.answers = [LIMITED] * TOGETHER
    await stage.sent_after_grace()
    await measure_once(stage.sweep)
    assert 'channel_resting{channel="pretend"} 1.0' in stage.metrics()
    await stage.pass_time(10 * MINUTE)
    await measure_once(stage.sweep)
    assert 'channel_resting{channel="pretend"} 0.0' in stage.metrics()


async def test_what_rests_is_this_channel_and_no_other(stage: Stage) -> None:
    stage.channel.answers = [LIMITED] * TOGETHER
    await stage.sent_after_grace()
    stage.channel.name = "another"
    stage.channel.answers = [Sent("it works")]
    assert len(await stage.pass_time(5 * SECOND)) == DUE
