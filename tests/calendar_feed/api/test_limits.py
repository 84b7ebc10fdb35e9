"""How often one may ask, and how often one may guess."""

from __future__ import annotations

from http import HTTPStatus
from ipaddress import ip_network

import pytest

from shared.clock import HeldClock
from tests.calendar_feed.api.running import Client, metrics, open_feed, path_of, running


async def test_one_address_may_be_asked_for_often_but_not_without_end(client: Client) -> None:
    path = path_of(await open_feed(client))
    answers = [await client.head(path) for _ in range(125)]
    assert [each.status for each in answers[:120]] == [HTTPStatus.OK] * 120
    refused = answers[-1]
    assert refused.status == HTTPStatus.TOO_MANY_REQUESTS
    assert int(refused.headers["Retry-After"]) >= 1
    assert (await client.head(path_of(await open_feed(client)))).status == HTTPStatus.OK


async def guesses(client: Client, headers: dict[str, str] | None = None) -> list[int]:
    """Guess until that is refused; one guess comes back each second."""
    statuses: list[int] = []
    while HTTPStatus.TOO_MANY_REQUESTS not in statuses and len(statuses) < 1_000:
        answer = await client.get(f"/feeds/{len(statuses)}.ics", headers=headers)
        statuses.append(answer.status)
    return statuses


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["feeds/x.ics", "dav/x/"])
async def test_behind_a_trusted_proxy_who_guesses_holds_up_nobody_else(
    database_url: str, clock: HeldClock, path: str
) -> None:
    loopback = (ip_network("127.0.0.1"),)
    async with running(database_url, clock, trusted_proxies=loopback) as client:
        guesser = {"X-Forwarded-For": "203.0.113.1"}
        assert (await guesses(client, guesser))[-1] == HTTPStatus.TOO_MANY_REQUESTS
        feigned = {"X-Forwarded-For": "198.51.100.1, 203.0.113.1"}
        other = {"X-Forwarded-For": "203.0.113.1, 203.0.113.2"}
        found = [(await client.get(f"/{path}", headers=feigned)).status for _ in range(5)]
        assert HTTPStatus.TOO_MANY_REQUESTS in found
        assert (await client.get(f"/{path}", headers=other)).status == HTTPStatus.NOT_FOUND


async def test_guesses_from_one_place_are_limited_and_hold_up_nobody(client: Client) -> None:
    path = path_of(await open_feed(client))
    statuses = await guesses(client)
    assert statuses[0] == HTTPStatus.NOT_FOUND
    assert statuses[-1] == HTTPStatus.TOO_MANY_REQUESTS
    told = await metrics(client)
    for status in (HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS):
        line = f'feed_fetches_total{{status="{status.value}"}} {statuses.count(status)}.0'
        assert line in told
    assert (await client.get(path)).status == HTTPStatus.OK
