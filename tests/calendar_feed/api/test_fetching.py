"""What a calendar program is answered, poll after poll."""

from __future__ import annotations

import gzip
import hashlib
import io
from http import HTTPStatus

import pytest
import structlog
from yarl import URL

from shared.clock import HeldClock
from shared.logs import log
from tests.calendar_feed.api.running import ADMIN, Client, open_feed, path_of, tell_directly
from tests.calendar_feed.diary import WEEKS, events_of, moved, session_id, tuesday

ZIPPED = {"Accept-Encoding": "gzip, deflate, br"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
async def path(client: Client) -> str:
    return path_of(await open_feed(client))


async def test_a_feed_is_a_calendar_that_nobody_else_may_keep(client: Client, path: str) -> None:
    answer = await client.get(path, headers=PLAIN)
    body = await answer.read()
    assert answer.status == HTTPStatus.OK
    assert len(events_of(body)) == WEEKS
    found = {name: answer.headers.get(name) for name in EXPECTED}
    assert found == EXPECTED
    assert answer.headers["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"'
    assert "Content-Encoding" not in answer.headers


EXPECTED = {
    "Content-Type": "text/calendar; charset=utf-8",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Last-Modified": "Mon, 23 Nov 2026 14:00:00 GMT",
}


@pytest.mark.parametrize("accept", [ZIPPED, PLAIN], ids=["gzip", "plain"])
async def test_what_the_reader_has_is_not_sent_again(
    client: Client, path: str, accept: dict[str, str]
) -> None:
    first = await client.get(path, headers=accept)
    headers = {**accept, "If-None-Match": f'"other", W/{first.headers["ETag"]}'}
    again = await client.get(path, headers=headers)
    assert (again.status, await again.read()) == (HTTPStatus.NOT_MODIFIED, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
        assert again.headers[name] == first.headers[name]


async def test_after_a_change_it_is_sent_again(client: Client, path: str) -> None:
    first = await client.get(path, headers=PLAIN)
    await tell_directly(client, moved(0))
    headers = {**PLAIN, "If-None-Match": first.headers["ETag"]}
    again = await client.get(path, headers=headers)
    assert again.status == HTTPStatus.OK
    assert again.headers["ETag"] != first.headers["ETag"]
    event = events_of(await again.read())[str(session_id(0))]
    assert event["DTSTART"].dt > tuesday(0)


async def test_each_variant_has_its_own_validator(client: Client, path: str) -> None:
    plain = await client.get(path, headers=PLAIN)
    zipped = await client.get(path, headers=ZIPPED)
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(await zipped.read()) == await plain.read()
    crossed = await client.get(path, headers={**PLAIN, "If-None-Match": zipped.headers["ETag"]})
    assert crossed.status == HTTPStatus.OK


@pytest.mark.parametrize(
    ("accept", "zipped"),
    [
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*", True),
        ("br, GZIP;q=0.5", True),
        ("br", False),
        ("", False),
        ("gzip;q=high", False),
    ],
)
async def test_gzip_is_sent_only_to_those_who_take_it(
    client: Client, path: str, accept: str, zipped: bool
) -> None:
    answer = await client.get(path, headers={"Accept-Encoding": accept})
    assert (answer.headers.get("Content-Encoding") == "gzip") is zipped


async def test_head_says_the_same_and_sends_nothing(client: Client, path: str) -> None:
    got, head = await client.get(path, headers=ZIPPED), await client.head(path, headers=ZIPPED)
    assert (head.status, await head.read()) == (HTTPStatus.OK, b"")
    for name in ("ETag", "Content-Length", "Content-Type", "Content-Encoding", "Last-Modified"):
        assert head.headers[name] == got.headers[name]


async def test_polls_give_the_same_bytes(client: Client, path: str, clock: HeldClock) -> None:
    bodies = {await (await client.get(path, headers=PLAIN)).read() for _ in range(3)}
    assert len(bodies) == 1


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "%ED%A0%80", "é", "x" * 4000, ".."])
async def test_every_wrong_token_is_answered_the_same(client: Client, token: str) -> None:
    answer = await client.get(URL(f"/feeds/{token}.ics", encoded=token.startswith("%")))
    assert answer.status == HTTPStatus.NOT_FOUND
    assert await answer.json() == {
        "type": "urn:standing-hour:problem:unknown-feed",
        "title": "No such feed.",
        "status": 404,
    }


@pytest.mark.parametrize("rest", ["", "xyz", ".ics", "xyz.ICS", "a/b.ics", "xyz.ics/"])
async def test_what_does_not_look_like_an_address_is_answered_so_too(
    client: Client, rest: str
) -> None:
    answer, wrong = [await client.get(f"/feeds/{each}") for each in (rest, "x.ics")]
    assert (answer.status, await answer.json()) == (wrong.status, await wrong.json())
    assert 'feed_fetches_total{status="404"} 2.0' in await (await client.get("/metrics")).text()


async def test_an_address_without_its_end_opens_nothing(client: Client, path: str) -> None:
    answer = await client.get(path.removesuffix(".ics"))
    assert answer.status == HTTPStatus.NOT_FOUND


async def test_no_log_line_holds_a_token(client: Client) -> None:
    written = io.StringIO()
    log_before = structlog.get_config()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(written),
    )
    try:
        feed = await open_feed(client)
        await client.get(path_of(feed))
        await client.get("/feeds/not-a-token-of-ours.ics")
        await client.delete(f"/v1/feeds/{feed['id']}", headers=ADMIN)
        log.info("test.ended")
    finally:
        structlog.configure(**log_before)
    token = path_of(feed).removeprefix("/feeds/").removesuffix(".ics")
    assert "/feeds/{token}.ics" in written.getvalue()
    assert token not in written.getvalue()
    assert "not-a-token-of-ours" not in written.getvalue()


async def test_crawlers_may_fetch_feeds_since_google_asks_and_nothing_else(
    client: Client,
) -> None:
    answer = await client.get("/robots.txt")
    lines = (await answer.text()).splitlines()
    assert lines == ["User-agent: *", "Allow: /feeds/", "Disallow: /"]


async def test_ready_shows_the_window_and_the_consumer(client: Client) -> None:
    answer = await client.get("/ready")
    document = await answer.json()
    assert document["checks"]["window"] == {"ok": True, "first_day": "2026-10-24"}
    assert "log of scheduler" in document["checks"]
    assert document["tzversion"]


async def test_fetches_are_counted_by_status(client: Client, path: str) -> None:
    etag = (await client.get(path, headers=PLAIN)).headers["ETag"]
    await client.get(path, headers={**PLAIN, "If-None-Match": etag})
    await client.get("/feeds/x.ics")
    text = await (await client.get("/metrics")).text()
    for status in (200, 304, 404):
        assert f'feed_fetches_total{{status="{status}"}} 1.0' in text
    assert path.removeprefix("/feeds/") not in text
