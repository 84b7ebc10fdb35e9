"""A calendar is read within its limits, from where it may be read, and told apart by version."""

from __future__ import annotations

import asyncio
import gzip
import time
from inspect import signature

import pytest
from aiohttp import web

from services.calendar_feed.channels.ics_fetch import (
    MOST_BYTES,
    SECONDS,
    Fetched,
    FetchFailed,
    IcsFetch,
    Version,
    https,
)
from services.calendar_feed.domain.outside import Complaint
from tests.fakes.ics_server import Answering, ics_server

NEW = Version()
BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def answering(**answer: object) -> Answering:
    async def give(_request: web.Request) -> web.Response:
        return web.Response(**answer)  # type: ignore[arg-type] # each test names what it needs

    return give


async def complaint_of(give: Answering, *, seconds: float = 5.0) -> Complaint:
    async with ics_server(give) as server:
        with pytest.raises(FetchFailed) as failed:
            await server.reader(seconds).fetch(server.address(), NEW)
    assert "127.0.0.1" not in str(failed.value)
    assert failed.value.__cause__ is None
    return failed.value.complaint


async def test_a_calendar_is_read_with_its_version() -> None:
    async with ics_server(answering(body=BODY, headers={"ETag": '"1"'})) as server:
        found = await server.reader().fetch(server.address(), NEW)
    assert found.body == BODY
    assert found.version == Version(etag='"1"')
    assert b"VCALENDAR" not in repr(found).encode()


async def test_what_is_known_is_asked_for_by_its_version() -> None:
    known = Version(etag='"1"', last_modified="Mon, 23 Nov 2026 14:00:00 GMT")
    async with ics_server(answering(status=304)) as server:
        found = await server.reader().fetch(server.address(), known)
        assert server.asked[0]["If-None-Match"] == '"1"'
        assert server.asked[0]["If-Modified-Since"] == known.last_modified
    assert found.body is None
    assert found.version == known


async def test_a_compressed_calendar_is_read() -> None:
    give = answering(body=gzip.compress(BODY), headers={"Content-Encoding": "gzip"})
    async with ics_server(give) as server:
        assert (await server.reader().fetch(server.address(), NEW)).body == BODY


async def test_ten_megabytes_are_read_and_one_octet_more_is_not() -> None:
    async with ics_server(answering(body=b"x" * MOST_BYTES)) as server:
        found = await server.reader().fetch(server.address(), NEW)
        assert found.body is not None
        assert len(found.body) == MOST_BYTES
    assert await complaint_of(answering(body=b"x" * (MOST_BYTES + 1))) is Complaint.TOO_BIG


async def test_a_bomb_ends_at_the_cap_once_decompressed() -> None:
    bomb = gzip.compress(bytes(200_000_000))
    began = time.monotonic()
    give = answering(body=bomb, headers={"Content-Encoding": "gzip"})
    assert await complaint_of(give) is Complaint.TOO_BIG
    assert time.monotonic() - began < 2


async def test_half_a_compressed_calendar_is_none() -> None:
    half = gzip.compress(BODY)[:-9]
    give = answering(body=half, headers={"Content-Encoding": "gzip"})
    assert await complaint_of(give) is Complaint.CUT_OFF


@pytest.mark.parametrize("cut", [5, len(BODY) - 5])
@pytest.mark.parametrize("after", [b"", bytes(1024)])
async def test_a_calendar_in_several_compressed_pieces_is_read_whole(
    cut: int, after: bytes
) -> None:
    pieces = gzip.compress(BODY[:cut]) + gzip.compress(b"") + gzip.compress(BODY[cut:]) + after
    give = answering(body=pieces, headers={"Content-Encoding": "gzip"})
    async with ics_server(give) as server:
        assert (await server.reader().fetch(server.address(), NEW)).body == BODY


async def test_of_several_compressed_pieces_none_may_be_cut() -> None:
    pieces = gzip.compress(BODY) + gzip.compress(BODY)[:-9]
    give = answering(body=pieces, headers={"Content-Encoding": "gzip"})
    assert await complaint_of(give) is Complaint.CUT_OFF


