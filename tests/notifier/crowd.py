"""A notifier with many mails due at once: its rows made in bulk, its replicas real processes."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from aiohttp import web

from services.notifier.domain.states import Kind, State
from services.notifier.store import MIGRATIONS
from services.notifier.store.tables import participants, people, reminders, sessions
from shared.store.database import Database
from shared.store.migrations import upgrade
from tests.cast import NEW_YORK
from tests.fakes.ports import free_port
from tests.fakes.sendgrid_server import LOCAL_KEY

ROOT: Final = Path(__file__).parents[2]
AHEAD: Final = timedelta(hours=24)
NEARER: Final = timedelta(hours=1)
CHUNK: Final = 20_000
_KEPT: Final = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR")}  # noqa: TID251 # for processes
Row = dict[str, Any]


class Rows(NamedTuple):
    """What there is to one reminder: its reader, its session, that they belong together, and it."""

    person: Row | None
    session: Row | None
    participant: Row | None
    reminder: Row


@dataclass(slots=True)
class Source:
    """A scheduler that has nothing to tell; until `gate` is set it does not even say so.

    No replica acts before it has caught up, so all of them begin when the gate opens.
    """

    port: int = field(default_factory=free_port)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Source]:
        app = web.Application()
        app.add_routes([web.get("/v1/events", self._events)])
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _events(self, request: web.Request) -> web.Response:
        await self.gate.wait()
        await asyncio.sleep(float(request.query.get("wait", "0")))
        return web.json_response({"events": []})


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """So many reminders due at `due_at` or after it, `each_second` of them, amid `held` later ones.

    Every due one is of its own session and for its own reader. Of the later ones two are of one
    session, as with reminders a day and an hour before, and a reader has sixteen sessions.
    """

    due: int
    due_at: datetime
    held: int = 0
    each_second: int | None = None

    def due_rows(self) -> Iterator[Rows]:
        """Return what there is to each due reminder."""
        chance = random.Random(1)
        for number in range(self.due):
            late = number // self.each_second if self.each_second else 0
            due_at = self.due_at + timedelta(seconds=late)
            reader, session = _uuid(chance), _uuid(chance)
            yield Rows(
                _person(reader, number),
                _session(session, due_at + AHEAD),
                {"session_id": session, "person_id": reader},
                _reminder(_uuid(chance), reader, session, due_at),
            )

    def held_rows(self) -> Iterator[Rows]:
        """Return what there is to each later reminder, unless it came with the one before."""
        chance = random.Random(2)
        reader = session = UUID(int=0)
        for number in range(self.held):
            new_reader, new_session = number % 32 == 0, number % 2 == 0
            reader = _uuid(chance) if new_reader else reader
            session = _uuid(chance) if new_session else session
            starts_at = self.due_at + AHEAD + timedelta(days=1, seconds=number // 2)
            offset = AHEAD if new_session else NEARER
            yield Rows(
                _person(reader, self.due + number) if new_reader else None,
                _session(session, starts_at) if new_session else None,
                {"session_id": session, "person_id": reader} if new_session else None,
                _reminder(_uuid(chance), reader, session, starts_at - offset, offset),
            )

    def rows(self) -> Iterator[Rows]:
        """Return all of them, the due ones spread evenly among the later ones."""
        later = self.held_rows()
        for row in self.due_rows():
            yield row
            yield from islice(later, self.held // self.due)
        yield from later

    async def enter(self, url: str) -> None:
        """Make the tables at `url` and fill them."""
        database = Database.at(url)
        await upgrade(database, MIGRATIONS)
        rows = self.rows()
        while chunk := list(islice(rows, CHUNK)):
            for place, table in enumerate((people, sessions, participants, reminders)):
                new = [row for each in chunk if (row := each[place]) is not None]
                await _insert(database, url, table, new)
        await _look_over(database, url)
        await database.close()


async def _insert(database: Database, url: str, table: sa.Table, rows: list[Row]) -> None:
    if database.is_postgres:
        await _copy(url, table, rows)
        return
    async with database.engine.begin() as conn:
        await conn.execute(sa.insert(table), rows)


async def _copy(url: str, table: sa.Table, rows: list[Row]) -> None:
    conn = await asyncpg.connect(url)
    try:
        records = [tuple(map(_copied, row.values())) for row in rows]
        await conn.copy_records_to_table(table.name, records=records, columns=list(rows[0]))
    finally:
        await conn.close()


def _copied(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict | list) else value


async def _look_over(database: Database, url: str) -> None:
    """Let PostgreSQL know what it holds, as its own sweeper would in time."""
    if database.is_postgres:
        conn = await asyncpg.connect(url)
        await conn.execute("VACUUM ANALYZE")
        await conn.close()


@asynccontextmanager
async def sendgrid() -> AsyncIterator[int]:
    """Serve SendGrid from a process of its own; yield the port."""
    port = free_port()
    process = _start([sys.executable, "-m", "tests.fakes.sendgrid_server", str(port)])
    try:
        await answering(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT)


async def answering(port: int) -> None:
    """Return when something listens on `port`."""
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


def start_replica(url: str, source: Source, sendgrid_port: int, folder: Path) -> tuple[int, Any]:
    """Start a notifier over `url`; return its port and its process."""
    port = free_port()
    key = "a-key-of-this-try-0123456789-0123456789"
    environment = {
        **_KEPT,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": url,
        "PUBLIC_URL": "http://127.0.0.1:8080",
        "SCHEDULER_URL": f"http://127.0.0.1:{source.port}",
        "ADMIN_API_KEY": f"admin-{key}",
        "SERVICE_API_KEY": f"service-{key}",
        "SECRET_KEY": f"secret-{key}",
        "EMAIL_CHANNEL": "sendgrid",
        "SENDGRID_API_KEY": LOCAL_KEY,
        "SENDGRID_NO_BAA_ACCEPTED": "yes",
        "SENDGRID_API_URL": f"http://127.0.0.1:{sendgrid_port}",
        "MAIL_FROM": "appointments@practice.example",
    }
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.notifier"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    return port, process


def _uuid(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _person(id: UUID, number: int) -> Row:
    return {
        "id": id,
        "revision": 1,
        "name": f"Client {number}",
        "email": f"client{number}@mail.example",
        "timezone": NEW_YORK,
        "locale": "en-US",
        "link_generation": 0,
        "role": "client",
        "ward_id": None,
        "notices": None,
        "vouched": True,
        "wishes": {
            "opted_out": [],
            "offsets": None,
            "quiet_hours": None,
            "invitations": False,
            "digest_at": None,
            "news": False,
        },
    }


def _session(id: UUID, starts_at: datetime) -> Row:
    return {
        "id": id,
        "course_id": None,
        "revision": 1,
        "times_revision": 1,
        "starts_at": starts_at,
        "timezone": NEW_YORK,
        "status": "scheduled",
        "links_expire_at": starts_at + timedelta(days=30),
        "clinician_id": UUID(int=7),
        "ends_at": starts_at + timedelta(hours=1),
        "confirmed_by": [],
    }


def _reminder(
    id: UUID, reader: UUID, session: UUID, due_at: datetime, offset: timedelta = AHEAD
) -> Row:
    seconds = int(offset.total_seconds())
    return {
        "id": id,
        "plan_key": f"{session}/{reader}/{seconds}/1",
        "kind": Kind.REMINDER.value,
        "person_id": reader,
        "session_id": session,
        "revision": 1,
        "offset_seconds": seconds,
        "due_at": due_at,
        "state": State.PLANNED.value,
        "next_at": due_at,
        "fence": 0,
        "attempts": 0,
        "answer_lost": False,
    }
