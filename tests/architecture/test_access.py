"""Every route of every service opens to the keys of its roles, and to no other.

Who may see whose is asked in tests/scheduler/test_access.py, where things have owners.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.events.data import KeySaved
from shared.store.api_keys import apply_key, hash_key
from shared.web.auth import PUBLIC, Role, policy_of
from shared.web.keys import DATABASE
from shared.web.openapi import description_of, is_page
from tests.architecture.apps import every_app
from tests.cast import DANA_ID

SERVICES: Final = tuple(every_app())
STRANGERS: Final = ("none", "garbage", "revoked")
# These are read by what has no key: monitors, calendar programs and crawlers.
FOR_ANYONE: Final = {
    *("/live", "/ready", "/metrics", "/feeds/{token}.ics", "/feeds/{rest}", "/robots.txt"),
    *("/dav", "/dav/{rest}", "/.well-known/caldav"),  # a feed's token opens what is there
    "/webhooks/sendgrid",  # what it takes is signed
}


@pytest.mark.parametrize("service", SERVICES)
def test_only_pages_and_these_are_open_to_anyone(service: str) -> None:
    routes = every_app()[service].router.routes()
    public = {
        route.resource.canonical
        for route in routes
        if route.resource and policy_of(route.handler) == PUBLIC and not is_page(route.handler)
    }
    assert public <= FOR_ANYONE


@pytest.mark.parametrize("service", SERVICES)
async def test_a_route_opens_to_its_roles_and_to_no_other(service: str, tmp_path: Path) -> None:
    app = every_app(tmp_path)[service]
    keys = {name: f"{name}-key-of-the-tests-0123456789abcdef" for name in (*Role, *STRANGERS)}
    wrong, count = {}, 0
    async with TestClient(TestServer(app)) as client:
        await app[DATABASE].write(lambda conn: _make(conn, keys))
        for route in app.router.routes():
            for name, key in keys.items():
                allowed = policy_of(route.handler) or frozenset()
                if not allowed or name in allowed or description_of(route.handler) is None:
                    continue
                status = await _ask(client, route, None if name == "none" else key)
                count += 1
                if status != (401 if name in STRANGERS else 403):
                    wrong[f"{route.method} {route.resource} as {name}"] = status
        for name in Role:
            assert await _opens(client, app, name, keys[name])
    assert count >= len(STRANGERS)
    assert wrong == {}


async def _ask(
    client: TestClient[web.Request, web.Application], route: web.AbstractRoute, key: str | None
) -> int:
    assert route.resource is not None
    path = re.sub(r"\{[a-z_]+\}", str(UUID(int=0)), route.resource.canonical)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = await client.request(route.method, path, headers=headers, json={})
    return answer.status


async def _opens(
    client: TestClient[web.Request, web.Application], app: web.Application, role: Role, key: str
) -> bool:
    """Whether a key of the role gets past the door of every GET that names its role."""
    statuses = [
        await _ask(client, route, key)
        for route in app.router.routes()
        if route.method == "GET" and role in (policy_of(route.handler) or ())
    ]
    return not {401, 403} & set(statuses)


async def _make(conn: AsyncConnection, keys: dict[str, str]) -> None:
    for name, key in keys.items():
        if name in ("none", "garbage"):
            continue
        revoked = name == "revoked"
        told = KeySaved(
            key_id=uuid4(),
            revision=1,
            role="admin" if revoked else Role(name).value,
            sha256=hash_key(key),
            clinician_id=DANA_ID if name == Role.CLINICIAN else None,
            revoked=revoked,
        )
        await apply_key(conn, told)
