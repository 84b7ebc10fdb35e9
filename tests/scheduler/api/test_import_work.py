"""An import is worked on in the background, once, and through the death of who works on it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from services.scheduler.api.imports import work_once
from services.scheduler.keys import IMPORTS_WAITING
from services.scheduler.store.tables import imports
from shared.web.keys import DATABASE
from tests.scheduler.api.tables import CLIENTS, end_of, ended, imported, people, send
from tests.scheduler.practice import Practice


async def stored(practice: Practice) -> Any:
    async with practice.client.app[DATABASE].engine.connect() as conn:
        return (await conn.execute(sa.select(imports))).one()


async def test_the_file_is_dropped_when_the_import_has_ended(practice: Practice) -> None:
    await imported(practice, CLIENTS)
    row = await stored(practice)
    assert (row.body, row.claim) == (None, None)
    assert "Kim" not in str(tuple(row))


async def test_an_import_survives_the_death_of_who_works_on_it(practice: Practice) -> None:
    """A dead process leaves a claim; it runs out, and the work is done once from the start."""
    app, id = practice.client.app, uuid4()
    dead = {
        "id": id,
        "kind": "clients",
        "dry_run": False,
        "status": "working",
        "actor": "admin",
        "body": CLIENTS.encode(),
        "lines": 2,
        "done": 1,
        "entered": 0,
        "faults": [],
        "attempts": 1,
        "claim": uuid4(),
        "claimed_until": practice.clock.now() + timedelta(seconds=10),
        "created_at": practice.clock.now(),
    }
    async with app[DATABASE].engine.begin() as conn:
        await conn.execute(sa.insert(imports).values(dead))
    assert await work_once(app) == 0
    assert await people(practice) == []
    practice.clock.advance(timedelta(seconds=10))
    app[IMPORTS_WAITING].notify()
    assert (await end_of(practice, f"/v1/imports/{id}"))["entered"] == 2
    assert len(await people(practice)) == 2
    assert await work_once(app) == 0


async def test_an_import_that_kills_whoever_works_on_it_is_given_up(practice: Practice) -> None:
    app, id = practice.client.app, uuid4()
    async with app[DATABASE].engine.begin() as conn:
        await conn.execute(
            sa.insert(imports).values(
                id=id,
                kind="clients",
                dry_run=False,
                status="working",
                actor="admin",
                body=CLIENTS.encode(),
                lines=0,
                done=0,
                entered=0,
                faults=[],
                attempts=5,
                created_at=practice.clock.now(),
            )
        )
    app[IMPORTS_WAITING].notify()
    found = await end_of(practice, f"/v1/imports/{id}")
    assert (found["status"], found["entered"]) == ("failed", 0)
    assert (await stored(practice)).body is None
    assert await people(practice) == []


async def test_two_workers_enter_everyone_once(practice: Practice) -> None:
    app = practice.client.app
    answer = await send(practice, CLIENTS)
    await asyncio.gather(*(work_once(app) for _ in range(4)))
    assert (await ended(practice, answer))["entered"] == 2
    assert len(await people(practice)) == 2


async def test_a_retried_import_is_the_first_one(practice: Practice) -> None:
    first = await (await send(practice, CLIENTS, once="k")).json()
    again = await (await send(practice, CLIENTS, once="k")).json()
    assert again["id"] == first["id"]
    other = await send(practice, CLIENTS, once="k", dry_run="true")
    assert other.status == 422


async def test_everyone_who_is_entered_is_in_the_audit_log(practice: Practice) -> None:
    found = await imported(practice, CLIENTS)
    ids = {each["id"] for each in await people(practice)}
    entries = (await (await practice.get("/v1/audit", subject=found["id"])).json())["entries"]
    (entry,) = [each for each in entries if each["action"] == "import clients"]
    assert (entry["actor"], entry["details"]) == ("admin", {"entered": 2})
    assert set(entry["subjects"]) == ids | {found["id"]}
