"""When a zone changes its rules, what was agreed stays at its hour on the wall.

The sessions here were booked under 2025b, by which Vancouver has winters of its own; the rules
in force have none (2026 on).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.app import create_app
from services.scheduler.jobs import rezone_once
from services.scheduler.store.agreed_hours import keep_rules, kept_rules
from services.scheduler.store.tables import session_clients, sessions
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from shared.zones import TZ_VERSION
from tests.cast import ANA, KIM, Body
from tests.flows.stranger import ALWAYS
from tests.scheduler.command import ran
from tests.scheduler.practice import Practice, settings_for
from tests.zone_rules import VANCOUVER, vancouver_2025b

HOUR = timedelta(hours=1)
THREE = [f"2027-02-{day}T15:00:00-07:00" for day in (16, 23)]


async def test_a_course_stays_at_three_and_everyone_is_told_once(practice: Practice) -> None:
    course = await booked(practice)
    await as_under_2025b(practice)
    before = len(await practice.events())
    assert await rezone_once(app_of(practice)) == 4  # the weeks before the clocks went forward
    stored = await read(practice, course)
    assert [each["starts_at"][11:] for each in stored] == ["15:00:00-07:00"] * 16
    (told,) = await practice.events(after=before)
    assert told["type"] == "course.changed.v1"
    assert [each["revision"] for each in told["data"]["sessions"]] == [2] * 4
    assert await rezone_once(app_of(practice)) == 0
    assert len(await practice.events()) == before + 1
    assert await app_of(practice)[DATABASE].read(kept_rules) == TZ_VERSION


async def test_a_consultation_is_moved_and_told_as_any_move(
    database_url: str, clock: HeldClock
) -> None:
    settings = settings_for(database_url)
    serving = replace(settings.serving, practice_timezone=VANCOUVER)
    app = create_app(replace(settings, serving=serving), clock=clock)
    async with TestClient(TestServer(app)) as client:
        practice = Practice(client=client, clock=clock)
        session = await practice.consultation(*await in_vancouver(practice), THREE[0])
        await as_under_2025b(practice)
        assert await rezone_once(app) == 1
        now = await (await practice.get(f"/v1/sessions/{session['id']}")).json()
        (told,) = (await practice.events())[-1:]
    assert now["starts_at"] == THREE[0]
    assert told["type"] == "session.moved.v1"
    assert told["data"]["previous_starts_at"] == "2027-02-16T23:00:00Z"


async def test_hours_next_to_one_another_clear_the_way_for_one_another(practice: Practice) -> None:
    dana, kim = await in_vancouver(practice)
    ana = await practice.person(ANA)
    at_two = await booked(practice, dana, ana, time="14:00")
    at_three = await booked(practice, dana, kim)
    await as_under_2025b(practice)
    assert await rezone_once(app_of(practice)) == 8
    for course, hour in ((at_two, "14"), (at_three, "15")):
        assert {each["starts_at"][11:13] for each in await read(practice, course)} == {hour}
    assert await tasks(practice) == []


async def test_an_hour_that_is_taken_by_then_is_left_and_staff_are_asked(
    practice: Practice,
) -> None:
    dana, kim = await in_vancouver(practice)
    course = await booked(practice, dana, kim)
    await as_under_2025b(practice)
    ana = await practice.person(ANA)
    await practice.consultation(dana, ana, THREE[1])  # free by then: Kim was to come an hour later
    assert await rezone_once(app_of(practice)) == 3
    stored = await read(practice, course)
    assert [each["starts_at"][11:13] for each in stored[:4]] == ["15", "16", "15", "15"]
    assert await tasks(practice) == [("zone_changed", course["id"])]
    assert await rezone_once(app_of(practice)) == 0  # from here on it is for staff


async def test_a_session_that_is_stored_anew_before_that_keeps_its_agreed_hour(
    practice: Practice,
) -> None:
    course = await booked(practice)
    await as_under_2025b(practice)
    last = course["sessions"][-1]["id"]
    earlier = {"starts_at": "2027-02-12T15:00:00-07:00", "scope": "this"}
    await practice.made(f"/v1/sessions/{last}/move", earlier)  # all others get a new ordinal
    assert await rezone_once(app_of(practice)) == 4
    assert (await read(practice, course))[1]["starts_at"] == THREE[0]


async def test_new_rules_are_followed_before_anyone_can_ask(
    practice: Practice, database_url: str, clock: HeldClock
) -> None:
    course = await booked(practice)
    await as_under_2025b(practice)
    app = create_app(settings_for(database_url), clock=clock)
    async with TestClient(TestServer(app)) as client:
        stored = await read(Practice(client=client, clock=clock), course)
    assert stored[0]["starts_at"] == THREE[0]


async def test_the_command_lists_first_and_moves_when_asked(
    practice: Practice, database_url: str
) -> None:
    course = await booked(practice)
    await as_under_2025b(practice)
    before = len(await practice.events())
    code, said = await ran("rezone", database_url)
    first = course["sessions"][0]["id"]
    line = f"{first} 2027-02-16 15:00 {VANCOUVER} 2027-02-16T23:00Z -> 2027-02-16T22:00Z"
    assert (code, said.splitlines()[0], len(said.splitlines())) == (0, line, 4)
    assert len(await practice.events()) == before
    code, said = await ran("rezone", database_url, "--apply")
    assert (code, said.splitlines()[-1]) == (0, "4 moved and told, 0 left to staff as tasks")
    assert await ran("rezone", database_url) == (0, "")
    assert (await read(practice, course))[0]["starts_at"] == THREE[0]


async def in_vancouver(practice: Practice) -> tuple[str, str]:
    dana = await practice.clinician(timezone=VANCOUVER, working_hours=ALWAYS)
    return dana, await practice.person(KIM, timezone=VANCOUVER)


async def booked(practice: Practice, *people: str, time: str = "15:00") -> Body:
    dana, kim = people or await in_vancouver(practice)
    return await practice.course(dana, kim, timezone=VANCOUVER, time=time)


async def read(practice: Practice, course: Body) -> list[Any]:
    answer = await practice.get(f"/v1/courses/{course['id']}")
    found: list[Any] = (await answer.json())["sessions"]
    return found


async def tasks(practice: Practice) -> list[tuple[str, str]]:
    answer = await practice.get("/v1/tasks")
    return [(each["kind"], each["subject_id"]) for each in (await answer.json())["tasks"]]


def app_of(practice: Practice) -> web.Application:
    return practice.client.app


async def as_under_2025b(practice: Practice) -> None:
    """Leave the store as it was when these hours were booked by the rules of 2025b."""
    await app_of(practice)[DATABASE].write(_under_2025b)


async def _under_2025b(conn: AsyncConnection) -> None:
    zone = vancouver_2025b()
    columns = (sessions.c.id, sessions.c.local_starts_at)
    query = sa.select(*columns).where(sessions.c.timezone == VANCOUVER)
    rows = await conn.execute(query.order_by(sessions.c.starts_at.desc()))
    for row in rows.all():
        starts_at = row.local_starts_at.replace(tzinfo=zone).astimezone(UTC)
        then = {"starts_at": starts_at, "ends_at": starts_at + HOUR}
        for table, id in (
            (sessions, sessions.c.id),
            (session_clients, session_clients.c.session_id),
        ):
            await conn.execute(sa.update(table).where(id == row.id).values(then))
    await keep_rules(conn, "2025b")
