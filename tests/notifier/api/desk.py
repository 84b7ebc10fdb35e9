"""Staff at the notifier: what they ask, and sweeps that end what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.keys import SWEEP
from services.notifier.store import addresses, claims
from services.notifier.use_cases.sweeping import sweep_once
from shared.web.keys import CLOCK, DATABASE
from tests.cast import KIM_ID
from tests.notifier.api.running import ADMIN, Client

Json = dict[str, Any]
NOBODY = UUID(int=9)


async def get(notifier: Client, path: str) -> Json:
    answer = await notifier.get(path, headers=ADMIN)
    assert answer.status == HTTPStatus.OK, await answer.text()
    found: Json = await answer.json()
    return found


async def post(notifier: Client, path: str, body: object = None) -> tuple[int, Json]:
    answer = await notifier.post(path, json=body, headers=ADMIN)
    return answer.status, await answer.json() if await answer.read() else {}


async def sweep_all(notifier: Client) -> None:
    """Sweep, beside the app's own sweeps, until nothing that is due is open."""
    now, database = notifier.app[CLOCK].now(), notifier.app[DATABASE]
    async with asyncio.timeout(10):
        while True:
            await sweep_once(notifier.app[SWEEP])
            due = await database.read(claims.oldest_due)
            if due is None or due > now:
                return
            await asyncio.sleep(0.02)


async def stop_kims_address(notifier: Client, now: datetime) -> None:
    def stop(conn: AsyncConnection) -> Awaitable[bool]:
        return addresses.stop(
            conn,
            KIM_ID,
            "kim@clients.example",
            reason="bounced",
            reminder_id=KIM_ID,
            now=now,
        )

    await notifier.app[DATABASE].write(stop)
