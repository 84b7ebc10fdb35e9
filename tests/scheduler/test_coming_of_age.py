"""On the 18th birthday the scheduler lets guardians go by itself, once, and asks staff to look."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from services.scheduler.app import create_app
from services.scheduler.jobs import TICKS, let_guardians_go_once
from tests.cast import KIM
from tests.scheduler.practice import Practice, settings_for

PARENT: Final = {"name": "Ana Park", "email": "ana@clients.example", "notices": "copies"}
AUNT: Final = {"name": "Lee Park", "email": "lee@clients.example", "notices": "none"}
BIRTHDAY: Final = datetime.fromisoformat("2026-12-24T00:00:00-05:00")


async def teen(practice: Practice, **other: object) -> str:
    facts = {"date_of_birth": "2008-12-24", "guardians": [PARENT, AUNT]}
    return await practice.person(KIM, **(facts | other))


def go_to(practice: Practice, moment: datetime) -> None:
    practice.clock.advance(moment - practice.clock.now())


def app_of(practice: Practice) -> web.Application:
    assert practice.client.app is not None
    return practice.client.app


async def tasks(practice: Practice) -> list[tuple[str, str]]:
    found = (await (await practice.get("/v1/tasks", status="all")).json())["tasks"]
    return [(each["kind"], each["subject_id"]) for each in found]


async def test_nothing_happens_to_the_last_minute_of_17(practice: Practice) -> None:
    await teen(practice)
    go_to(practice, BIRTHDAY - timedelta(minutes=1))
    assert await let_guardians_go_once(app_of(practice)) == 0
    assert await practice.told() == ["client.saved.v1"]


async def test_on_the_birthday_guardians_hear_nothing_and_their_links_end(
    practice: Practice,
) -> None:
    kim = await teen(practice)
    go_to(practice, BIRTHDAY)
    assert await let_guardians_go_once(app_of(practice)) == 1
    first, second = [each["data"] for each in await practice.events()]
    assert (first["revision"], len(first["guardians"])) == (1, 2)
    assert (second["revision"], second["guardians"]) == (2, [])
    assert second["link_generation"] == 0  # Kim's own links stay good
    found = await (await practice.get(f"/v1/clients/{kim}")).json()
    assert [(each["name"], each["notices"]) for each in found["guardians"]] == [
        ("Ana Park", "none"),
        ("Lee Park", "none"),
    ]
    assert await tasks(practice) == [("came_of_age", kim)]


async def test_links_of_a_guardian_who_was_let_go_stay_dead(practice: Practice) -> None:
    """A birth date that was wrong is put right: the guardian hears again, by new links only."""
    kim = await teen(practice)
    go_to(practice, BIRTHDAY)
    await let_guardians_go_once(app_of(practice))
    await practice.patch(f"/v1/clients/{kim}", {"date_of_birth": "2009-12-24"})
    told: list[Any] = (await practice.events())[-1]["data"]["guardians"]
    assert [each["link_generation"] for each in told] == [1, 1]


async def test_it_happens_once(practice: Practice) -> None:
    kim = await teen(practice)
    go_to(practice, BIRTHDAY)
    for _ in range(3):
        await let_guardians_go_once(app_of(practice))
        practice.clock.advance(timedelta(days=1))
    assert await practice.told() == ["client.saved.v1"] * 2
    assert await tasks(practice) == [("came_of_age", kim)]


async def test_two_replicas_let_them_go_once(practice: Practice, database_url: str) -> None:
    kim = await teen(practice)
    go_to(practice, BIRTHDAY)
    other = create_app(settings_for(database_url), clock=practice.clock)
    async with TestClient(TestServer(other)):
        done = await asyncio.gather(
            *(let_guardians_go_once(app) for app in (app_of(practice), other) for _ in range(4))
        )
    assert sorted(done) == [0] * 7 + [1]
    assert await practice.told() == ["client.saved.v1"] * 2
    assert await tasks(practice) == [("came_of_age", kim)]


async def test_it_is_recorded_that_no_person_did_it(practice: Practice) -> None:
    kim = await teen(practice)
    go_to(practice, BIRTHDAY)
    await let_guardians_go_once(app_of(practice))
    page = await (await practice.get("/v1/audit", actor="scheduler")).json()
    assert [(each["action"], each["subjects"]) for each in page["entries"]] == [
        ("guardians let go", [kim])
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"guardians": []},
        {"guardians": [AUNT]},
        {"date_of_birth": None},
        {"date_of_birth": "2008-12-25"},
        {"timezone": "America/Chicago"},
    ],
)
async def test_where_there_is_nothing_to_end_nothing_is_told(
    practice: Practice, other: dict[str, object]
) -> None:
    await teen(practice, **other)
    go_to(practice, BIRTHDAY)
    assert await let_guardians_go_once(app_of(practice)) == 0
    assert await practice.told() == ["client.saved.v1"]
    assert await tasks(practice) == []


async def test_the_first_calendar_that_has_the_day_is_looked_at_in_time(practice: Practice) -> None:
    await teen(practice, timezone="Pacific/Kiritimati")
    there = datetime.fromisoformat("2026-12-24T00:00:00+14:00")
    go_to(practice, there - timedelta(seconds=1))
    assert await let_guardians_go_once(app_of(practice)) == 0
    go_to(practice, there)
    assert await let_guardians_go_once(app_of(practice)) == 1


def test_the_scheduler_looks_every_minute() -> None:
    (tick,) = [each for each in TICKS if each.run is let_guardians_go_once]
    assert tick.cron == "* * * * *"
