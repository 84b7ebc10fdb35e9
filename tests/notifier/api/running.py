"""The whole notifier on a free port, without a scheduler: what it knows is told directly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncConnection
from yarl import URL

from services.notifier.app import create_app
from services.notifier.consumer import applying
from services.notifier.settings import MaildirSettings, Settings
from shared.clock import Clock
from shared.eventlog import log
from shared.events.data import EventData
from shared.events.envelope import tell
from shared.web.keys import CLOCK, DATABASE
from tests.fakes.ports import free_port
from tests.notifier.stage import RULES
from tests.shared.diary import ADMIN_KEY, SERVICE_KEY, diary_app, serving_for

Client = TestClient[web.Request, web.Application]

ADMIN: Final = {"Authorization": f"Bearer {ADMIN_KEY}"}
SERVICE: Final = {"Authorization": f"Bearer {SERVICE_KEY}"}


def settings(database_url: str, folder: Path, **changes: Any) -> Settings:
    """Return settings for a maildir in `folder`, and a scheduler that is not there."""
    usual = Settings(
        serving=serving_for(database_url),
        public_url=URL("https://hour.example"),
        scheduler_url=URL(f"http://127.0.0.1:{free_port()}"),
        channel=MaildirSettings(folder=folder),
        mail_from="appointments@hour.example",
        offsets=RULES.offsets,
        grace=RULES.grace,
    )
    return replace(usual, **changes)


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Client]:
    async with TestClient(TestServer(create_app(settings, clock=clock))) as client:
        yield client


@asynccontextmanager
async def telling(database_url: str, clock: Clock) -> AsyncIterator[Client]:
    """Serve a log for a notifier to consume."""
    async with TestClient(TestServer(diary_app(database_url, clock))) as client:
        yield client


async def tell_directly(client: Client, *facts: EventData) -> None:
    """Apply events as the consumer would."""
    now = client.app[CLOCK].now()

    async def apply(conn: AsyncConnection) -> None:
        for fact in facts:
            await applying(RULES)(conn, tell(fact, source="scheduler", at=now))

    await client.app[DATABASE].write(apply)


async def append(client: Client, *facts: EventData) -> None:
    """Append events to the log that `client` serves."""
    events = [tell(fact, source="scheduler", at=client.app[CLOCK].now()) for fact in facts]
    await client.app[DATABASE].write(lambda conn: log.append(conn, events))
