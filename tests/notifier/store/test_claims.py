"""Claims: a lease each, a fence each, and never two holders."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from services.notifier.domain.settling import Settlement
from services.notifier.domain.states import State
from services.notifier.store import claims
from shared.store.database import Database
from tests.notifier.diary import HOUR, THURSDAY, booked, client, session
from tests.notifier.stage import RULES, Stage

SENT = Settlement(state=State.SENT, message_id="id")


async def due(stage: Stage, count: int) -> None:
    await stage.tell(client(), *(booked(session(THURSDAY + n * HOUR)) for n in range(count)))
    stage.clock.advance(RULES.grace)


async def claim(stage: Stage, limit: int = 100) -> list[claims.Claim]:
    now = stage.clock.now()
    return await stage.database.write(lambda conn: claims.claim_due(conn, now, limit))


async def settle(stage: Stage, held: claims.Claim) -> bool:
    now = stage.clock.now()
    return await stage.database.write(lambda conn: claims.settle(conn, held, SENT, now=now))


async def test_of_many_who_claim_at_once_each_row_has_one_holder(stage: Stage) -> None:
    await due(stage, 30)
    claimed = await asyncio.gather(*(claim(stage, 10) for _ in range(6)))
    ids = [each.id for batch in claimed for each in batch]
    assert len(ids) == len(set(ids))
    left = await claim(stage)  # a skipped lock is no claim: whoever comes next gets the rest
    assert len(ids) + len(left) == 30


async def test_a_lease_holds_for_ten_seconds_and_then_another_may_claim(stage: Stage) -> None:
    await due(stage, 1)
    (first,) = await claim(stage)
    stage.clock.advance(claims.LEASE - timedelta(milliseconds=1))
    assert await claim(stage) == []
    stage.clock.advance(timedelta(milliseconds=1))
    (second,) = await claim(stage)
    assert (first.fence, second.fence) == (1, 2)
    assert not await settle(stage, first)
    assert await settle(stage, second)


async def extend(stage: Stage, held: claims.Claim) -> None:
    now = stage.clock.now()
    await stage.database.write(lambda conn: claims.extend(conn, [held], now))


async def attempt(stage: Stage) -> claims.Claim:
    (held,) = await claim(stage)
    now = stage.clock.now()
    await stage.database.write(
        lambda conn: claims.record_attempt(conn, held, answer_lost=False, now=now)
    )
    return held


async def test_an_attempt_that_takes_longer_keeps_its_lease(stage: Stage) -> None:
    await due(stage, 1)
    held = await attempt(stage)
    for _ in range(5):
        stage.clock.advance(0.9 * claims.LEASE)
        assert await claim(stage) == []
        await extend(stage, held)
    stage.clock.advance(claims.LEASE)
    (second,) = await claim(stage)
    assert second.fence == held.fence + 1


async def test_a_lease_that_another_has_is_not_renewed_by_who_lost_it(stage: Stage) -> None:
    await due(stage, 1)
    first = await attempt(stage)
    stage.clock.advance(claims.LEASE)
    await attempt(stage)
    stage.clock.advance(0.9 * claims.LEASE)
    await extend(stage, first)
    stage.clock.advance(0.1 * claims.LEASE)
    assert len(await claim(stage)) == 1


async def test_what_is_to_be_tried_again_is_held_by_no_lease(stage: Stage) -> None:
    await due(stage, 1)
    held = await attempt(stage)
    again = Settlement(state=State.PLANNED, reason="busy", again_in=timedelta(seconds=2))
    now = stage.clock.now()
    await stage.database.write(lambda conn: claims.settle(conn, held, again, now=now))
    await extend(stage, held)
    stage.clock.advance(timedelta(seconds=2))
    assert len(await claim(stage)) == 1


async def test_what_has_ended_is_never_claimed_or_settled_again(stage: Stage) -> None:
    await due(stage, 1)
    (held,) = await claim(stage)
    assert await settle(stage, held)
    assert not await settle(stage, held)
    stage.clock.advance(claims.LEASE)
    assert await claim(stage) == []


async def test_the_longest_due_come_first(stage: Stage) -> None:
    await due(stage, 1)
    stage.clock.advance(timedelta(seconds=1))
    await stage.tell(booked(session(THURSDAY + 9 * HOUR)))
    stage.clock.advance(RULES.grace)
    (oldest,) = await claim(stage, 1)
    assert oldest.due_at == min(each.due_at for each in await stage.plan("confirmation"))


async def test_the_next_look_is_the_earliest_of_all_that_is_open(
    stage: Stage, database: Database
) -> None:
    assert await database.read(claims.next_look) is None
    await due(stage, 1)
    assert await database.read(claims.next_look) == stage.clock.now()
    await stage.sweep_all()
    assert await database.read(claims.next_look) == THURSDAY - 24 * HOUR
