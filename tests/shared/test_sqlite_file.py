"""What the services leave on the disk beside an SQLite database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.store.database import Database
from shared.store.engine import JOURNAL_BYTES


async def test_a_large_change_leaves_little_beside_the_database(tmp_path: Path) -> None:
    database = Database.at(f"sqlite:///{tmp_path / 'practice.db'}")
    note = "x" * 1000

    async def write(conn: AsyncConnection) -> None:
        await conn.execute(sa.text("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT)"))
        rows = [{"note": note} for _ in range(3 * JOURNAL_BYTES // len(note))]
        await conn.execute(sa.text("INSERT INTO notes (note) VALUES (:note)"), rows)

    async def rewrite(conn: AsyncConnection) -> None:
        await conn.execute(sa.text("UPDATE notes SET note = upper(note)"))

    await database.write(write)
    await database.write(rewrite)
    assert _beside(tmp_path) <= JOURNAL_BYTES
    await database.close()


def _beside(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.iterdir() if each.name != "practice.db")


async def test_readers_see_nothing_of_what_was_never_committed(tmp_path: Path) -> None:
    """What stays of the journal of the change before is never played back."""
    one = Database.at(f"sqlite:///{tmp_path / 'practice.db'}")
    two = Database.at(f"sqlite:///{tmp_path / 'practice.db'}")

    async def create(conn: AsyncConnection) -> None:
        await conn.execute(sa.text("CREATE TABLE notes (note TEXT)"))

    async def add(conn: AsyncConnection) -> None:
        await conn.execute(sa.text("INSERT INTO notes VALUES ('a')"))

    async def count(conn: AsyncConnection) -> int:
        found: int = (await conn.execute(sa.text("SELECT count(*) FROM notes"))).scalar_one()
        return found

    await one.write(create)
    await one.write(add)
    async with one.engine.connect() as conn:
        await add(conn)
        assert await two.read(count) == 1
        await conn.rollback()
    await two.write(add)
    assert [await one.read(count), await two.read(count)] == [2, 2]
    await one.close()
    await two.close()
