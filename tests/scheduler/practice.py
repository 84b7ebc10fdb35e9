"""The scheduler behind its doors, as the tests speak to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import pytest
from aiohttp import web
from aiohttp.client import ClientResponse
from aiohttp.test_utils import TestClient

from services.scheduler.settings import Settings
from shared.clock import HeldClock
from tests.cast import DANA, KIM, Body
from tests.shared.diary import ADMIN_KEY, SERVICE_KEY, serving_for

# What is refused at the door never reaches a database, so one kind of it is enough.
AT_THE_DOOR: Final = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TUESDAYS: Final[Body] = {"first_date": "2027-02-16", "time": "15:00", "sessions": 16}


def settings_for(database_url: str) -> Settings:
    return Settings(serving=serving_for(database_url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A running scheduler, and short ways to ask it."""

    client: TestClient[web.Request, web.Application]
    clock: HeldClock

    async def get(self, path: str, key: str = ADMIN_KEY, **params: str) -> ClientResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return await self.client.get(path, headers=headers, params=params)

    async def post(
        self, path: str, body: object, key: str = ADMIN_KEY, once: str | None = None
    ) -> ClientResponse:
        headers = {"Authorization": f"Bearer {key}"}
        if once is not None:
            headers["Idempotency-Key"] = once
        return await self.client.post(path, json=body, headers=headers)

    async def put(self, path: str, body: object, key: str = ADMIN_KEY) -> ClientResponse:
        return await self._ask("PUT", path, body, key)

    async def patch(self, path: str, body: object, key: str = ADMIN_KEY) -> ClientResponse:
        return await self._ask("PATCH", path, body, key)

    async def delete(self, path: str, key: str = ADMIN_KEY) -> ClientResponse:
        return await self._ask("DELETE", path, None, key)

    async def _ask(self, method: str, path: str, body: object, key: str) -> ClientResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return await self.client.request(method, path, json=body, headers=headers)

    async def made(self, path: str, body: object) -> Body:
        """Post what must succeed, and return the answer."""
        answer = await self.post(path, body)
        assert answer.status in (200, 201), await answer.text()
        found: Body = await answer.json()
        return found

    async def clinician(self, **other: object) -> str:
        return str((await self.made("/v1/clinicians", DANA | other))["id"])

    async def person(self, body: Body = KIM, **other: object) -> str:
        return str((await self.made("/v1/clients", body | other))["id"])

    async def course(self, clinician_id: str, *client_ids: str, **other: object) -> Body:
        people = {"clinician_id": clinician_id, "client_ids": list(client_ids)}
        return await self.made("/v1/courses", TUESDAYS | people | other)

    async def consultation(self, clinician_id: str, client_id: str, starts_at: str) -> Body:
        people = {"clinician_id": clinician_id, "client_ids": [client_id]}
        return await self.made(
            "/v1/sessions", people | {"kind": "consultation", "starts_at": starts_at}
        )

    async def key(self, role: str, clinician_id: str | None = None) -> str:
        body = {"role": role, "name": "a key of the tests"}
        if clinician_id:
            body["clinician_id"] = clinician_id
        return str((await self.made("/v1/keys", body))["key"])

    async def events(self, *, after: int = 0) -> list[Any]:
        answer = await self.get("/v1/events", key=SERVICE_KEY, after=str(after))
        found: list[Any] = (await answer.json())["events"]
        return found

    async def told(self) -> list[str]:
        """Return the types of all events so far, in order."""
        return [event["type"] for event in await self.events()]


async def problem_of(answer: ClientResponse, status: int) -> Body:
    """Return the problem document of an answer that must be one."""
    assert answer.status == status, await answer.text()
    assert answer.content_type == "application/problem+json"
    found: Body = await answer.json()
    return found


NOBODY: Final = str(UUID(int=0))
