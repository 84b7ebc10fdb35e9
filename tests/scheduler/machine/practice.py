"""One scheduler for a whole run of the machine, driven from a loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from services.scheduler.app import create_app
from services.scheduler.jobs import offer_free_hours_once
from services.scheduler.use_cases.auditing import verify
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from shared.zones import zone
from tests.cast import ANA, DANA, KIM, LEE, NEW_YORK, ORTIZ
from tests.conftest import NOW
from tests.scheduler.practice import Practice, settings_for
from tests.scheduler.waiting import answers

T = TypeVar("T")
Json = dict[str, Any]


@dataclass(frozen=True)
class Driven:
    """A practice, and a way to ask it from code that is not async."""

    runner: asyncio.Runner
    practice: Practice
    clock: HeldClock

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    def start_on_a_monday(self) -> None:
        """Let the clock run to the next Monday at nine in New York."""
        now = self.clock.now()
        monday = now.date() + timedelta(days=7 - now.weekday())
        self.clock.moment = datetime.combine(monday, time(9), tzinfo=zone(NEW_YORK)).astimezone(UTC)

    def post(self, path: str, body: object, once: str) -> tuple[int, Json]:
        """Return the status and the answer."""

        async def ask() -> tuple[int, Json]:
            answer = await self.practice.post(path, body, once=once)
            found: Json = await answer.json() if await answer.read() else {}
            return answer.status, found

        return self.run(ask())

    def get(self, path: str, **params: str) -> Json:
        async def ask() -> Json:
            answer = await self.practice.get(path, **params)
            assert answer.status == 200, await answer.text()
            found: Json = await answer.json()
            return found

        return self.run(ask())

    def offer_free_hours(self) -> None:
        """Let the tick of the waiting list run now."""
        self.run(offer_free_hours_once(self._app))

    def answer_offer(self, offer: Json, chosen: str) -> int:
        return self.run(answers(self.practice, offer, chosen))

    def events(self) -> list[Any]:
        """Return the whole log, a page at a time."""

        async def ask() -> list[Any]:
            found: list[Any] = []
            while True:
                after = found[-1]["position"] if found else 0
                page = await self.practice.events(after=after)
                if not page:
                    return found
                found += page

        return self.run(ask())

    def audit_is_sound(self) -> bool:
        return self.run(verify(self._app[DATABASE])).sound

    @property
    def _app(self) -> web.Application:
        server = self.practice.client.server
        assert isinstance(server, TestServer)
        return server.app

    def people(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Enter two clinicians without working hours and three clients; return their ids."""

        async def enter() -> tuple[tuple[str, ...], tuple[str, ...]]:
            bare = {"working_hours": [], "timezone": NEW_YORK}
            clinicians = [
                await self.practice.made("/v1/clinicians", c | bare) for c in (DANA, ORTIZ)
            ]
            clients = [await self.practice.made("/v1/clients", body) for body in (KIM, ANA, LEE)]
            return tuple(c["id"] for c in clinicians), tuple(c["id"] for c in clients)

        return self.run(enter())


@contextmanager
def driven(database_url: str) -> Iterator[Driven]:
    clock = HeldClock(NOW)
    with asyncio.Runner() as runner:
        # The machine itself lets time pass and ticks; real seconds would make it another run.
        app = create_app(settings_for(database_url), clock=clock, ticks=())

        async def start() -> TestClient[Any, Any]:
            client = TestClient(TestServer(app))
            await client.start_server()
            return client

        client = runner.run(start())
        try:
            yield Driven(runner, Practice(client=client, clock=clock), clock)
        finally:
            runner.run(client.close())
