"""Pressing Join leads to one room for each session, which is made then and never before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from aiohttp.client import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.pool import QueuePool
from yarl import URL

from services.scheduler.app import create_app
from services.scheduler.rooms.accounts import (
    DailyAccount,
    JitsiServer,
    Signing,
    Video,
    ZoomAccount,
)
from services.scheduler.store.tables import session_rooms
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from tests.cast import ANA, DANA, KIM, LEE, Body
from tests.fakes import daily_server, zoom_server
from tests.fakes.prosody import Prosody
from tests.fakes.video_behaviours import Behaviour
from tests.scheduler.pages.test_join import MINUTE, STARTS, knock, link_of
from tests.scheduler.practice import Practice, settings_for

SECRET = "a secret that Prosody has as well"
JITSI = JitsiServer(
    url=URL("https://meet.practice.example"),
    domain="meet.practice.example",
    app_id="standing_hour",
    audience="standing_hour",
    signing=Signing(key=SECRET),
)
PROSODY = Prosody(
    domain="meet.practice.example",
    issuers=frozenset({"standing_hour"}),
    audiences=frozenset({"standing_hour"}),
    secret=SECRET,
)


@asynccontextmanager
async def practice_with(
    video: Video, database_url: str, clock: HeldClock, *hosts: str, patience: float = 2
) -> AsyncIterator[Practice]:
    settings = replace(
        settings_for(database_url),
        video=video,
        room_hosts=frozenset(hosts),
        room_seconds=patience,
    )
    async with TestClient(TestServer(create_app(settings, clock=clock))) as client:
        yield Practice(client=client, clock=clock)


@pytest.fixture
async def zoom(clock: HeldClock) -> AsyncIterator[zoom_server.Zoom]:
    async with zoom_server.Zoom(clock) as server:
        yield server


@pytest.fixture
async def daily(clock: HeldClock) -> AsyncIterator[daily_server.Daily]:
    async with daily_server.Daily(clock) as server:
        yield server


def zoom_account(server: zoom_server.Zoom) -> ZoomAccount:
    return ZoomAccount(
        account_id=zoom_server.ACCOUNT,
        client_id=zoom_server.CLIENT,
        client_secret=zoom_server.SECRET,
        user="me",
        users={},
        api=URL(server.url),
        auth=URL(server.url),
    )


def daily_account(server: daily_server.Daily) -> DailyAccount:
    return DailyAccount(domain=daily_server.DOMAIN, api=URL(server.url), key=daily_server.KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One session, and its two people at the door."""

    practice: Practice
    session: Body

    async def client(self) -> ClientResponse:
        return await knock(self.practice, link_of(self.session))

    async def clinician(self) -> ClientResponse:
        return await knock(self.practice, link_of(self.session, self.session["clinician_id"]))

    async def move(self, by: timedelta) -> None:
        body = {"starts_at": (STARTS + by).isoformat()}
        await self.practice.made(f"/v1/sessions/{self.session['id']}/move", body)

    async def rows(self) -> list[Any]:
        database = self.practice.client.app[DATABASE]
        async with database.engine.connect() as conn:
            return list((await conn.execute(sa.select(session_rooms))).all())


async def visit(practice: Practice, dana: Body = DANA) -> Visit:
    """Book Kim with Dana, and go to the start of the hour."""
    clinician_id = (await practice.made("/v1/clinicians", dana))["id"]
    client_id = (await practice.made("/v1/clients", KIM))["id"]
    session = await practice.consultation(clinician_id, client_id, STARTS.isoformat())
    practice.clock.moment = STARTS
    return Visit(practice=practice, session=session)


def where(answer: ClientResponse) -> URL:
    assert answer.status == 303
    return URL(answer.headers["Location"])


async def test_client_and_clinician_meet_in_one_jitsi_room(
    database_url: str, clock: HeldClock
) -> None:
    async with practice_with(JITSI, database_url, clock) as practice:
        door = await visit(practice)
        kim, dana = where(await door.client()), where(await door.clinician())
        assert kim.path == dana.path
        name = kim.path.strip("/")
        assert PROSODY.admits(kim.query["jwt"], name, STARTS)["moderator"] == "false"
        assert PROSODY.admits(dana.query["jwt"], name, STARTS)["moderator"] == "true"
        assert len(name) == 32
        for unsaid in (door.session["id"], door.session["clinician_id"], "dana", "kim"):
            assert unsaid.replace("-", "") not in name


