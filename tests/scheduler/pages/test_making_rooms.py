"""However many press at once, and whatever a provider does, there is one room or a clear page."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.pool import QueuePool

from services.scheduler.jobs import forget_passed_rooms_once
from services.scheduler.store.tables import session_rooms
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from tests.cast import ANA
from tests.fakes import daily_server, zoom_server
from tests.fakes.video_behaviours import Behaviour
from tests.scheduler.pages.doors import (
    JITSI,
    Visit,
    daily_account,
    practice_with,
    visit,
    where,
    zoom_account,
)
from tests.scheduler.pages.test_join import MINUTE, STARTS


async def test_two_who_press_at_once_get_one_room(
    database_url: str, clock: HeldClock, zoom: zoom_server.Zoom
) -> None:
    async with practice_with(zoom_account(zoom), database_url, clock) as practice:
        door = await visit(practice)
        zoom.slow.clear()
        pressing = [asyncio.create_task(press()) for press in (door.client, door.clinician) * 5]
        await asyncio.sleep(0.2)
        assert not any(task.done() for task in pressing)
        zoom.slow.set()
        answers = [where(await task) for task in pressing]
        (number,) = zoom.meetings
        assert {answer.path for answer in answers} == {f"/j/{number}", f"/s/{number}"}
        assert zoom.requests.count("create") == 1


async def test_no_connection_is_held_while_a_provider_is_asked(
    database_url: str, clock: HeldClock, zoom: zoom_server.Zoom
) -> None:
    async with practice_with(zoom_account(zoom), database_url, clock) as practice:
        door = await visit(practice)
        zoom.slow.clear()
        pressing = asyncio.create_task(door.client())
        async with asyncio.timeout(5):
            await zoom.asked_for.wait()
        pool = practice.client.app[DATABASE].engine.pool
        assert isinstance(pool, QueuePool)
        assert pool.checkedout() == 0
        await practice.made("/v1/clients", ANA)
        zoom.slow.set()
        assert (await pressing).status == 303


async def test_two_replicas_make_one_room(
    database_url: str, clock: HeldClock, zoom: zoom_server.Zoom
) -> None:
    account = zoom_account(zoom)
    async with (
        practice_with(account, database_url, clock) as one,
        practice_with(account, database_url, clock) as two,
    ):
        door = await visit(one)
        zoom.slow.clear()
        there = Visit(practice=two, session=door.session)
        pressing = [asyncio.create_task(each.client()) for each in (door, there, door, there)]
        await asyncio.sleep(0.2)
        zoom.slow.set()
        rooms = {where(await task) for task in pressing}
        assert len(rooms) == 1
        assert zoom.requests.count("create") == 1


@pytest.mark.parametrize(
    "trouble", [each for each in Behaviour if each is not Behaviour.ACCEPT], ids=lambda t: t.value
)
async def test_a_provider_in_trouble_is_a_clear_page_and_nothing_half_made(
    database_url: str, clock: HeldClock, zoom: zoom_server.Zoom, trouble: Behaviour
) -> None:
    account = zoom_account(zoom)
    async with practice_with(account, database_url, clock, patience=0.3) as practice:
        door = await visit(practice)
        zoom.mood.always(trouble)
        answer = await door.client()
        page = await answer.text()
        if trouble is Behaviour.ELSEWHERE:
            assert (answer.status, "call the practice" in page) == (409, True)
        else:
            assert (answer.status, "try again" in page) == (503, True)
            assert '<form method="post">' in page
            seconds = "7" if trouble is Behaviour.TOO_MANY else "5"
            assert answer.headers["Retry-After"] == seconds
        assert "Location" not in answer.headers
        assert await door.rows() == []
        ana = (await practice.made("/v1/clients", ANA))["id"]
        later = STARTS + timedelta(days=1)
        assert await practice.consultation(door.session["clinician_id"], ana, later.isoformat())
        zoom.mood.always(Behaviour.ACCEPT)
        assert (await door.client()).status == 303


async def test_whoever_waits_for_a_room_that_cannot_be_made_is_told_to_try_again(
    database_url: str, clock: HeldClock, zoom: zoom_server.Zoom
) -> None:
    account = zoom_account(zoom)
    async with practice_with(account, database_url, clock, patience=0.5) as practice:
        door = await visit(practice)
        zoom.mood.next_ones(Behaviour.HANG)
        answers = await asyncio.gather(door.client(), door.clinician(), door.client())
        assert {answer.status for answer in answers} == {503}
        assert await door.rows() == []


async def test_a_claim_of_a_process_that_died_is_taken_over(
    database_url: str, clock: HeldClock, daily: daily_server.Daily
) -> None:
    async with practice_with(daily_account(daily), database_url, clock, patience=0.3) as practice:
        door = await visit(practice)
        first = where(await door.client()).path
        database = practice.client.app[DATABASE]
        async with database.engine.begin() as conn:  # as a kill in the middle leaves it
            until = clock.now() + timedelta(seconds=10)
            dead = {"claim": uuid4(), "claimed_until": until}
            await conn.execute(session_rooms.update().values(dead))
        assert (await door.client()).status == 503
        clock.advance(timedelta(seconds=11))
        assert where(await door.client()).path == first
        assert len(daily.rooms) == 1


async def test_a_meeting_deleted_at_the_provider_is_replaced_at_the_next_press(
    database_url: str, clock: HeldClock, zoom: zoom_server.Zoom
) -> None:
    async with practice_with(zoom_account(zoom), database_url, clock) as practice:
        door = await visit(practice)
        assert (await door.clinician()).status == 303
        zoom.meetings.clear()
        assert (await door.clinician()).status == 503
        assert await door.rows() == []
        (begins, joins) = where(await door.clinician()), where(await door.client())
        assert begins.path.rpartition("/")[2] == joins.path.rpartition("/")[2]


async def test_where_a_room_was_is_forgotten_a_day_after_it_closed(
    database_url: str, clock: HeldClock
) -> None:
    async with practice_with(JITSI, database_url, clock) as practice:
        door = await visit(practice)
        assert (await door.client()).status == 303
        clock.moment = STARTS + 75 * MINUTE + timedelta(days=1)
        assert await forget_passed_rooms_once(practice.client.app) == 0
        clock.advance(timedelta(seconds=1))
        assert await forget_passed_rooms_once(practice.client.app) == 1
        assert await door.rows() == []
