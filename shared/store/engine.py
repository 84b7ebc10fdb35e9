"""An engine for a database URL, set up so that what was committed survives a power loss."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.store.one_trip import BEGIN_IMMEDIATE, one_trip_driver

WAL_SAFE_SINCE: Final = (3, 51, 3)
BUSY_SECONDS: Final = 10
JOURNAL_BYTES: Final = 4_194_304  # what a journal may keep of the disk after a large change
IMMEDIATE: Final = "immediate"

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}


def database_url(text: str) -> URL:
    """Return the URL with the async driver of its database, or raise ValueError."""
    try:
        url = make_url(text)
    except sa.exc.ArgumentError as error:
        raise ValueError("is not a database address") from error
    if url.drivername not in _DRIVERS:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if url.drivername.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise ValueError("needs a file: sqlite:///path/to/file.db")
    return url.set(drivername=_DRIVERS[url.drivername])


def open_engine(url: URL) -> AsyncEngine:
    """Return an engine that hides values from error texts, since those may be logged."""
    if url.get_backend_name() == "postgresql":
        return create_async_engine(
            url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
        )
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, hide_parameters=True, module=one_trip_driver())
    sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def journal_mode() -> str:
    """Below 3.51.3 several connections on one WAL file can corrupt it (sqlite.org/wal.html).

    The rollback journal stays between commits, emptied by its header: to truncate it takes longer
    than all else of a commit, and is no safer (docs/decisions/0002).
    """
    return "WAL" if sqlite3.sqlite_version_info >= WAL_SAFE_SINCE else "PERSIST"


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours to write: see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute(f"PRAGMA journal_mode = {journal_mode()}")
    cursor.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_spill = OFF")  # a writer waits for readers at its commit only
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock first: a read that turns into a write would fail as busy."""
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    connection.exec_driver_sql(BEGIN_IMMEDIATE if immediate else "BEGIN")