async def test_nothing_is_made_before_the_press(
    database_url: str, clock: HeldClock, zoom: zoom_server.Zoom
) -> None:
    async with practice_with(zoom_account(zoom), database_url, clock) as practice:
        door = await visit(practice)
        clock.moment = STARTS - 16 * MINUTE
        assert (await door.client()).status == 409
        assert zoom.requests == []
        assert await door.rows() == []
        clock.moment = STARTS - 15 * MINUTE
        assert (await door.client()).status == 303
        assert zoom.requests == ["token", "create"]


async def test_each_session_has_a_room_of_its_own(database_url: str, clock: HeldClock) -> None:
    async with practice_with(JITSI, database_url, clock) as practice:
        door = await visit(practice)
        first = where(await door.client()).path
        ana = (await practice.made("/v1/clients", ANA))["id"]
        after = STARTS + timedelta(hours=1)
        other = await practice.consultation(door.session["clinician_id"], ana, after.isoformat())
        clock.moment = after
        assert where(await knock(practice, link_of(other))).path != first
        assert where(await door.client()).path == first


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


async def test_a_moved_session_has_a_new_room_once_the_old_window_has_passed(
    database_url: str, clock: HeldClock, daily: daily_server.Daily
) -> None:
    async with practice_with(daily_account(daily), database_url, clock) as practice:
        door = await visit(practice)
        first = where(await door.client())
        await door.move(timedelta(days=1))
        clock.moment = STARTS + timedelta(days=1)
        second = where(await door.client())
        assert second.path != first.path
        assert daily.admits(second.path.strip("/"), second.query["t"])["o"] is False
        assert [row.name for row in await door.rows()] == [second.path.strip("/")]


async def test_a_session_that_moves_a_little_keeps_its_room_to_the_new_end(
    database_url: str, clock: HeldClock, daily: daily_server.Daily
) -> None:
    async with practice_with(daily_account(daily), database_url, clock) as practice:
        door = await visit(practice)
        clock.moment = STARTS - 10 * MINUTE
        first = where(await door.client())
        await door.move(30 * MINUTE)
        clock.moment = STARTS + 20 * MINUTE
        second = where(await door.clinician())
        assert second.path == first.path
        clock.moment = STARTS + 104 * MINUTE
        assert daily.admits(second.path.strip("/"), second.query["t"])["o"] is True


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


async def test_what_lets_someone_in_as_the_host_is_not_kept(
    database_url: str, clock: HeldClock, zoom: zoom_server.Zoom
) -> None:
    async with practice_with(zoom_account(zoom), database_url, clock) as practice:
        door = await visit(practice)
        begins = where(await door.clinician())
        (row,) = await door.rows()
        assert begins.query["zak"] not in str(tuple(row))
        assert row.url.startswith("https://us05web.zoom.us/j/")


async def test_another_provider_makes_another_room(
    database_url: str, clock: HeldClock, daily: daily_server.Daily
) -> None:
    async with practice_with(JITSI, database_url, clock) as practice:
        door = await visit(practice)
        first = where(await door.client())
    async with practice_with(daily_account(daily), database_url, clock) as practice:
        second = where(await replace(door, practice=practice).client())
    assert (first.host, second.host) == ("meet.practice.example", "practice.daily.co")
    assert first.path != second.path


async def test_hosts_of_the_settings_are_allowed_too(
    database_url: str, clock: HeldClock, daily: daily_server.Daily
) -> None:
    account, more = daily_account(daily), "elsewhere.example"
    async with practice_with(account, database_url, clock, more) as practice:
        daily.mood.always(Behaviour.ELSEWHERE)
        assert where(await (await visit(practice)).client()).host == more


async def test_the_room_that_staff_entered_is_used_as_it_is_now(practice: Practice) -> None:
    door = await visit(practice)
    assert str(where(await door.client())) == "https://rooms.example/dana"
    assert await door.rows() == []


async def test_a_group_of_three_meets_in_one_room_as_three_guests(
    database_url: str, clock: HeldClock
) -> None:
    async with practice_with(JITSI, database_url, clock) as practice:
        clinician_id = await practice.clinician()
        people = [await practice.person(body) for body in (KIM, ANA, LEE)]
        group = {"clinician_id": clinician_id, "client_ids": people}
        session = await practice.made(
            "/v1/sessions", group | {"kind": "follow_up", "starts_at": STARTS.isoformat()}
        )
        clock.moment = STARTS
        ways = [where(await knock(practice, link_of(session, person))) for person in people]
        (name,) = {way.path.strip("/") for way in ways}
        guests = [PROSODY.admits(way.query["jwt"], name, STARTS) for way in ways]
        assert len({guest["id"] for guest in guests}) == 3
        assert {guest["moderator"] for guest in guests} == {"false"}
