"""A relay that takes its time: slow is neither lost nor doubled, and no mail waits for a turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from itertools import islice

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.channels.smtp import Smtp
from services.notifier.channels.smtp_line import Relay
from services.notifier.domain.states import State
from services.notifier.store.claims import LEASE
from services.notifier.store.tables import reminders
from services.notifier.use_cases.sweeping import Sweep, seconds_until_due, sweep_once
from tests.fakes.smtp_phases import SILENCE, PhasedServer
from tests.notifier.diary import HOUR, THURSDAY, booked, client, session
from tests.notifier.stage import LETTERHEAD, RULES, Stage

OFTEN = 0.01


@asynccontextmanager
async def over_smtp(stage: Stage, server: PhasedServer) -> AsyncIterator[Sweep]:
    relay = Relay(host="127.0.0.1", port=server.port, tls_first=False)
    async with Smtp(relay, sender=LETTERHEAD.address, clock=stage.clock) as channel:
        yield replace(stage.sweep, channel=channel, renew_seconds=OFTEN)


@pytest.fixture
async def silent() -> AsyncIterator[PhasedServer]:
    """A relay that takes each mail and says nothing, until it is let go."""
    async with PhasedServer(at={"body": SILENCE}) as server:
        yield server


async def due(stage: Stage, count: int) -> None:
    await stage.tell(client(), *(booked(session(THURSDAY + n * HOUR)) for n in range(count)))
    stage.clock.advance(RULES.grace)


async def leases(stage: Stage) -> list[datetime]:
    """Return until when what is being sent is held."""

    async def read(conn: AsyncConnection) -> list[datetime]:
        held = sa.select(reminders.c.next_at).where(reminders.c.state == State.SENDING)
        return list((await conn.execute(held)).scalars())

    return await stage.database.read(read)


async def renewed(stage: Stage) -> None:
    async with asyncio.timeout(5):
        while True:
            news = stage.database.commits.next()
            if set(await leases(stage)) == {stage.clock.now() + LEASE}:
                return
            await news.wait()


def names(server: PhasedServer) -> set[str]:
    return {message_from_bytes(body)["Message-ID"] for body in server.bodies}


async def test_a_mail_that_is_answered_after_minutes_is_sent_once(
    stage: Stage, silent: PhasedServer
) -> None:
    await due(stage, 1)
    async with over_smtp(stage, silent) as sweep:
        sending = asyncio.create_task(sweep_once(sweep))
        await silent.until(lambda: len(silent.bodies) == 1)
        for _ in range(20):
            stage.clock.advance(0.9 * LEASE)
            await renewed(stage)
            assert await stage.replica().sent_now() == []
        silent.let_go()
        await sending
    (first,) = await stage.plan("confirmation")
    assert (first.state, first.attempts, first.answer_lost) == ("sent", 1, False)
    assert len(silent.bodies) == 1


async def test_three_sweeps_hold_no_more_than_the_relay_carries(
    stage: Stage, silent: PhasedServer
) -> None:
    await due(stage, 24)
    async with over_smtp(stage, silent) as sweep:
        sweeps = [asyncio.create_task(sweep_once(sweep)) for _ in range(3)]
        carried = sweep.channel.at_once
        await silent.until(lambda: len(silent.bodies) == carried)
        assert [await each for each in islice(asyncio.as_completed(sweeps), 2)] == [0, 0]
        assert len(await leases(stage)) == carried
        assert await seconds_until_due(sweep) > 0
        silent.let_go()
        await asyncio.gather(*sweeps)
        while await sweep_once(sweep):
            pass
    planned = await stage.plan("confirmation")
    assert {(each.state, each.attempts, each.answer_lost) for each in planned} == {
        ("sent", 1, False)
    }
    assert len(silent.bodies) == len(names(silent)) == 24
    assert silent.connections == carried


async def test_a_sweep_that_is_cut_off_leaves_its_hands_free_and_its_mail_to_be_repeated(
    stage: Stage, silent: PhasedServer
) -> None:
    await due(stage, 1)
    async with over_smtp(stage, silent) as sweep:
        sending = asyncio.create_task(sweep_once(sweep))
        await silent.until(lambda: len(silent.bodies) == 1)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert sweep.hands.full == 0
        silent.let_go()
        assert await sweep_once(sweep) == 0
        stage.clock.advance(LEASE)
        assert await sweep_once(sweep) == 1
    (first,) = await stage.plan("confirmation")
    assert (first.state, first.attempts, first.answer_lost) == ("sent", 2, True)
    assert len(silent.bodies) == 2
    assert len(names(silent)) == 1
