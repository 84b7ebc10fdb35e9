"""The log: in order, none skipped, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.eventlog import log
from shared.eventlog.tables import events
from shared.events.data import KeySaved
from shared.events.envelope import Event, tell
from shared.store.database import Database
from tests.conftest import NOW


def key_event(key_id: UUID | None = None) -> Event:
    saved = KeySaved(key_id=key_id or uuid4(), revision=1, role="staff", sha256="0" * 64)
    return tell(saved, source="scheduler", at=NOW)


async def append(database: Database, told: Sequence[Event]) -> int:
    return await database.write(lambda conn: log.append(conn, told))


async def ids_after(database: Database, position: int) -> list[str]:
    return [raw["id"] for raw in await database.read(lambda c: log.read_after(c, position, 1000))]


async def test_events_are_read_in_the_order_they_were_told(database: Database) -> None:
    told = [key_event() for _ in range(3)]
    await append(database, told[:1])
    assert await append(database, told[1:]) == 3
    read = await database.read(lambda conn: log.read_after(conn, 0, 2))
    assert [raw["position"] for raw in read] == [1, 2]
    assert await ids_after(database, 1) == [str(event.id) for event in told[1:]]


async def test_a_change_that_fails_tells_nothing_and_leaves_no_gap(database: Database) -> None:
    async def fails(conn: AsyncConnection) -> None:
        await log.append(conn, [key_event()])
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fails)
    assert await append(database, [key_event()]) == 1


async def test_an_older_transaction_that_commits_late_is_not_skipped(
    postgres_database: Database,
) -> None:
    """The older one begins first, dawdles, and still takes the later number."""
    database = postgres_database
    begun, go_on = asyncio.Event(), asyncio.Event()
    slow, quick = key_event(), key_event()

    async def older(conn: AsyncConnection) -> None:
        await conn.execute(sa.select(sa.func.txid_current()))
        begun.set()
        await go_on.wait()
        await log.append(conn, [slow])

    dawdling = asyncio.create_task(database.write(older))
    await begun.wait()
    await append(database, [quick])
    seen = await database.read(lambda conn: log.read_after(conn, 0, 10))
    go_on.set()
    await dawdling
    assert [raw["id"] for raw in seen] == [str(quick.id)]
    assert await ids_after(database, seen[-1]["position"]) == [str(slow.id)]


async def test_a_slow_writer_that_comes_first_holds_the_next_ones_back(
    postgres_database: Database,
) -> None:
    """Whoever holds position 1 without having committed: nobody may show position 2."""
    database = postgres_database
    appended, go_on = asyncio.Event(), asyncio.Event()
    first, second = key_event(), key_event()

    async def slow(conn: AsyncConnection) -> None:
        await log.append(conn, [first])
        appended.set()
        await go_on.wait()

    writing = asyncio.create_task(database.write(slow))
    await appended.wait()
    following = asyncio.create_task(append(database, [second]))
    await asyncio.sleep(0.2)
    assert await ids_after(database, 0) == []
    go_on.set()
    await asyncio.gather(writing, following)
    assert await ids_after(database, 0) == [str(first.id), str(second.id)]


async def test_a_reader_beside_many_writers_sees_every_event_once_and_in_order(
    database: Database,
) -> None:
    told = [key_event() for _ in range(60)]
    seen: list[int] = []

    async def read_on() -> None:
        while len(seen) < len(told):
            news = database.commits.next()
            read = await database.read(lambda c: log.read_after(c, max(seen, default=0), 7))
            seen.extend(raw["position"] for raw in read)
            if not read:
                await news.wait()

    reading = asyncio.create_task(read_on())
    await asyncio.gather(*(append(database, [event]) for event in told))
    async with asyncio.timeout(20):
        await reading
    assert seen == list(range(1, len(told) + 1))
    count = await database.read(lambda c: c.scalar(sa.select(sa.func.count()).select_from(events)))
    assert count == len(told)
