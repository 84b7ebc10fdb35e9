"""Someone with the admin key who books over HTTP, as fast as the answers come."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import aiohttp

from demo.processes import Services
from shared.clock import SystemClock

NEW_YORK: Final = "America/New_York"
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS: Final = [{"weekday": day, "start": "00:00", "end": "24:00"} for day in DAYS]
WEEKS: Final = 16
FIRST_HOUR: Final = 4  # later than any change of the clocks, so that no two hours become one
HOURS: Final = 24 - FIRST_HOUR
Json = dict[str, Any]


class Refused(Exception):
    """A service answered otherwise than this benchmark needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Asks the services of one practice."""

    services: Services
    http: aiohttp.ClientSession

    async def ask(self, method: str, name: str, path: str, body: Json | None = None) -> Json:
        """Return a service's JSON, or raise `Refused` for any answer but a 2xx."""
        url = self.services.url(name) + path
        async with self.http.request(method, url, json=body) as answer:
            if not answer.ok:
                raise Refused(f"{method} {path}: {answer.status} {await answer.text()}")
            found: Json = await answer.json()
            return found

    async def timed_get(self, name: str, path: str) -> float:
        begun = time.perf_counter()
        await self.ask("GET", name, path)
        return time.perf_counter() - begun

    async def clinician(self, number: int) -> str:
        """Enter a clinician who works at all hours; return the id."""
        email = f"clinician{number}@practice.example"
        body = {"name": f"Clinician {number}", "email": email, "timezone": NEW_YORK}
        made = await self.ask(
            "POST", "scheduler", "/v1/clinicians", {**body, "working_hours": ALWAYS}
        )
        return str(made["id"])

    async def client(self, number: int) -> str:
        body = {"name": f"Client {number}", "email": f"client{number}@mail.example"}
        made = await self.ask("POST", "scheduler", "/v1/clients", {**body, "timezone": NEW_YORK})
        return str(made["id"])

    async def feed(self, clinician: str) -> str:
        """Open a feed; return its address."""
        made = await self.ask("POST", "calendar_feed", "/v1/feeds", {"clinician_id": clinician})
        return str(made["url"])

    async def book(self, clinician: str, client: str, place: int) -> Json:
        """Book the `place`-th of a clinician's 140 weekly hours for sixteen weeks."""
        first = SystemClock().now().date() + timedelta(days=3 + place // HOURS)
        body = {
            "clinician_id": clinician,
            "client_ids": [client],
            "first_date": first.isoformat(),
            "time": f"{FIRST_HOUR + place % HOURS:02}:00",
            "sessions": WEEKS,
        }
        return await self.ask("POST", "scheduler", "/v1/courses", body)


@asynccontextmanager
async def office_of(services: Services) -> AsyncIterator[Office]:
    headers = {"Authorization": f"Bearer {services.keys.admin}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        yield Office(services=services, http=http)