@pytest.mark.parametrize(("size", "count"), [(1, 20_000), (100_000, 101)])
async def test_many_compressed_pieces_end_at_the_cap_too(size: int, count: int) -> None:
    pieces = gzip.compress(bytes(size)) * count
    give = answering(body=pieces, headers={"Content-Encoding": "gzip"})
    assert await complaint_of(give) is Complaint.TOO_BIG


async def test_an_answer_that_breaks_off_is_none() -> None:
    async def break_off(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(BODY)
        assert request.transport is not None
        request.transport.abort()
        return answer

    assert await complaint_of(break_off) is Complaint.CUT_OFF


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('W/"1"', 'W/"1"'),
        ('"caf\u00e9"', None),
        (f'"{"x" * 998}"', f'"{"x" * 998}"'),
        (f'"{"x" * 999}"', None),
    ],
)
async def test_a_version_that_cannot_be_said_back_is_none(said: str, kept: str | None) -> None:
    async with ics_server(answering(body=BODY, headers={"ETag": said})) as server:
        found = await server.reader().fetch(server.address(), NEW)
    assert found.version == Version(etag=kept)


async def test_a_version_that_is_no_text_at_all_is_none() -> None:
    head = b'HTTP/1.1 200 OK\r\nETag: "caf\xe9"\r\nContent-Length: %d\r\n\r\n' % len(BODY)

    async def raw(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(head + BODY)
        await asyncio.sleep(1)
        return web.Response()

    async with ics_server(raw) as server:
        assert await server.reader().fetch(server.address(), NEW) == Fetched(body=BODY, version=NEW)


def test_a_server_has_fifteen_seconds() -> None:
    assert signature(IcsFetch).parameters["seconds"].default == SECONDS == 15


async def test_a_server_that_drips_is_left_when_the_time_is_over() -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(50):
            await answer.write(b"x")
            await asyncio.sleep(0.05)
        return answer

    began = time.monotonic()
    assert await complaint_of(drip, seconds=0.5) is Complaint.TOO_SLOW
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        ("https://127.0.0.1:1/", Complaint.ADDRESS_REFUSED),
        ("https://localhost:1/", Complaint.ADDRESS_REFUSED),
        ("https://[::ffff:127.0.0.1]:1/", Complaint.ADDRESS_REFUSED),
        ("https://0x7f000001:1/", Complaint.ADDRESS_REFUSED),
        ("https://169.254.169.254/latest/", Complaint.ADDRESS_REFUSED),
        ("http://127.0.0.1/", Complaint.NOT_HTTPS),
        ("file:///etc/passwd", Complaint.NOT_HTTPS),
        ("/again.ics", Complaint.TOO_MANY_REDIRECTS),
    ],
)
async def test_a_redirect_leads_nowhere_that_an_address_may_not(
    place: str, complaint: Complaint
) -> None:
    assert await complaint_of(answering(status=302, headers={"Location": place})) is complaint


async def test_five_redirects_are_followed() -> None:
    async def redirect(request: web.Request) -> web.Response:
        count = int(request.path.strip("/") or 0)
        if count < 5:
            return web.Response(status=302, headers={"Location": f"/{count + 1}"})
        return web.Response(body=BODY)

    async with ics_server(redirect) as server:
        assert (await server.reader().fetch(server.address("/0"), NEW)).body == BODY


async def test_nothing_of_the_loopback_is_read_unless_a_test_says_so() -> None:
    async with ics_server(answering(body=BODY)) as server:
        with pytest.raises(FetchFailed) as failed:
            await IcsFetch(tls=server.trusted).fetch(server.address(), NEW)
        assert not server.asked
    assert failed.value.complaint is Complaint.ADDRESS_REFUSED


@pytest.mark.parametrize(
    ("status", "complaint"),
    [(404, Complaint.NOT_THERE), (403, Complaint.NOT_THERE), (500, Complaint.AWAY)],
)
async def test_a_refusal_is_told_apart_from_an_absence(status: int, complaint: Complaint) -> None:
    assert await complaint_of(answering(status=status)) is complaint


def test_webcal_is_https() -> None:
    assert str(https("webcal://cal.example:8443/a%20b?k=1")) == "https://cal.example:8443/a%20b?k=1"
