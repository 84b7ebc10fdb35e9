"""SQLite through SQLAlchemy and aiosqlite, with one trip to its thread for each statement.

SQLAlchemy's own makes four: it opens a cursor, runs the statement, fetches the rows and closes
the cursor, each a message to the connection's thread and one back, and the four take longer than
most statements (`python -m benchmarks booking`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)

Rows = Sequence[Any]


class Statement:
    """A cursor (PEP 249, with waits) that opens, runs, fetches and closes in a single trip."""

    arraysize = 1
    description: Any = None
    rowcount = -1
    lastrowid: Any = None

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._rows: Rows = ()

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        await self._run(lambda cursor: cursor.execute(operation, parameters))

    async def executemany(self, operation: str, parameters: Any) -> None:
        await self._run(lambda cursor: cursor.executemany(operation, parameters))

    async def fetchall(self) -> Rows:
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        """Nothing is open: the rows are here."""

    async def _run(self, statement: Callable[[sqlite3.Cursor], object]) -> None:
        def trip() -> None:
            cursor = self._connection._conn.cursor()
            try:
                statement(cursor)
                self._rows = cursor.fetchall()
                self.description = cursor.description
                self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        # As SQLAlchemy itself does: aiosqlite has no public way to run a function in its thread.
        await self._connection._execute(trip)  # type: ignore[no-untyped-call] # it is untyped


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        return Statement(connection)

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = OneTripCursor

    def rollback(self) -> None:
        """The pool asks for one whenever a connection comes back, mostly after its commit."""
        if self._connection.in_transaction:
            super().rollback()


class OneTripDriver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine(module=...)` asks for; it connects as SQLAlchemy's own does."""

    def connect(self, *arg: Any, **kw: Any) -> OneTripConnection:
        plain = super().connect(*arg, **kw)
        return OneTripConnection(self, plain._connection)


def one_trip_driver() -> OneTripDriver:
    return OneTripDriver(aiosqlite, sqlite3)
