"""`python -m tests.notifier.killing 20 [DUE [SEED]]`: a process ends by SIGKILL while it sends.

So many rounds with two replicas on PostgreSQL, each with one killed in the middle of `DUE` (10,000)
reminders and started anew, then a fifth as many with the one process that SQLite has. Every
reminder is to be sent once; a second copy is only of one that is marked as in doubt.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

import aiohttp
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.channels.sendgrid_mail import SendGrid
from services.notifier.domain.states import State
from services.notifier.store.tables import reminders
from shared.clock import SystemClock
from shared.store.database import Database
from tests.notifier.crowd import Crowd, Source, sendgrid, start_replica
from tests.postgres import PostgresServer, start_postgres

PATIENCE_SECONDS: Final = 240
POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Row:
    """One reminder as its database has it at the end."""

    id: str
    state: str
    answer_lost: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was counted in one round; `broken` names each promise that did not hold."""

    sent: int
    marked: int
    doubled: int
    broken: list[str]


def judge(rows: list[Row], copies: Counter[str]) -> Report:
    """Hold what the database says against the mails that arrived; one process was killed."""
    marked = {row.id for row in rows if row.answer_lost}
    twice = {id for id, count in copies.items() if count > 1}
    broken = [f"{row.id} ended as {row.state}" for row in rows if row.state != State.SENT]
    broken += [f"{row.id} never arrived" for row in rows if row.id not in copies]
    broken += [f"{id} came twice and is not marked" for id in twice - marked]
    broken += [f"{id} came {count} times" for id, count in copies.items() if count > 2]
    broken += [f"{id} is nobody's" for id in copies.keys() - {row.id for row in rows}]
    if len(marked) > SendGrid.at_once:
        broken.append(f"{len(marked)} are in doubt: more than one process can have on its way")
    return Report(sent=len(copies), marked=len(marked), doubled=len(twice), broken=broken)


async def kill_one(url: str, *, replicas: int, due: int, seed: int) -> Report:
    """Let `replicas` over the database at `url` send, kill one in the middle, and judge."""
    chance = random.Random(seed)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        await Crowd(due=due, due_at=SystemClock().now() - timedelta(seconds=1)).enter(url)
        port = await stack.enter_async_context(sendgrid())
        source = await stack.enter_async_context(Source().serving())
        http = await stack.enter_async_context(aiohttp.ClientSession())
        source.gate.set()

        def start() -> Popen[bytes]:
            process: Popen[bytes] = start_replica(url, source, port, folder)[1]
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        running = [start() for _ in range(replicas)]
        await _until_taken(http, port, round(due * chance.uniform(0.1, 0.8)))
        chance.choice(running).kill()
        await asyncio.sleep(chance.uniform(0, 1))
        start()
        rows = await _ended(url)
        return judge(rows, await _copies(http, port))


async def _until_taken(http: aiohttp.ClientSession, port: int, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        async with http.get(f"http://127.0.0.1:{port}/_count") as answer:
            if (await answer.json())["mails"] >= count:
                return
        await asyncio.sleep(POLL_SECONDS)
    raise TimeoutError(f"{count} mails never arrived")


async def _copies(http: aiohttp.ClientSession, port: int) -> Counter[str]:
    """Return how often each reminder arrived."""
    async with http.get(f"http://127.0.0.1:{port}/_mails") as answer:
        mails = (await answer.json())["mails"]
    return Counter(mail["payload"]["custom_args"]["delivery"] for mail in mails)


async def _ended(url: str) -> list[Row]:
    """Return every reminder once none is open."""

    async def read(conn: AsyncConnection) -> list[Any]:
        columns = (reminders.c.id, reminders.c.state, reminders.c.answer_lost, reminders.c.next_at)
        return list((await conn.execute(sa.select(*columns))).all())

    database, deadline = Database.at(url), time.monotonic() + PATIENCE_SECONDS
    try:
        while time.monotonic() < deadline:
            rows = await database.read(read)
            if all(row.next_at is None for row in rows):
                break
            await asyncio.sleep(1)
        return [Row(str(row.id), row.state, row.answer_lost) for row in rows]
    finally:
        await database.close()


async def main(rounds: int, due: int, seed: int) -> int:
    broken = 0
    server = start_postgres()
    try:
        for number in range(rounds):
            report = await _on_postgres(server, due, seed + number)
            broken += _say(f"PostgreSQL, two processes, round {number + 1}", report)
    finally:
        server.stop()
    for number in range(-(-rounds // 5)):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'notifier.db'}"
            report = await kill_one(url, replicas=1, due=due, seed=seed + number)
        broken += _say(f"SQLite, one process, round {number + 1}", report)
    return 1 if broken else 0


async def _on_postgres(server: PostgresServer, due: int, seed: int) -> Report:
    async with server.lent() as url:
        return await kill_one(url, replicas=2, due=due, seed=seed)


def _say(which: str, report: Report) -> int:
    counted = f"{report.sent} sent, {report.marked} in doubt, {report.doubled} of them twice"
    found = "\n".join(report.broken[:20])
    sys.stdout.write(f"{which}: {counted}, {len(report.broken)} promises broken\n{found}")
    sys.stdout.flush()
    return len(report.broken)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(asyncio.run(main(*(given + [20, 10_000, 1][len(given) :]))))
