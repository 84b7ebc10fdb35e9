"""A poll of what was looked up a moment ago takes a short way, and nobody can tell."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import ClientResponse
from prometheus_client import generate_latest
from yarl import URL

from services.calendar_feed.keys import FETCHING, LEDGER
from shared.web.keys import METRICS
from tests.calendar_feed.api.running import ADMIN, Client, Headers, open_feed, path_of
from tests.calendar_feed.api.running import tell_directly as tell
from tests.calendar_feed.diary import events_of, moved

ACCEPTS = {"gzip": {"Accept-Encoding": "gzip"}, "plain": {"Accept-Encoding": "identity"}}
CALLED = {"User-Agent": "Google-Calendar-Importer", "X-Request-Id": "the-same-for-both"}


@pytest.fixture
async def feed(client: Client) -> dict[str, Any]:
    return await open_feed(client)


def token_of(feed: dict[str, Any]) -> str:
    return path_of(feed).removeprefix("/feeds/").removesuffix(".ics")


def long_way(feed: dict[str, Any]) -> URL:
    """The same address, its token spelled so that only the router knows it."""
    token = token_of(feed)
    return URL(f"/feeds/%{ord(token[0]):02X}{token[1:]}.ics", encoded=True)


async def looked_up(client: Client, feed: dict[str, Any], headers: Headers) -> ClientResponse:
    """Fetch until it stays at hand: what is written meanwhile has it looked up anew."""
    for _ in range(50):
        answer = await client.get(path_of(feed), headers=headers)
        await asyncio.sleep(0.2)
        if is_at_hand(client, feed):
            return answer
    raise AssertionError("a feed that was fetched is not at hand")


def is_at_hand(client: Client, feed: dict[str, Any]) -> bool:
    return client.app[FETCHING].at_hand(token_of(feed)) is not None


async def answered(client: Client, address: str | URL, headers: Headers) -> tuple[object, ...]:
    """Return status, headers and body, and what was counted of it."""
    before = counted(client)
    answer = await client.get(address, headers=headers)
    body = await answer.read()
    told = {name: value for name, value in answer.headers.items() if name != "Date"}
    new = {line for line, count in counted(client).items() if count != before.get(line, 0)}
    return answer.status, told, body, new


async def fetches(client: Client) -> int:
    """Return how many fetches the ledger knows of."""
    await client.app[LEDGER].write_once()
    (listed,) = (await (await client.get("/v1/feeds", headers=ADMIN)).json())["feeds"]
    return sum(reader["fetches"] for reader in listed["readers"])


def counted(client: Client) -> dict[str, float]:
    """Return every series that counts and none that times."""
    lines = generate_latest(client.app[METRICS].registry).decode().splitlines()
    split = (
        line.rpartition(" ") for line in lines if "feed_fetches_total" in line or "_count" in line
    )
    return {name: float(count) for name, _, count in split if "#" not in name}


@pytest.mark.parametrize("accept", ACCEPTS)
@pytest.mark.parametrize("has_it", [False, True], ids=["200", "304"])
async def test_both_ways_answer_count_and_note_the_same(
    client: Client, feed: dict[str, Any], accept: str, has_it: bool
) -> None:
    headers = {**CALLED, **ACCEPTS[accept]}
    first = await looked_up(client, feed, headers)
    noted = await fetches(client)
    if has_it:
        headers["If-None-Match"] = first.headers["ETag"]
    assert is_at_hand(client, feed)
    short = await answered(client, path_of(feed), headers)
    assert await fetches(client) == noted + 1
    assert short == await answered(client, long_way(feed), headers)
    assert await fetches(client) == noted + 2
    status, told, _, new = short
    assert status == (HTTPStatus.NOT_MODIFIED if has_it else HTTPStatus.OK)
    assert isinstance(told, dict)
    assert told["Cache-Control"] == "private, no-cache"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert new == {
        f'feed_fetches_total{{status="{status}"}}',
        f'http_request_seconds_count{{method="GET",route="/feeds/{{token}}.ics",status="{status}"}}',
    }


async def test_the_ledger_takes_nothing_from_what_is_at_hand(
    client: Client, feed: dict[str, Any]
) -> None:
    await looked_up(client, feed, {})
    assert await client.app[LEDGER].write_once() > 0
    assert is_at_hand(client, feed)


async def test_a_change_takes_the_old_bytes_out_of_reach(
    client: Client, feed: dict[str, Any]
) -> None:
    old = await (await looked_up(client, feed, {})).read()
    await tell(client, moved(0))
    assert not is_at_hand(client, feed)
    assert await (await client.get(path_of(feed))).read() != old


async def test_what_is_revoked_is_not_at_hand(client: Client, feed: dict[str, Any]) -> None:
    await looked_up(client, feed, {})
    await client.delete(f"/v1/feeds/{feed['id']}", headers=ADMIN)
    assert not is_at_hand(client, feed)
    ended = events_of(await (await client.get(path_of(feed), headers=ACCEPTS["plain"])).read())
    assert len(ended) == 1


async def test_who_asks_too_often_is_refused_on_both_ways(
    client: Client, feed: dict[str, Any]
) -> None:
    await looked_up(client, feed, {})
    for _ in range(1000):  # two are given back in each second that this takes
        refused = await client.get(path_of(feed))
        if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
            break
    assert refused.content_type == "application/problem+json"
    assert int(refused.headers["Retry-After"]) >= 1
