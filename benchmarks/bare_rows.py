"""The rows of a booked course, committed by a bare driver into a database of the same schema."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

import aiosqlite
import asyncpg

from services.scheduler.app import MIGRATIONS
from shared.store.database import Database
from shared.store.engine import database_url, journal_mode
from shared.store.migrations import upgrade

Rows = Sequence[Sequence[Any]]
PEOPLE: Final = {"clinicians": "SELECT * FROM clinicians", "clients": "SELECT * FROM clients"}
COURSE: Final = {
    "courses": "SELECT * FROM courses WHERE id = {id}",
    "course_clients": "SELECT * FROM course_clients WHERE course_id = {id}",
    "sessions": "SELECT * FROM sessions WHERE course_id = {id}",
    "session_clients": "SELECT * FROM session_clients WHERE session_id IN "
    "(SELECT id FROM sessions WHERE course_id = {id})",
    "events": "SELECT * FROM events WHERE subject = {text}",
}
COUNT: Final = "UPDATE event_counter SET position = position + 1"


class Bare(Protocol):
    """A connection of a bare driver."""

    async def rows(self, query: str, id: str) -> Rows: ...

    async def commit(self, rows: Mapping[str, Rows]) -> None:
        """Insert all and count one event, in one transaction that is on the disk at the end."""


class Sqlite:
    """aiosqlite as the services set SQLite up; ids are kept as 32 hexadecimal digits."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def rows(self, query: str, id: str) -> Rows:
        plain = id.replace("-", "")
        found = await self._connection.execute_fetchall(
            query.format(id=f"'{plain}'", text=f"'{id}'")
        )
        return [tuple(row) for row in found]

    async def commit(self, rows: Mapping[str, Rows]) -> None:
        await self._connection.execute("BEGIN IMMEDIATE")
        for table, each in rows.items():
            places = ", ".join("?" * len(each[0]))
            await self._connection.executemany(f"INSERT INTO {table} VALUES ({places})", each)
        await self._connection.execute(COUNT)
        await self._connection.execute("COMMIT")


class Postgres:
    """asyncpg, which prepares and keeps each statement."""

    def __init__(self, connection: Any) -> None:  # asyncpg ships no types
        self._connection = connection

    async def rows(self, query: str, id: str) -> Rows:
        found = await self._connection.fetch(query.format(id=f"'{id}'", text=f"'{id}'"))
        return [tuple(row) for row in found]

    async def commit(self, rows: Mapping[str, Rows]) -> None:
        async with self._connection.transaction():
            for table, each in rows.items():
                places = ", ".join(f"${place}" for place in range(1, len(each[0]) + 1))
                await self._connection.executemany(f"INSERT INTO {table} VALUES ({places})", each)
            await self._connection.execute(COUNT)


async def copy_people(source: Bare, target: Bare) -> None:
    """Give the target the clinicians and clients that a course's rows point to."""
    await target.commit({table: await source.rows(query, "") for table, query in PEOPLE.items()})


async def timed_commit(source: Bare, target: Bare, course: str) -> float:
    """Return the seconds that the target took to commit the course that the source holds."""
    rows = {table: await source.rows(query, course) for table, query in COURSE.items()}
    begun = time.perf_counter()
    await target.commit(rows)
    return time.perf_counter() - begun


@asynccontextmanager
async def bare(address: str) -> AsyncIterator[Bare]:
    """Open a bare connection to a database as the services would address it."""
    url = database_url(address)
    if url.get_backend_name() == "postgresql":
        connection = await asyncpg.connect(address)
        try:
            yield Postgres(connection)
        finally:
            await connection.close()
        return
    async with aiosqlite.connect(str(url.database), isolation_level=None) as sqlite:
        await sqlite.execute("PRAGMA busy_timeout = 10000")
        await sqlite.execute(f"PRAGMA journal_mode = {journal_mode()}")
        await sqlite.execute("PRAGMA synchronous = FULL")
        await sqlite.execute("PRAGMA foreign_keys = ON")
        yield Sqlite(sqlite)


@asynccontextmanager
async def twin(address: str) -> AsyncIterator[Bare]:
    """Open a new database with the scheduler's tables, triggers and constraints, and no rows."""
    database = Database.at(address)
    try:
        await upgrade(database, MIGRATIONS)
    finally:
        await database.close()
    async with bare(address) as connection:
        yield connection
