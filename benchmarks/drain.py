"""How fast reminders that are all due in one second leave, amid a million later ones or none."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp
import psutil

from benchmarks.bare_posts import bare_posts
from benchmarks.figures import mb
from benchmarks.sections import Section
from benchmarks.servers import lasting_postgres
from shared.clock import SystemClock
from tests.notifier.crowd import Crowd, Source, answering, sendgrid, start_replica
from tests.postgres import PostgresServer

DUE: Final = 10_000
HELD: Final = 1_000_000
PATIENCE_SECONDS: Final = 300
COLUMNS: Final = (
    "reminders due at once",
    "a second",
    "to the limit",
    "held",
    "memory of each",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What SendGrid took, the most memory that a replica had, and the processor's time of all."""

    mails: Sequence[dict[str, Any]]
    memory: int
    processor: float

    @property
    def rate(self) -> float:
        """Mails a second."""
        at = sorted(datetime.fromisoformat(mail["at"]) for mail in self.mails)
        return (len(at) - 1) / (at[-1] - at[0]).total_seconds()


async def run() -> Section:
    """Drain on both databases, with one replica and two; a bare loop posts the same bodies."""
    own = await drain(None, replicas=1, held=0)
    bodies = [json.dumps(mail["payload"]).encode() for mail in own.mails]
    limit = await bare_posts(bodies)
    rows = [
        _row("SQLite, one process", own, limit, 0),
        _row("SQLite, one process", await drain(None, replicas=1, held=HELD), limit, HELD),
    ]
    async with lasting_postgres() as server:
        if server is not None:
            for replicas, held in ((1, 0), (1, HELD), (2, 0), (2, HELD)):
                drained = await drain(server, replicas=replicas, held=held)
                rows.append(_row(f"PostgreSQL, {_in_words(replicas)}", drained, limit, held))
    again = await bare_posts(bodies)
    rows.append(["limit: a bare loop, before", f"{limit:,.0f}", "1.00", "", ""])
    rows.append(["limit: a bare loop, after", f"{again:,.0f}", f"{again / limit:.2f}", "", ""])
    return Section(
        name="drain",
        aim=(
            "Reminders due in one second, to a SendGrid of this machine; to reach: half of the "
            "bare loop, the same with a million held, memory under 150 MB."
        ),
        columns=COLUMNS,
        rows=rows,
        notes=[
            f"{DUE:,} due, each of its own session and for its own reader, amid the held ones",
            "limit: the very bodies that the first row sent, posted by aiohttp alone, 100 at once",
            "SendGrid is a process of its own on the same two cores and checks each mail",
            "a second: from the first mail that SendGrid took to the last",
        ],
    )


def _in_words(replicas: int) -> str:
    return "one process" if replicas == 1 else "two processes"


def _row(name: str, drained: Drained, limit: float, held: int) -> list[str]:
    rate = drained.rate
    return [name, f"{rate:,.0f}", f"{rate / limit:.2f}", f"{held:,}", mb(drained.memory)]


async def drain(
    server: PostgresServer | None, *, replicas: int, held: int, due: int = DUE
) -> Drained:
    """Let so many replicas send all that is due, and return what was taken."""
    crowd = Crowd(due=due, due_at=SystemClock().now() - timedelta(seconds=1), held=held)
    async with drained_crowd(server, crowd, replicas=replicas) as drained:
        return drained


@asynccontextmanager
async def drained_crowd(
    server: PostgresServer | None, crowd: Crowd, *, replicas: int
) -> AsyncIterator[Drained]:
    """Enter the crowd, start the replicas, open the gate, and yield once all was taken."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = await server.new_database() if server else f"sqlite:///{folder / 'notifier.db'}"
        await crowd.enter(url)
        port = await stack.enter_async_context(sendgrid())
        source = await stack.enter_async_context(Source().serving())
        started = [start_replica(url, source, port, folder) for _ in range(replicas)]
        for _, process in started:
            stack.callback(process.wait)
            stack.callback(process.terminate)
        for own, _ in started:
            await answering(own)
        source.gate.set()
        http = await stack.enter_async_context(aiohttp.ClientSession())
        processes = [psutil.Process(each.pid) for _, each in started]
        before = _processor(processes)
        memory = await _until_taken(http, port, crowd.due, processes)
        processor = _processor(processes) - before
        async with http.get(f"http://127.0.0.1:{port}/_mails") as answer:
            mails = (await answer.json())["mails"]
        yield Drained(mails=mails, memory=memory, processor=processor)


def _processor(processes: Sequence[psutil.Process]) -> float:
    """Return the seconds that they have had a processor."""
    times = [each.cpu_times() for each in processes]
    return sum(each.user + each.system for each in times)


async def _until_taken(
    http: aiohttp.ClientSession, port: int, count: int, processes: Sequence[psutil.Process]
) -> int:
    """Return the most memory that one of the processes had, once so many mails were taken."""
    most, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        most = max(most, *(each.memory_info().rss for each in processes))
        async with http.get(f"http://127.0.0.1:{port}/_count") as answer:
            if (await answer.json())["mails"] >= count:
                return most
        await asyncio.sleep(0.25)
    raise TimeoutError(f"{count} reminders were not sent within {PATIENCE_SECONDS} s")
