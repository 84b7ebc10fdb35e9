"""What a figure depends on, and nothing that tells whose machine it was."""

from __future__ import annotations

import platform
import sqlite3

import asyncpg
import psutil

from benchmarks.servers import lasting_postgres
from shared.store.engine import journal_mode


async def machine() -> str:
    """Return one line that names the machine by what matters."""
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"{psutil.cpu_count()} cores, {memory:.0f} GB memory, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version} (journal {journal_mode()}, synchronous FULL), "
        f"{await _postgres()}"
    )


async def _postgres() -> str:
    async with lasting_postgres() as server:
        if server is None:
            return "no PostgreSQL"
        connection = await asyncpg.connect(await server.new_database())
        try:
            version = connection.get_server_version()
            return f"PostgreSQL {version.major}.{version.minor}"
        finally:
            await connection.close()
