"""SQLite answers as SQLAlchemy expects it to, in one trip for each statement."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
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


async def test_a_transaction_makes_a_trip_for_each_statement_and_two_around_them(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def two(conn: AsyncConnection) -> None:
        await conn.execute(sa.insert(hours), {"weekday": "monday"})
        await conn.execute(sa.select(hours))

    with caplog.at_level(logging.DEBUG, logger="aiosqlite"):
        await database.write(two)
    trips = [record for record in caplog.records if record.message.startswith("executing")]
    assert len(trips) == 1 + 2 + 1  # BEGIN, the two, COMMIT
