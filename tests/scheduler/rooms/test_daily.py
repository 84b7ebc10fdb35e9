"""Daily makes one private room for each session, and admits whom we send, in its hour."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import jwt
import pytest
from yarl import URL

from services.scheduler.rooms.accounts import DailyAccount
from services.scheduler.rooms.asking import Asking
from services.scheduler.rooms.daily import Daily
from services.scheduler.rooms.port import NotReady
from shared.clock import HeldClock
from tests.fakes import daily_server
from tests.fakes.video_behaviours import Behaviour
from tests.scheduler.rooms.guests import (
    CLOSES,
    GUEST,
    HOST,
    NAME,
    OPENS,
    says_nothing_personal,
    wish_for,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock(OPENS)


@pytest.fixture
async def server(clock: HeldClock) -> AsyncIterator[daily_server.Daily]:
    async with daily_server.Daily(clock) as running:
        yield running


@pytest.fixture
async def daily(server: daily_server.Daily, clock: HeldClock) -> AsyncIterator[Daily]:
    account = DailyAccount(domain=daily_server.DOMAIN, api=URL(server.url), key=daily_server.KEY)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.5)) as http:
        yield Daily(account, Asking(http, clock), clock)


async def test_the_room_is_private_and_there_only_in_its_window(
    server: daily_server.Daily, daily: Daily
) -> None:
    room = await daily.make(wish_for("daily"))
    assert room.url == f"https://practice.daily.co/{NAME}"
    made = server.rooms[NAME]
    assert made["privacy"] == "private"
    assert made["config"] == {
        "nbf": OPENS.timestamp(),
        "exp": CLOSES.timestamp(),
        "eject_at_room_exp": True,
    }


async def test_only_the_clinician_owns_the_meeting(
    server: daily_server.Daily, daily: Daily
) -> None:
    room = await daily.make(wish_for("daily"))
    claims = {}
    for guest in (GUEST, HOST):
        way = URL(await daily.way_in(room, guest))
        assert way.with_query(None) == URL(room.url)
        claims[guest] = server.admits(NAME, way.query["t"])
        assert says_nothing_personal(str(claims[guest]))
    assert (claims[GUEST]["o"], claims[GUEST]["ud"]) == (False, GUEST.id)
    assert (claims[HOST]["o"], claims[HOST]["ud"]) == (True, HOST.id)
    assert set(claims[GUEST]) == {"r", "d", "ud", "o", "iat", "nbf", "exp"}


async def test_a_token_is_good_in_the_window_and_for_this_room(
    server: daily_server.Daily, daily: Daily, clock: HeldClock
) -> None:
    room = await daily.make(wish_for("daily"))
    token = URL(await daily.way_in(room, GUEST)).query["t"]
    server.rooms["another"] = server.rooms[NAME]
    with pytest.raises(AssertionError, match="another room"):
        server.admits("another", token)
    for moment in (OPENS - SECOND, CLOSES):
        clock.moment = moment
        with pytest.raises(AssertionError, match="not now"):
            server.admits(NAME, token)
    with pytest.raises(jwt.InvalidSignatureError):
        server.admits(NAME, jwt.encode({"r": NAME}, "f" * 40, algorithm="HS256"))


async def test_the_domain_is_asked_for_once(server: daily_server.Daily, daily: Daily) -> None:
    await daily.make(wish_for("daily"))
    server.rooms.clear()
    await daily.make(wish_for("daily"))
    assert server.requests == ["create", "domain", "create"]


async def test_a_room_that_is_there_already_gets_the_new_window(
    server: daily_server.Daily, daily: Daily
) -> None:
    await daily.make(wish_for("daily"))
    later = OPENS + timedelta(minutes=30)
    room = await daily.make(wish_for("daily", opens_at=later))
    assert room.url == f"https://practice.daily.co/{NAME}"
    assert server.rooms[NAME]["config"]["exp"] == (later + (CLOSES - OPENS)).timestamp()
    assert len(server.rooms) == 1


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (Behaviour.TOO_MANY, "too_many"),
        (Behaviour.ERROR, "provider_error"),
        (Behaviour.HANG, "unreachable"),
        (Behaviour.DROP, "unreachable"),
        (Behaviour.NOT_JSON, "nonsense"),
        (Behaviour.EMPTY, "nonsense"),
        (Behaviour.REDIRECT, "nonsense"),
        (Behaviour.UNAUTHORIZED, "key_refused"),
    ],
)
async def test_trouble_at_daily_is_a_room_that_is_not_ready(
    server: daily_server.Daily, daily: Daily, behaviour: Behaviour, cause: str
) -> None:
    server.mood.always(behaviour)
    with pytest.raises(NotReady) as why:
        await daily.make(wish_for("daily"))
    assert why.value.cause == cause
    assert why.value.retry_after == (7 if behaviour is Behaviour.TOO_MANY else 5)


async def test_a_key_of_another_domain_is_found_out(
    server: daily_server.Daily, clock: HeldClock
) -> None:
    account = DailyAccount(domain="other", api=URL(server.url), key=daily_server.KEY)
    async with aiohttp.ClientSession() as http:
        with pytest.raises(NotReady, match="another_domain"):
            await Daily(account, Asking(http, clock), clock).make(wish_for("daily"))
