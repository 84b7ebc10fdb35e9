"""One session behind a provider of rooms, and its people at the door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from aiohttp.client import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from services.scheduler.app import create_app
from services.scheduler.rooms.accounts import (
    DailyAccount,
    JitsiServer,
    Signing,
    Video,
    ZoomAccount,
)
from services.scheduler.store.tables import session_rooms
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from tests.cast import DANA, KIM, Body
from tests.fakes import daily_server, zoom_server
from tests.fakes.prosody import Prosody
from tests.scheduler.pages.test_join import STARTS, knock, link_of
from tests.scheduler.practice import Practice, settings_for

SECRET = "a secret that Prosody has as well"
JITSI = JitsiServer(
    url=URL("https://meet.practice.example"),
    domain="meet.practice.example",
    app_id="standing_hour",
    audience="standing_hour",
    signing=Signing(key=SECRET),
)
PROSODY = Prosody(
    domain="meet.practice.example",
    issuers=frozenset({"standing_hour"}),
    audiences=frozenset({"standing_hour"}),
    secret=SECRET,
)


@asynccontextmanager
async def practice_with(
    video: Video, database_url: str, clock: HeldClock, *hosts: str, patience: float = 20
) -> AsyncIterator[Practice]:
    settings = replace(
        settings_for(database_url),
        video=video,
        room_hosts=frozenset(hosts),
        room_seconds=patience,
    )
    async with TestClient(TestServer(create_app(settings, clock=clock))) as client:
        yield Practice(client=client, clock=clock)


def zoom_account(server: zoom_server.Zoom) -> ZoomAccount:
    return ZoomAccount(
        account_id=zoom_server.ACCOUNT,
        client_id=zoom_server.CLIENT,
        client_secret=zoom_server.SECRET,
        user="me",
        users={},
        api=URL(server.url),
        auth=URL(server.url),
    )


def daily_account(server: daily_server.Daily) -> DailyAccount:
    return DailyAccount(domain=daily_server.DOMAIN, api=URL(server.url), key=daily_server.KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One session, and its two people at the door."""

    practice: Practice
    session: Body

    async def client(self) -> ClientResponse:
        return await knock(self.practice, link_of(self.session))

    async def clinician(self) -> ClientResponse:
        return await knock(self.practice, link_of(self.session, self.session["clinician_id"]))

    async def move(self, by: timedelta) -> None:
        body = {"starts_at": (STARTS + by).isoformat()}
        await self.practice.made(f"/v1/sessions/{self.session['id']}/move", body)

    async def rows(self) -> list[Any]:
        database = self.practice.client.app[DATABASE]
        async with database.engine.connect() as conn:
            return list((await conn.execute(sa.select(session_rooms))).all())


async def visit(practice: Practice, dana: Body = DANA) -> Visit:
    """Book Kim with Dana, and go to the start of the hour."""
    clinician_id = (await practice.made("/v1/clinicians", dana))["id"]
    client_id = (await practice.made("/v1/clients", KIM))["id"]
    session = await practice.consultation(clinician_id, client_id, STARTS.isoformat())
    practice.clock.moment = STARTS
    return Visit(practice=practice, session=session)


def where(answer: ClientResponse) -> URL:
    assert answer.status == 303
    return URL(answer.headers["Location"])
