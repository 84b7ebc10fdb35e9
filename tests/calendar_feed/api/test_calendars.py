"""Who may have which calendar read, and what they are answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.outside import Flaw, Unread
from services.calendar_feed.store import outside
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from tests.calendar_feed.api.running import ADMIN, DANAS, ORTIZS, SERVICE, Client, Headers
from tests.cast import DANA_ID, ORTIZ_ID

ADDRESS = "https://127.0.0.1/private/basic-secret.ics"


async def add(client: Client, headers: Headers = ADMIN, **body: Any) -> dict[str, Any]:
    given = {"clinician_id": str(DANA_ID), "address": ADDRESS, **body}
    answer = await client.post("/v1/calendars", json=given, headers=headers)
    made: dict[str, Any] = await answer.json()
    assert answer.status == HTTPStatus.CREATED, made
    return made


async def listed(client: Client, headers: Headers = ADMIN, **query: str) -> list[dict[str, Any]]:
    answer = await client.get("/v1/calendars", headers=headers, params=query)
    assert answer.status == HTTPStatus.OK
    found: list[dict[str, Any]] = (await answer.json())["calendars"]
    return found


async def read(client: Client) -> dict[str, Any]:
    """Return the one calendar once its reading has failed."""
    async with asyncio.timeout(10):
        while True:
            (calendar,) = await listed(client)
            if calendar["complaint"] is not None:
                return calendar
            await asyncio.sleep(0.05)


async def test_a_calendar_is_kept_and_its_address_is_never_answered(client: Client) -> None:
    made = await add(client, name="Home")
    assert (made["name"], made["state"], made["blocks"]) == ("Home", "new", 0)
    assert "secret" not in str(made) + str(await listed(client))


async def test_an_address_in_our_own_network_is_never_connected_to(client: Client) -> None:
    with structlog.testing.capture_logs() as lines:
        await add(client)
        calendar = await read(client)
    assert (calendar["complaint"], calendar["state"]) == ("address_refused", "new")
    assert "calendar.not_read" in {line["event"] for line in lines}
    assert "secret" not in str(lines)


async def test_a_few_are_read_side_by_side(client: Client) -> None:
    checks = (await (await client.get("/ready")).json())["checks"]
    assert len([name for name in checks if name.startswith("loop read calendars")]) == 4


async def test_how_old_it_is_is_said_at_the_moment_of_asking(
    client: Client, clock: HeldClock
) -> None:
    made = await add(client)
    await read(client)
    database, id = client.app[DATABASE], UUID(made["id"])

    async def seen(conn: AsyncConnection) -> None:
        calendar = await outside.hold_calendar(conn, id)
        assert calendar is not None
        later = clock.now() + timedelta(days=7)
        bad = Unread(index=0, uid_sha256="", flaw=Flaw.BROKEN)
        await outside.save_calendar(
            conn, replace(calendar, read_at=clock.now(), next_at=later, unread=(bad,))
        )

    await database.write(seen)
    states = []
    for hours in (0, 24, 1):
        clock.advance(timedelta(hours=hours))
        (calendar,) = await listed(client)
        states.append((calendar["state"], calendar["partial"]))
    assert states == [("fresh", True), ("fresh", True), ("stale", True)]


async def test_a_clinician_keeps_their_own_and_no_others(client: Client) -> None:
    made = await add(client, DANAS)
    path = f"/v1/calendars/{made['id']}"
    body = {"clinician_id": str(DANA_ID), "address": ADDRESS}
    refused = [
        await client.post("/v1/calendars", json=body, headers=ORTIZS),
        await client.get("/v1/calendars", params={"clinician_id": str(DANA_ID)}, headers=ORTIZS),
        await client.post(f"{path}/read", headers=ORTIZS),
        await client.delete(path, headers=ORTIZS),
        await client.get("/v1/calendars", headers=SERVICE),
        await client.get("/v1/calendars"),
    ]
    assert [each.status for each in refused] == [403, 403, 404, 404, 403, 401]
    assert await listed(client, ORTIZS) == []
    assert await listed(client, clinician_id=str(ORTIZ_ID)) == []
    read = await client.post(f"{path}/read", headers=DANAS)
    assert read.status == HTTPStatus.OK
    assert (await client.delete(path, headers=DANAS)).status == HTTPStatus.NO_CONTENT
    assert await listed(client) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"address": "http://calendar.example/x.ics"}, "#/address"),
        ({"address": ""}, "#/address"),
        ({"address": "x" * 2001}, "#/address"),
        ({"clinician_id": "42"}, "#/clinician_id"),
        ({"name": "a\nb"}, "#/name"),
        ({"colour": "blue"}, "#/colour"),
    ],
    ids=["plain", "empty", "long", "whose", "name", "more"],
)
async def test_a_bad_field_is_named_and_nothing_is_kept(
    client: Client, changes: dict[str, Any], pointer: str
) -> None:
    body = {"clinician_id": str(DANA_ID), "address": ADDRESS, **changes}
    answer = await client.post("/v1/calendars", json=body, headers=ADMIN)
    problem = await answer.json()
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [each["pointer"] for each in problem["errors"]] == [pointer]
    assert "calendar.example" not in str(problem)
    assert await listed(client) == []
