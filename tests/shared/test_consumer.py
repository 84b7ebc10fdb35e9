"""A consumer of another service's log: once each, in order, through any fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yarl import URL

from shared.clock import HeldClock
from shared.eventlog.consumer import Consumer, SourceAway, Subscription, consume_once
from shared.eventlog.positions import position_of
from shared.eventlog.progress import Progress
from shared.eventlog.tables import consumer_positions
from shared.events.data import KeySaved
from shared.events.envelope import Event
from shared.store.api_keys import api_keys, apply_key
from shared.store.database import Database
from tests.conftest import NOW
from tests.shared.diary import ADMIN, SERVICE_KEY, Client, diary_app, running


@pytest.fixture
async def source(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Client]:
    async with running(diary_app(f"sqlite:///{tmp_path / 'source.db'}", clock)) as client:
        yield client


async def apply(conn: AsyncConnection, event: Event) -> None:
    assert isinstance(event.data, KeySaved)
    await apply_key(conn, event.data)


@pytest.fixture
async def consumer(source: Client, database: Database, clock: HeldClock) -> AsyncIterator[Consumer]:
    async with aiohttp.ClientSession() as http:
        yield Consumer(
            subscription=Subscription(
                source="diary", url=URL(str(source.make_url("/v1/events"))), key=SERVICE_KEY
            ),
            http=http,
            database=database,
            clock=clock,
            progress=Progress(away_since=NOW),
            apply=apply,
        )


async def note(source: Client) -> None:
    await source.post("/v1/notes", json={"role": "staff"}, headers=ADMIN)


async def keys(database: Database) -> int:
    counted = sa.select(sa.func.count()).select_from(api_keys)
    return await database.read(lambda conn: conn.scalar(counted)) or 0


async def test_what_was_told_is_applied_once_and_the_position_moves_with_it(
    source: Client, consumer: Consumer, database: Database
) -> None:
    await note(source)
    await note(source)
    assert await consume_once(consumer, asyncio.Event()) == 2
    assert consumer.progress.caught_up
    assert await keys(database) == 2
    assert await database.read(lambda conn: position_of(conn, "diary")) == 2


async def test_an_effect_that_fails_leaves_the_position_where_it_was(
    source: Client, consumer: Consumer, database: Database
) -> None:
    await note(source)

    async def fails(conn: AsyncConnection, event: Event) -> None:
        await apply(conn, event)
        raise LookupError

    failing = Consumer(
        subscription=consumer.subscription,
        http=consumer.http,
        database=database,
        clock=consumer.clock,
        progress=consumer.progress,
        apply=fails,
    )
    with pytest.raises(LookupError):
        await consume_once(failing, asyncio.Event())
    assert await keys(database) == 0
    assert await consume_once(consumer, asyncio.Event()) == 1
    assert await keys(database) == 1


async def test_two_replicas_apply_each_event_once(
    source: Client, consumer: Consumer, database: Database
) -> None:
    for _ in range(5):
        await note(source)
    stopping = asyncio.Event()
    await asyncio.gather(*(consume_once(consumer, stopping) for _ in range(4)))
    assert await database.read(lambda conn: position_of(conn, "diary")) == 5
    assert await keys(database) == 5


async def test_a_replay_from_the_start_changes_nothing(
    source: Client, consumer: Consumer, database: Database
) -> None:
    await note(source)
    await consume_once(consumer, asyncio.Event())
    await database.write(
        lambda conn: conn.execute(sa.update(consumer_positions).values(position=0))
    )
    assert await consume_once(consumer, asyncio.Event()) == 1
    assert await keys(database) == 1


async def test_a_source_that_is_away_is_waited_for_sixty_seconds(
    source: Client, consumer: Consumer, clock: HeldClock
) -> None:
    await consume_once(consumer, asyncio.Event())
    assert consumer.progress.may_act(clock.now())
    await source.close()
    with pytest.raises(SourceAway):
        await consume_once(consumer, asyncio.Event())
    assert not consumer.progress.may_act(clock.now())
    clock.advance(timedelta(seconds=60))
    assert consumer.progress.may_act(clock.now())


async def test_a_stop_ends_the_wait_for_news(source: Client, consumer: Consumer) -> None:
    await consume_once(consumer, asyncio.Event())
    stopping = asyncio.Event()
    waiting = asyncio.create_task(consume_once(consumer, stopping))
    await asyncio.sleep(0.1)
    stopping.set()
    async with asyncio.timeout(2):
        assert await waiting == 0
