"""Notifiers with many reminders due, and what SendGrid took of them."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp
import psutil

from shared.clock import SystemClock
from tests.notifier.crowd import Crowd, Source, answering, sendgrid, start_replica
from tests.postgres import PostgresServer

PATIENCE_SECONDS: Final = 300
POLL_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What SendGrid took since `begun`, and the most memory that a replica had, in bytes."""

    mails: Sequence[dict[str, Any]]
    begun: datetime
    memory: int

    @property
    def rate(self) -> float:
        """Mails a second, from when the replicas were let go to the last mail."""
        last = max(datetime.fromisoformat(mail["at"]) for mail in self.mails)
        return len(self.mails) / (last - self.begun).total_seconds()


async def drain(server: PostgresServer | None, *, replicas: int, due: int, held: int) -> Drained:
    """Let so many replicas send what is due since a second."""
    due_at = SystemClock().now() - timedelta(seconds=1)
    return await send_all(server, Crowd(due=due, due_at=due_at, held=held), replicas=replicas)


async def send_all(server: PostgresServer | None, crowd: Crowd, *, replicas: int) -> Drained:
    """Enter the crowd, start the replicas, let them go, and return once all was taken."""
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
        begun = SystemClock().now()
        source.gate.set()
        http = await stack.enter_async_context(aiohttp.ClientSession())
        memory = await until_taken(
            http, port, crowd.due, [psutil.Process(each.pid) for _, each in started]
        )
        mails = await taken(http, port)
    if len({mail["payload"]["custom_args"]["delivery"] for mail in mails}) != crowd.due:
        raise RuntimeError("a reminder was not sent")
    return Drained(mails=mails, begun=begun, memory=memory)


async def until_taken(
    http: aiohttp.ClientSession,
    port: int,
    count: int,
    processes: Sequence[psutil.Process],
    patience: float = PATIENCE_SECONDS,
) -> int:
    """Return the most memory that one of the processes had, once SendGrid took so many mails.

    Whether it took them is for the caller to see: after `patience` seconds it returns as well.
    """
    most, deadline = 0, time.monotonic() + patience
    while time.monotonic() < deadline:
        most = max(most, *(each.memory_info().rss for each in processes), 0)
        async with http.get(f"http://127.0.0.1:{port}/_count") as answer:
            if (await answer.json())["mails"] >= count:
                break
        await asyncio.sleep(POLL_SECONDS)
    return most


async def taken(http: aiohttp.ClientSession, port: int) -> list[dict[str, Any]]:
    """Return every mail that SendGrid has taken."""
    async with http.get(f"http://127.0.0.1:{port}/_mails") as answer:
        mails: list[dict[str, Any]] = (await answer.json())["mails"]
    return mails
