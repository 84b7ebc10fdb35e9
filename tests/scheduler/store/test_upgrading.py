"""A diary of an earlier version, with people and sessions in it, goes on where it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestClient, TestServer

from services.scheduler.app import MIGRATIONS, create_app
from shared.clock import HeldClock
from shared.store.database import Contention, Database
from shared.web.keys import DATABASE
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.migrated import Migrated, as_it_was
from tests.scheduler.practice import Practice, settings_for

COURSE: Final = UUID("c0000000-0000-4000-8000-000000000001")
FIRST, SECOND = (UUID(int=COURSE.int + n) for n in (1, 2))
# Tuesdays at three in New York, before and after the clocks change.
STARTS: Final = {FIRST: "2027-03-09 20:00:00", SECOND: "2027-03-16 19:00:00"}
_MADE: Final = "'2026-11-20 12:00:00.000000'"


def _hour(start: str) -> str:
    return f"'{start}.000000', '{start[:11]}{int(start[11:13]) + 1}:00:00.000000'"


def _session(id: UUID, place: int, start: str) -> str:
    return (
        "INSERT INTO sessions (id, revision, kind, course_id, ordinal, clinician_id, starts_at,"
        f" ends_at, timezone, status, active, links_expire_at) VALUES ('{id.hex}', 1, 'course',"
        f" '{COURSE.hex}', {place}, '{DANA_ID.hex}', {_hour(start)}, '{NEW_YORK}', 'scheduled',"
        " true, '2027-04-15 12:00:00.000000')"
    )


_ROWS: Final = [
    "INSERT INTO clinicians (id, revision, name, email, timezone, working_hours, age_groups,"
    f" concerns, link_generation, created_at) VALUES ('{DANA_ID.hex}', 1, 'Dana Reyes',"
    f" 'dana@clinicians.example', '{NEW_YORK}', '[]', '[]', '[]', 0, {_MADE})",
    "INSERT INTO clients (id, revision, name, email, timezone, locale, link_generation,"
    f" created_at) VALUES ('{KIM_ID.hex}', 3, 'Kim Park', 'kim@clients.example', '{NEW_YORK}',"
    f" 'en', 2, {_MADE})",
    "INSERT INTO guardians (id, client_id, place, name, email, notices, link_generation) VALUES"
    f" ('{'a' * 32}', '{KIM_ID.hex}', 0, 'Jo Park', 'jo@clients.example', 'times', 0)",
    "INSERT INTO courses (id, clinician_id, first_date, local_time, timezone, created_at, planned)"
    f" VALUES ('{COURSE.hex}', '{DANA_ID.hex}', '2027-03-09', '15:00', '{NEW_YORK}', {_MADE}, 2)",
    "INSERT INTO course_clients (course_id, client_id, place) VALUES"
    f" ('{COURSE.hex}', '{KIM_ID.hex}', 0)",
    *(_session(id, place, start) for place, (id, start) in enumerate(STARTS.items(), 1)),
    *(
        "INSERT INTO session_clients (session_id, client_id, place, starts_at, ends_at, active)"
        f" VALUES ('{id.hex}', '{KIM_ID.hex}', 0, {_hour(start)}, true)"
        for id, start in STARTS.items()
    ),
    "INSERT INTO tasks (id, kind, subject_id, raised_at) VALUES"
    f" ('{'b' * 32}', 'came_of_age', '{KIM_ID.hex}', {_MADE})",
]


@pytest.fixture(params=["sqlite", "postgres"])
async def upgraded(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Migrated, clock: HeldClock
) -> AsyncIterator[Practice]:
    """The scheduler as it starts on the database of its ninth version."""
    async with migrated.empty(request.param, tmp_path) as url:
        database = Database.at(url)
        await database.write(
            lambda conn: conn.run_sync(as_it_was, MIGRATIONS, "scheduler_0009", _ROWS)
        )
        await database.close()
        async with TestClient(TestServer(create_app(settings_for(url), clock=clock))) as client:
            yield Practice(client=client, clock=clock)


async def test_people_are_written_to_as_before(upgraded: Practice) -> None:
    kim = await (await upgraded.get(f"/v1/clients/{KIM_ID}")).json()
    assert (kim["name"], kim["address_vouched"], kim["mail"]["opted_out"]) == ("Kim Park", True, [])
    (jo,) = kim["guardians"]
    assert (jo["notices"], jo["address_vouched"], jo["timezone"]) == ("times", True, None)
    changed = await upgraded.patch(f"/v1/clients/{KIM_ID}", {"mail": {"invitations": True}})
    assert (await changed.json())["mail"]["invitations"] is True
    settled = await upgraded.put("/v1/practice", {"mail": {"staff_address": "d@practice.example"}})
    assert settled.status == HTTPStatus.OK, await settled.text()


async def test_sessions_keep_their_hours_and_the_database_still_refuses_a_second_one(
    upgraded: Practice,
) -> None:
    course = await (await upgraded.get(f"/v1/courses/{COURSE}")).json()
    starts = [each["starts_at"] for each in course["sessions"]]
    assert starts == ["2027-03-09T15:00:00-05:00", "2027-03-16T15:00:00-04:00"]
    database = upgraded.client.app[DATABASE]
    second = sa.text(_session(UUID(int=9), 3, STARTS[SECOND]))
    with pytest.raises(Contention):
        await database.write(lambda conn: conn.execute(second))


async def test_a_session_is_moved_and_what_staff_were_to_see_to_is_still_there(
    upgraded: Practice,
) -> None:
    path = f"/v1/sessions/{SECOND}/move"
    moved = await upgraded.post(path, {"starts_at": "2027-03-17T15:00:00-04:00", "scope": "this"})
    assert moved.status == HTTPStatus.OK, await moved.text()
    (task,) = (await (await upgraded.get("/v1/tasks")).json())["tasks"]
    assert (task["kind"], task["status"]) == ("came_of_age", "open")
