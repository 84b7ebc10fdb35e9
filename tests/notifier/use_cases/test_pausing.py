"""While staff have paused all sending nothing begins, wherever a mail stands."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.use_cases import attempting, steering
from services.notifier.use_cases.attempting import Begun
from services.notifier.use_cases.batching import Batch, begin_batch
from services.notifier.use_cases.composing import Desk
from services.notifier.use_cases.sweeping import PAUSED_LOOK, seconds_until_due
from tests.notifier.diary import DAY, HOUR, MINUTE, THURSDAY, booked, client, session
from tests.notifier.stage import LETTERHEAD, LINKS, RULES, Stage


def desk(stage: Stage) -> Desk:
    return Desk(links=LINKS, letterhead=LETTERHEAD, repeatable=False, now=stage.clock.now())


async def paused(stage: Stage) -> None:
    now = stage.clock.now()
    await stage.database.write(
        lambda conn: steering.pause(conn, now, by="a key", reason="the office moves")
    )


async def batch_of(stage: Stage) -> Batch:
    return await stage.database.write(lambda conn: begin_batch(conn, desk(stage), 100))


async def with_a_reminder_due(stage: Stage) -> None:
    """The confirmation is sent, and a day before the session the reminder is due."""
    await stage.tell(client(), booked(session()))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - DAY


async def test_a_pause_is_looked_at_again_every_two_seconds(stage: Stage) -> None:
    await with_a_reminder_due(stage)
    assert await seconds_until_due(stage.sweep) == 0
    await paused(stage)
    assert await seconds_until_due(stage.sweep) == PAUSED_LOOK.total_seconds()


async def test_a_pause_that_commits_after_the_look_is_seen_by_the_claim(stage: Stage) -> None:
    await with_a_reminder_due(stage)
    await paused(stage)
    assert len(await batch_of(stage)) == 0
    assert ("planned", None) in await stage.states("reminder")


async def test_a_pause_that_commits_after_the_claim_is_seen_by_the_attempt(stage: Stage) -> None:
    await stage.tell(client(), booked(session()))
    stage.clock.advance(RULES.grace)
    (claim,) = (await batch_of(stage)).left
    await paused(stage)

    async def begin(conn: AsyncConnection) -> Begun:
        return await attempting.begin(conn, claim, desk(stage))

    assert await stage.database.write(begin) is None
    assert await stage.states("confirmation") == [("planned", None)]
    await stage.database.write(steering.resume)
    assert len(await stage.sent_now()) == 1


async def test_what_is_no_longer_useful_after_a_pause_is_not_sent(stage: Stage) -> None:
    await with_a_reminder_due(stage)
    await paused(stage)
    assert await stage.sent_now() == []
    stage.clock.moment = THURSDAY + HOUR
    await stage.database.write(steering.resume)
    assert await stage.sent_now() == []
    assert {reason for _, reason in await stage.states("reminder")} <= {"too_late", "superseded"}


async def test_a_batch_claims_no_more_than_the_channel_carries_at_once(stage: Stage) -> None:
    await stage.tell(client())
    await stage.tell(*(booked(session(THURSDAY + n * MINUTE)) for n in range(5)))
    await stage.sent_after_grace()
    stage.clock.moment = THURSDAY - DAY + HOUR
    stage.channel.at_once, stage.channel.most_at_once = 2, 0
    assert len(await stage.sent_now()) == 5
    assert stage.channel.most_at_once == 2
