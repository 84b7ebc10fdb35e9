"""A PostgreSQL that keeps what it commits, as in production."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg

from demo.processes import NAMES
from tests.postgres import PostgresServer, Unavailable, start_postgres


@asynccontextmanager
async def lasting_postgres() -> AsyncIterator[PostgresServer | None]:
    """Yield a server that syncs each commit to the disk, or None where it cannot start."""
    try:
        server = start_postgres()
    except Unavailable as why:
        print(f"PostgreSQL cannot start here ({why}): its figures are left out")
        yield None
        return
    try:
        await _sync_commits(await server.new_database())
        yield server
    finally:
        server.stop()


async def databases(server: PostgresServer) -> Mapping[str, str]:
    """Return a new database for each service."""
    return {name: await server.new_database() for name in NAMES}


async def _sync_commits(address: str) -> None:
    """The tests' server is thrown away, so it was told not to sync; a figure needs it to."""
    connection = await asyncpg.connect(address)
    try:
        await connection.execute("ALTER SYSTEM RESET fsync")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
    await _check(address)


async def _check(address: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        for name in ("fsync", "synchronous_commit"):
            if await connection.fetchval(f"SHOW {name}") != "on":
                raise RuntimeError(f"{name} is off: what it commits need not last")
    finally:
        await connection.close()
