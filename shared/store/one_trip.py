"""SQLite through SQLAlchemy and aiosqlite, with at most one trip to its thread a statement.

SQLAlchemy's own makes four: it opens a cursor, runs the statement, fetches the rows and closes
the cursor, each a message to the connection's thread and one back, and the four take longer than
most statements (`python -m benchmarks booking`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)

Rows = Sequence[Any]

BEGIN_IMMEDIATE: Final = "BEGIN IMMEDIATE"
FEW_ROWS: Final = 100
TURNS: Final = 8


class WriteLock:
    """Whether this connection holds the one write lock of its file.

    Whoever holds it waits for nobody until the commit: readers wait for none but a commit, and
    with `cache_spill` off nothing is written before it. So the trip is spared, which takes three
    times as long as a short statement; one in `TURNS` makes it, so that others get their turn.
    """

    def __init__(self) -> None:
        self._held = False
        self._turn = 0

    def taken(self) -> None:
        self._held, self._turn = True, 0

    def let_go(self) -> None:
        self._held = False

    def spares_the_trip(self) -> bool:
        self._turn = (self._turn + 1) % TURNS
        return self._held and self._turn != 0


class Statement:
    """A cursor (PEP 249, with waits) that opens, runs, fetches and closes in a single trip."""

    arraysize = 1
    description: Any = None
    rowcount = -1
    lastrowid: Any = None

    def __init__(self, connection: aiosqlite.Connection, lock: WriteLock) -> None:
        self._connection = connection
        self._lock = lock
        self._rows: Rows = ()

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        await self._run(lambda cursor: cursor.execute(operation, parameters))
        if operation == BEGIN_IMMEDIATE:
            self._lock.taken()

    async def executemany(self, operation: str, parameters: Any) -> None:
        few = len(parameters) <= FEW_ROWS
        await self._run(lambda cursor: cursor.executemany(operation, parameters), short=few)

    async def fetchall(self) -> Rows:
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        """Nothing is open: the rows are here."""

    async def _run(
        self, statement: Callable[[sqlite3.Cursor], object], *, short: bool = True
    ) -> None:
        def trip() -> None:
            cursor = self._connection._conn.cursor()
            try:
                statement(cursor)
                self._rows = cursor.fetchall()
                self.description = cursor.description
                self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        if short and self._lock.spares_the_trip():
            trip()
            return
        # As SQLAlchemy itself does: aiosqlite has no public way to run a function in its thread.
        await self._connection._execute(trip)  # type: ignore[no-untyped-call] # it is untyped


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        assert isinstance(self._adapt_connection, OneTripConnection)
        return Statement(connection, self._adapt_connection.lock)

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("lock",)
    _cursor_cls = OneTripCursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.lock = WriteLock()

    def commit(self) -> None:
        self.lock.let_go()
        super().commit()

    def rollback(self) -> None:
        """The pool asks for one whenever a connection comes back, mostly after its commit."""
        self.lock.let_go()
        if self._connection.in_transaction:
            super().rollback()


class OneTripDriver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine(module=...)` asks for; it connects as SQLAlchemy's own does."""

    def connect(self, *arg: Any, **kw: Any) -> OneTripConnection:
        plain = super().connect(*arg, **kw)
        return OneTripConnection(self, plain._connection)


def one_trip_driver() -> OneTripDriver:
    return OneTripDriver(aiosqlite, sqlite3)
