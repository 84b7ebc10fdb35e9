"""The whole calendar feed without a scheduler: what it knows is told directly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from services.calendar_feed.app import create_app
from services.calendar_feed.settings import Settings
from shared.clock import Clock
from shared.events.data import EventData, KeySaved
from shared.store.api_keys import hash_key
from shared.web.keys import DATABASE
from tests.calendar_feed.diary import PUBLIC_URL, learn
from tests.cast import DANA_ID, ORTIZ_ID
from tests.shared.diary import ADMIN_KEY, SERVICE_KEY, serving_for

Client = TestClient[web.Request, web.Application]
Headers = dict[str, str]

FEED_URL: Final = "https://feeds.hour.example"


def bearer(key: str) -> Headers:
    return {"Authorization": f"Bearer {key}"}


ADMIN: Final = bearer(ADMIN_KEY)
SERVICE: Final = bearer(SERVICE_KEY)
STAFF: Final = bearer("staff-key-of-the-tests-0123456789abcdef")
DANAS: Final = bearer("danas-key-of-the-tests-0123456789abcdef")
ORTIZS: Final = bearer("ortizs-key-of-the-tests-0123456789abcde")


def settings(database_url: str, scheduler_url: URL) -> Settings:
    return Settings(
        serving=serving_for(database_url),
        public_url=URL(PUBLIC_URL),
        feed_url=URL(FEED_URL),
        scheduler_url=scheduler_url,
    )


@asynccontextmanager
async def running(database_url: str, clock: Clock, **chosen: Any) -> AsyncIterator[Client]:
    """Lend a running feed, with what else is `chosen` of its settings."""
    async with TestServer(_quiet_scheduler()) as scheduler:
        usual = settings(database_url, scheduler.make_url("/"))
        app = create_app(replace(usual, **chosen), clock=clock)
        async with TestClient(TestServer(app), auto_decompress=False) as client:
            yield client


def _quiet_scheduler() -> web.Application:
    """Serve a log with nothing in it."""

    async def get_events(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.json_response({"events": [], "position": 0})

    app = web.Application()
    app.router.add_get("/v1/events", get_events)
    return app


async def tell_directly(client: Client, *facts: EventData) -> None:
    await learn(client.app[DATABASE], *facts)


async def tell_keys(client: Client) -> None:
    await tell_directly(
        client,
        _key(STAFF, "staff"),
        _key(DANAS, "clinician", DANA_ID),
        _key(ORTIZS, "clinician", ORTIZ_ID),
    )


async def open_feed(client: Client, headers: Headers = ADMIN, **body: Any) -> dict[str, Any]:
    answer = await client.post(
        "/v1/feeds", json={"clinician_id": str(DANA_ID), **body}, headers=headers
    )
    made: dict[str, Any] = await answer.json()
    assert answer.status == 201, made
    return made


async def metrics(client: Client) -> str:
    return await (await client.get("/metrics")).text()


def path_of(feed: dict[str, Any]) -> str:
    return URL(feed["url"]).path


def _key(headers: Headers, role: Any, clinician_id: UUID | None = None) -> KeySaved:
    key = headers["Authorization"].removeprefix("Bearer ")
    return KeySaved(
        key_id=uuid4(), revision=1, role=role, sha256=hash_key(key), clinician_id=clinician_id
    )
