"""Pressing Join leads to one room for each session, which is made then and never before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.clock import HeldClock
from tests.cast import ANA, KIM, LEE
from tests.fakes import daily_server, zoom_server
from tests.fakes.video_behaviours import Behaviour
from tests.scheduler.pages.doors import (
    JITSI,
    PROSODY,
    daily_account,
    practice_with,
    visit,
    where,
    zoom_account,
)
from tests.scheduler.pages.test_join import MINUTE, STARTS, knock, link_of
from tests.scheduler.practice import Practice


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
