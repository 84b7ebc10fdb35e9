"""A stranger who has the README, an admin key and HTTP."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import aiohttp

from demo.processes import Services
from shared.clock import SystemClock
from tests.cast import DANA, KIM, NEW_YORK

T = TypeVar("T")
PATIENCE_SECONDS = 20.0
Json = dict[str, Any]
EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = [{"weekday": day, "start": "00:00", "end": "24:00"} for day in EVERY_DAY]
LINK = re.compile(r"http://[^\s\"<>]+/join/[\w-]+")


def now() -> datetime:
    return SystemClock().now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Asks the services, and waits for what they promise."""

    services: Services
    http: aiohttp.ClientSession

    async def ask(
        self,
        method: str,
        name: str,
        path: str,
        *,
        status: int,
        body: Json | None = None,
        **more: Any,
    ) -> Json:
        """Ask a service with the admin key and return its JSON; the status must be as expected."""
        headers = {"Authorization": f"Bearer {self.services.keys.admin}", **more.pop("headers", {})}
        url = self.services.url(name) + path
        async with self.http.request(method, url, json=body, headers=headers, **more) as answer:
            text = await answer.text()
            assert answer.status == status, f"{method} {path}: {answer.status} {text}"
            found: Json = await answer.json(content_type=None) if text else {}
            return found

    async def post(self, path: str, body: Json, *, status: int = 201, **more: Any) -> Json:
        return await self.ask("POST", "scheduler", f"/v1{path}", status=status, body=body, **more)

    async def get(self, path: str) -> Json:
        return await self.ask("GET", "scheduler", f"/v1{path}", status=200)

    async def clinician(self, **changes: Any) -> str:
        return str((await self.post("/clinicians", {**DANA, **changes}))["id"])

    async def client(self, **changes: Any) -> str:
        return str((await self.post("/clients", {**KIM, **changes}))["id"])

    async def consultation(self, clinician: str, client: str, starts_at: datetime) -> Json:
        body = {
            "kind": "consultation",
            "clinician_id": clinician,
            "client_ids": [client],
            "starts_at": starts_at.isoformat(timespec="seconds"),
        }
        return await self.post("/sessions", body)

    async def feed(self, clinician: str) -> str:
        made = await self.ask(
            "POST", "calendar_feed", "/v1/feeds", status=201, body={"clinician_id": clinician}
        )
        return str(made["url"])

    async def calendar(self, url: str) -> bytes:
        async with self.http.get(url) as answer:
            assert answer.status == 200
            return await answer.read()

    async def reminders(self, session: str) -> list[Json]:
        path = f"/v1/reminders?session_id={session}"
        found: list[Json] = (await self.ask("GET", "notifier", path, status=200))["reminders"]
        return found

    async def mails(self) -> list[str]:
        """Return the text of every mail in the mailbox page, newest first."""
        url = self.services.url("notifier") + "/mailbox"
        async with self.http.get(url) as answer:
            assert answer.status == 200
            listed = await answer.text()
        names = dict.fromkeys(re.findall(r'href="(/mailbox/[^"/]+)"', listed))
        return [await self._page(self.services.url("notifier") + name) for name in names]

    async def mails_that_say(self, *words: str) -> list[str]:
        return [mail for mail in await self.mails() if all(word in mail for word in words)]

    async def _page(self, url: str) -> str:
        async with self.http.get(url) as answer:
            assert answer.status == 200
            return unescape(await answer.text())


async def soon(look: Callable[[], Awaitable[T]], *, seconds: float = PATIENCE_SECONDS) -> T:
    """Return what `look` finds as soon as it finds something, or fail after `seconds`.

    The product promises two; how long it takes is measured in benchmarks/, since a loaded
    machine is no failure.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = await look()
        if found:
            return found
        assert time.monotonic() < deadline, f"nothing came within {seconds} s"
        await asyncio.sleep(0.05)


def series_across_a_clock_change() -> date:
    """Return the next Tuesday from which sixteen weeks in New York hold a clock change."""
    zone = ZoneInfo(NEW_YORK)
    tuesday = now().astimezone(zone).date() + timedelta(days=2)
    while tuesday.weekday() != 1 or _offset(tuesday, zone) == _offset(
        tuesday + timedelta(weeks=15), zone
    ):
        tuesday += timedelta(days=1)
    return tuesday


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime(day.year, day.month, day.day, 15, tzinfo=zone).utcoffset()


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
