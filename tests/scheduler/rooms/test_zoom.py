"""Zoom makes one meeting for each session; the clinician starts it and clients wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from yarl import URL

from services.scheduler.domain.rooms import may_lead_to
from services.scheduler.rooms.accounts import ZoomAccount
from services.scheduler.rooms.asking import Asking, asked_wait
from services.scheduler.rooms.port import NotReady
from services.scheduler.rooms.zoom import Zoom
from shared.clock import HeldClock
from tests.cast import DANA_ID
from tests.fakes import zoom_server
from tests.fakes.video_behaviours import Behaviour
from tests.scheduler.rooms.guests import GUEST, HOST, OPENS, says_nothing_personal, wish_for


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(OPENS)


@pytest.fixture
async def server(clock: HeldClock) -> AsyncIterator[zoom_server.Zoom]:
    async with zoom_server.Zoom(clock, users=("danas-user-id",)) as running:
        yield running


@pytest.fixture
def account(server: zoom_server.Zoom) -> ZoomAccount:
    return ZoomAccount(
        account_id=zoom_server.ACCOUNT,
        client_id=zoom_server.CLIENT,
        client_secret=zoom_server.SECRET,
        user="me",
        users={},
        api=URL(server.url),
        auth=URL(server.url),
    )


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.5)) as session:
        yield session


@pytest.fixture
def zoom(account: ZoomAccount, http: aiohttp.ClientSession, clock: HeldClock) -> Zoom:
    return Zoom(account, Asking(http, clock), clock)


async def test_zoom_is_told_a_time_and_a_neutral_word(server: zoom_server.Zoom, zoom: Zoom) -> None:
    await zoom.make(wish_for("zoom"))
    (asked,) = server.asked
    assert (asked["topic"], asked["start_time"]) == ("Appointment", "2027-02-16T19:45:00Z")
    assert (asked["type"], asked["duration"], len(asked["password"])) == (2, 90, 10)
    assert asked["settings"]["waiting_room"] is True
    assert asked["settings"]["join_before_host"] is False
    assert asked["settings"]["auto_recording"] == "none"
    assert says_nothing_personal(str(asked).replace("email_notification", ""))


async def test_clients_join_and_the_clinician_starts(server: zoom_server.Zoom, zoom: Zoom) -> None:
    room = await zoom.make(wish_for("zoom"))
    (number,) = server.meetings
    joins, begins = await zoom.way_in(room, GUEST), await zoom.way_in(room, HOST)
    assert joins == server.meetings[number]["join_url"]
    assert begins.startswith(f"https://us05web.zoom.us/s/{number}?zak=")
    assert may_lead_to(joins, zoom.hosts)
    assert may_lead_to(begins, zoom.hosts)
    assert "zak" not in room.url + room.reference


async def test_the_clinicians_way_in_is_asked_for_anew_at_each_press(zoom: Zoom) -> None:
    room = await zoom.make(wish_for("zoom"))
    assert await zoom.way_in(room, HOST) != await zoom.way_in(room, HOST)


async def test_each_clinician_may_have_a_zoom_user(
    server: zoom_server.Zoom, account: ZoomAccount, http: aiohttp.ClientSession, clock: HeldClock
) -> None:
    own = replace(account, users={str(DANA_ID): "danas-user-id"})
    await Zoom(own, Asking(http, clock), clock).make(wish_for("zoom"))
    assert [meeting["host_id"] for meeting in server.meetings.values()] == ["danas-user-id"]


async def test_a_meeting_that_was_made_is_kept_when_the_session_moves_a_little(
    server: zoom_server.Zoom, zoom: Zoom
) -> None:
    again = wish_for("zoom", reference="81234567890")
    assert await zoom.make(again) == again.room
    assert server.requests == []


async def test_one_token_serves_until_it_ends(
    server: zoom_server.Zoom, zoom: Zoom, clock: HeldClock
) -> None:
    await asyncio.gather(*(zoom.make(wish_for("zoom")) for _ in range(5)))
    assert server.requests.count("token") == 1
    clock.advance(timedelta(minutes=58))
    await zoom.make(wish_for("zoom"))
    assert server.requests.count("token") == 1
    clock.advance(timedelta(minutes=1))  # a minute before it ends
    await zoom.make(wish_for("zoom"))
    assert server.requests.count("token") == 2


async def test_a_token_that_is_refused_is_renewed_once(
    server: zoom_server.Zoom, zoom: Zoom
) -> None:
    await zoom.make(wish_for("zoom"))
    server.end_tokens()
    await asyncio.gather(*(zoom.make(wish_for("zoom")) for _ in range(3)))
    assert server.requests.count("token") == 2
    server.requests.clear()
    server.mood.always(Behaviour.UNAUTHORIZED)
    with pytest.raises(NotReady, match="token_refused"):
        await zoom.make(wish_for("zoom"))
    assert server.requests == ["create", "token", "create"]


async def test_too_many_requests_are_told_with_the_wait_that_zoom_asks_for(
    server: zoom_server.Zoom, zoom: Zoom
) -> None:
    server.mood.next_ones(Behaviour.TOO_MANY)
    with pytest.raises(NotReady, match="too_many") as why:
        await zoom.make(wish_for("zoom"))
    assert why.value.retry_after == 7
    assert server.requests == ["token", "create"]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("3", 3),
        ("0", 1),
        ("86400", 300),
        ("2027-02-16T19:46:00Z", 60),
        ("2027-02-16T19:46:00", 5),
        ("Tue, 16 Feb 2027 19:45:30 GMT", 30),
        ("soon", 5),
        ("", 5),
        (None, 5),
    ],
)
def test_a_wait_is_seconds_or_a_time(told: str | None, seconds: int) -> None:
    assert asked_wait(told, OPENS) == seconds


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (Behaviour.ERROR, "provider_error"),
        (Behaviour.HANG, "unreachable"),
        (Behaviour.DROP, "unreachable"),
        (Behaviour.NOT_JSON, "nonsense"),
        (Behaviour.EMPTY, "refused"),
        (Behaviour.REDIRECT, "nonsense"),
    ],
)
async def test_trouble_at_zoom_is_a_room_that_is_not_ready(
    server: zoom_server.Zoom, zoom: Zoom, behaviour: Behaviour, cause: str
) -> None:
    server.mood.always(behaviour)
    with pytest.raises(NotReady, match=cause):
        await zoom.make(wish_for("zoom"))


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (Behaviour.TOO_MANY, "too_many"),
        (Behaviour.EMPTY, "nonsense"),
        (Behaviour.NOT_JSON, "nonsense"),
        (Behaviour.HANG, "unreachable"),
    ],
)
async def test_trouble_with_the_token_is_a_room_that_is_not_ready(
    server: zoom_server.Zoom, zoom: Zoom, behaviour: Behaviour, cause: str
) -> None:
    server.oauth_mood.always(behaviour)
    with pytest.raises(NotReady, match=cause):
        await zoom.make(wish_for("zoom"))
    assert "create" not in server.requests


async def test_wrong_credentials_are_a_room_that_is_not_ready(
    account: ZoomAccount, http: aiohttp.ClientSession, clock: HeldClock
) -> None:
    for wrong in (replace(account, client_secret="x" * 20), replace(account, account_id="x")):
        with pytest.raises(NotReady, match="credentials_refused"):
            await Zoom(wrong, Asking(http, clock), clock).make(wish_for("zoom"))


async def test_a_meeting_that_was_deleted_at_zoom_is_gone(
    server: zoom_server.Zoom, zoom: Zoom
) -> None:
    room = await zoom.make(wish_for("zoom"))
    server.meetings.clear()
    with pytest.raises(NotReady) as why:
        await zoom.way_in(room, HOST)
    assert why.value.gone


async def test_a_user_that_zoom_does_not_know_is_a_room_that_is_not_ready(
    account: ZoomAccount, http: aiohttp.ClientSession, clock: HeldClock
) -> None:
    unknown = replace(account, user="nobody")
    with pytest.raises(NotReady, match="refused"):
        await Zoom(unknown, Asking(http, clock), clock).make(wish_for("zoom"))
