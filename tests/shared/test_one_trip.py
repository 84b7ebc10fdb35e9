"""SQLite answers as SQLAlchemy expects it to, with few trips to its thread."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.store.database import Database

metadata = sa.MetaData()
hours = sa.Table(
    "hours",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("weekday", sa.String(9), nullable=False, unique=True),
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database.at(f"sqlite:///{tmp_path / 'hours.db'}")
    async with database.engine.begin() as conn:
        await conn.run_sync(metadata.create_all)
    yield database
    await database.close()


async def test_rows_counts_and_keys_come_back(database: Database) -> None:
    async with database.engine.begin() as conn:
        one = await conn.execute(sa.insert(hours), {"weekday": "monday"})
        assert one.inserted_primary_key == (1,)
        many = await conn.execute(sa.insert(hours), [{"weekday": "tuesday"}, {"weekday": "friday"}])
        assert many.rowcount == 2
        changed = await conn.execute(sa.update(hours).values(weekday=hours.c.weekday + "s"))
        assert changed.rowcount == 3
        rows = await conn.execute(sa.select(hours.c.weekday).order_by(hours.c.id))
        assert rows.scalars().all() == ["mondays", "tuesdays", "fridays"]
        assert (await conn.execute(sa.select(hours).where(hours.c.id == 9))).first() is None


async def test_what_the_database_refuses_is_raised_and_the_connection_goes_on(
    database: Database,
) -> None:
    async with database.engine.connect() as conn:
        await conn.execute(sa.insert(hours), {"weekday": "monday"})
        with pytest.raises(IntegrityError):
            await conn.execute(sa.insert(hours), {"weekday": "monday"})
        await conn.execute(sa.insert(hours), {"weekday": "friday"})
        await conn.commit()
        count = await conn.execute(sa.select(sa.func.count()).select_from(hours))
        assert count.scalar_one() == 2


async def test_what_was_not_committed_is_gone_when_the_connection_is_used_again(
    database: Database,
) -> None:
    async with database.engine.connect() as conn:
        await conn.execute(sa.insert(hours), {"weekday": "monday"})
    async with database.engine.connect() as conn:
        assert (await conn.execute(sa.select(hours))).all() == []


@pytest.fixture
def trips(caplog: pytest.LogCaptureFixture) -> Callable[[], int]:
    """Count the messages to the threads of connections since it was last asked."""
    caplog.set_level(logging.DEBUG, logger="aiosqlite")

    def count() -> int:
        made = sum(record.getMessage().startswith("executing") for record in caplog.records)
        caplog.clear()
        return made

    return count


async def asked(conn: AsyncConnection, *, times: int) -> None:
    for _ in range(times):
        await conn.execute(sa.select(hours))


async def test_who_only_reads_makes_a_trip_for_each_statement(
    database: Database, trips: Callable[[], int]
) -> None:
    trips()
    await database.read(lambda conn: asked(conn, times=9))
    assert trips() == 1 + 9 + 1  # BEGIN, the nine, COMMIT


async def test_who_holds_the_write_lock_makes_one_trip_in_eight(
    database: Database, trips: Callable[[], int]
) -> None:
    trips()
    await database.write(lambda conn: asked(conn, times=20))
    assert trips() == 1 + 2 + 1  # BEGIN, the eighth and the sixteenth, COMMIT


async def test_many_rows_make_the_trip_though_the_lock_is_held(
    database: Database, trips: Callable[[], int]
) -> None:
    async def store(conn: AsyncConnection) -> None:
        await conn.execute(sa.insert(hours), [{"weekday": str(day)} for day in range(101)])

    trips()
    await database.write(store)
    assert trips() == 1 + 1 + 1


async def test_the_lock_is_let_go_with_a_failed_transaction(
    database: Database, trips: Callable[[], int]
) -> None:
    async def fail(conn: AsyncConnection) -> None:
        await conn.execute(sa.insert(hours), {"weekday": "monday"})
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fail)
    trips()
    assert await database.read(lambda conn: conn.scalar(sa.select(sa.func.count(hours.c.id)))) == 0
    assert trips() == 1 + 1 + 1


async def test_a_reader_who_is_slow_keeps_no_writer_from_many_changes(database: Database) -> None:
    """More is written than SQLite keeps in memory of its own accord, while someone reads on."""
    async with database.engine.connect() as reader:
        await reader.execute(sa.select(hours))

        async def much(conn: AsyncConnection) -> None:
            for day in range(600):
                await conn.execute(sa.insert(hours), {"weekday": f"{day} " + 9000 * "x"})
            await reader.rollback()  # the commit alone waits for it

        await database.write(much)
    count = await database.read(lambda conn: conn.scalar(sa.select(sa.func.count(hours.c.id))))
    assert count == 600
