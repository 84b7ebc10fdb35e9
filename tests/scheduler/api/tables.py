"""Tables of people, and how a stranger sends them."""

from __future__ import annotations

import asyncio
import io
from typing import Any, Final

from aiohttp.client import ClientResponse

from tests.cast import Body
from tests.scheduler.practice import Practice
from tests.shared.diary import ADMIN_KEY

CLIENTS: Final = """\
name,email,timezone,locale,date_of_birth
Kim Park,kim@clients.example,America/New_York,en,1990-04-01
Ana Silva,ana@clients.example,America/New_York,es,
"""
CLINICIANS: Final = """\
email;name;timezone;working_hours;age_groups;languages;licenses;accepting_clients;capacity
dana@clinicians.example;Dana Reyes;America/New_York;\
monday 09:00-12:00 | Tuesday 13:00-18:00;adult|teen;en|es;US-NY|US-NJ;yes;8
ortiz@clinicians.example;Marta Ortiz;America/New_York;;;;;no;
"""


async def send(
    practice: Practice, text: str | bytes, once: str | None = None, **query: str
) -> ClientResponse:
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "text/csv"}
    if once is not None:
        headers["Idempotency-Key"] = once
    body = text if isinstance(text, bytes) else text.encode()
    params = {"kind": "clients"} | query
    data = io.BytesIO(body)
    return await practice.client.post("/v1/imports", data=data, headers=headers, params=params)


async def ended(practice: Practice, answer: ClientResponse) -> Body:
    """Return the import once it has ended."""
    assert answer.status == 201, await answer.text()
    return await end_of(practice, answer.headers["Location"])


async def end_of(practice: Practice, path: str) -> Body:
    async with asyncio.timeout(10):
        while True:
            found: Body = await (await practice.get(path)).json()
            if found["status"] not in ("waiting", "working"):
                return found
            await asyncio.sleep(0.02)


async def imported(practice: Practice, text: str | bytes, **query: str) -> Body:
    return await ended(practice, await send(practice, text, **query))


async def people(practice: Practice, kind: str = "clients") -> list[Any]:
    found: list[Any] = (await (await practice.get(f"/v1/{kind}")).json())[kind]
    return found


def faults(found: Body) -> list[tuple[int, str]]:
    return [(each["line"], each["column"]) for each in found["errors"]]
