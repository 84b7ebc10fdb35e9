"""Bodies that cannot be read, filters that cannot be kept, and askers who come too often."""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import Any
from uuid import UUID

import pytest
import structlog

from services.calendar_feed.keys import LEDGER
from services.calendar_feed.settings import FETCHES_EACH_MINUTE
from services.calendar_feed.store.readers import readers_of
from services.calendar_feed.use_cases.fetching import MISSES_EACH_MINUTE
from shared.web.keys import DATABASE
from tests.calendar_feed.api.running import Client
from tests.calendar_feed.dav.asking import (
    NAMESPACES,
    C,
    D,
    ask,
    multiget,
    propfind,
    query,
    sync,
    token_of,
)
from tests.calendar_feed.diary import WEEKS, session_id

EVENTS = (
    '<C:comp-filter name="VCALENDAR">'
    '<C:comp-filter name="VEVENT">{}</C:comp-filter></C:comp-filter>'
)
LAUGHS = (
    '<?xml version="1.0"{}?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
    '<propfind xmlns="DAV:"><prop><displayname>&c;</displayname></prop></propfind>'
)


@pytest.mark.parametrize(
    "body",
    [
        b"<propfind",
        b"not xml",
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        LAUGHS.format("").encode(),
        LAUGHS.format(' encoding="utf-16"').encode("utf-16"),
        LAUGHS.format(' encoding="utf-7"').replace("<!", "+ADwAIQ-").encode(),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><propfind xmlns="DAV:"><allprop/></propfind>',
        b"<propfind xmlns='DAV:'><prop>&undeclared;</prop></propfind>",
    ],
)
async def test_what_is_no_plain_xml_is_not_read(client: Client, path: str, body: bytes) -> None:
    for method in ("PROPFIND", "REPORT"):
        answer = await client.request(method, path, data=body, headers={"Depth": "0"})
        assert answer.status == HTTPStatus.BAD_REQUEST
        assert (await answer.json())["type"] == "urn:standing-hour:problem:not-xml"


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_64_kib_is_refused(client: Client, path: str, chunked: bool) -> None:
    body = f"<propfind {NAMESPACES}><!--{'x' * 65536}--><allprop/></propfind>".encode()
    sent: Any = _in_pieces(body) if chunked else body
    answer = await client.request("PROPFIND", path, data=sent, headers={"Depth": "0"})
    assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


async def _in_pieces(body: bytes) -> Any:
    yield body[:1000]
    yield body[1000:]


async def test_a_report_that_is_not_there_is_refused(client: Client, path: str) -> None:
    unknown = await ask(client, "REPORT", path, f"<C:free-busy-query {NAMESPACES}/>")
    member = await sync(client, f"{path}{session_id(0)}.ics")
    for answer in (unknown, member):
        assert (answer.status, answer.error) == (403, f"{D}supported-report")
    assert (await ask(client, "REPORT", path)).status == HTTPStatus.BAD_REQUEST


async def test_an_address_that_is_none_is_not_found(client: Client, path: str) -> None:
    answer = await multiget(client, path, "http://[bad", f"{path}{session_id(0)}.ics")
    assert answer.status == HTTPStatus.MULTI_STATUS
    assert answer.present == {f"{session_id(0)}.ics"}
    assert "[bad" in answer.body.decode()


@pytest.mark.parametrize("names", [65, 6_500], ids=str)
async def test_more_names_than_a_client_needs_are_not_answered(
    client: Client, path: str, names: int
) -> None:
    asked = [f"n{number}" for number in range(names)]
    answer = await propfind(client, path, *asked, depth="1")
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert len(answer.body) < 1_000
    long = await propfind(client, path, *(each + "n" * 1_000 for each in asked[:5]), depth="1")
    assert long.status == HTTPStatus.UNPROCESSABLE_ENTITY


async def test_a_name_that_is_asked_for_often_is_answered_once(client: Client, path: str) -> None:
    answer = await propfind(client, path, *["CS:getctag"] * 1_000)
    assert answer.status == HTTPStatus.MULTI_STATUS
    assert answer.body.count(b"getctag") == 2


async def test_data_of_another_type_is_refused(client: Client, path: str) -> None:
    body = (
        f"<C:calendar-multiget {NAMESPACES}><prop>"
        '<C:calendar-data content-type="application/calendar+json"/></prop></C:calendar-multiget>'
    )
    answer = await ask(client, "REPORT", path, body)
    assert (answer.status, answer.error) == (403, f"{C}supported-calendar-data")


@pytest.mark.parametrize(
    ("inside", "numbers"),
    [
        ('<C:comp-filter name="VCALENDAR"/>', range(WEEKS)),
        (EVENTS.format(""), range(WEEKS)),
        (EVENTS.format('<C:time-range start="20270216T000000Z" end="20270224T000000Z"/>'), (0, 1)),
        (EVENTS.format('<C:time-range start="20270216T205959Z" end="20270223T200000Z"/>'), (0,)),
        (EVENTS.format('<C:time-range start="20270216T210000Z" end="20270223T200001Z"/>'), (1,)),
        (EVENTS.format('<C:time-range end="20270217T000000Z"/>'), (0,)),
        (EVENTS.format('<C:time-range start="20270601T000000Z"/>'), (15,)),
        (EVENTS.format('<C:time-range start="20300101T000000Z"/>'), ()),
    ],
)
async def test_a_query_answers_what_overlaps_its_range(
    client: Client, path: str, inside: str, numbers: Any
) -> None:
    answer = await query(client, path, inside)
    assert answer.present == {f"{session_id(number)}.ics" for number in numbers}


@pytest.mark.parametrize(
    ("inside", "error"),
    [
        ('<C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"/></C:comp-filter>', "f"),
        ('<C:comp-filter name="VCALENDAR"><C:prop-filter name="UID"/></C:comp-filter>', "f"),
        (EVENTS.format('<C:prop-filter name="SUMMARY"/>'), "f"),
        (EVENTS.format("<C:is-not-defined/>"), "f"),
        (EVENTS.format('<C:comp-filter name="VALARM"/>'), "f"),
        (EVENTS.format('<C:time-range start="20270216T000000Z"/>' * 2), "f"),
        ("", "v"),
        ('<C:comp-filter name="VEVENT"/>', "v"),
        (EVENTS.format("<C:time-range/>"), "v"),
        (EVENTS.format('<C:time-range start="2027-02-16"/>'), "v"),
        (EVENTS.format('<C:time-range start="20271316T000000Z"/>'), "v"),
        (EVENTS.format('<C:time-range start="20270217T000000Z" end="20270216T000000Z"/>'), "v"),
    ],
)
async def test_a_filter_that_cannot_be_kept_is_refused_and_not_left_out(
    client: Client, path: str, inside: str, error: str
) -> None:
    answer = await query(client, path, inside)
    named = {"f": f"{C}supported-filter", "v": f"{C}valid-filter"}[error]
    assert (answer.status, answer.error) == (403, named)


async def test_who_guesses_passwords_is_held_up_and_who_has_one_is_not(
    client: Client, path: str
) -> None:
    count, status = 0, HTTPStatus.NOT_FOUND.value
    while status == HTTPStatus.NOT_FOUND and count < 1_000:  # one comes back each second
        status, count = (await propfind(client, "/dav/guess/", "getetag")).status, count + 1
    assert status == HTTPStatus.TOO_MANY_REQUESTS
    assert count > MISSES_EACH_MINUTE
    assert (await propfind(client, path, "getetag")).status == 207


async def test_one_address_is_asked_so_many_times_a_minute(client: Client, path: str) -> None:
    count, status = 0, 207
    while status == 207 and count < 1_000:  # what was taken comes back, two a second
        status, count = (await propfind(client, path, "sync-token")).status, count + 1
    assert status == HTTPStatus.TOO_MANY_REQUESTS
    assert count > FETCHES_EACH_MINUTE


async def test_who_was_told_the_state_has_seen_it_and_who_asked_for_a_name_has_not(
    client: Client, feed: dict[str, Any], path: str
) -> None:
    reader = {"User_Agent": "DAVx5/4.5"}
    await propfind(client, path, "displayname", "resourcetype", **reader)
    await ask(client, "PUT", f"{path}new.ics", **reader)
    assert await _readers(client, feed) == {}
    await propfind(client, path, "CS:getctag", **reader)
    await propfind(client, path, "getetag", depth="1", **reader)
    await sync(client, path)
    await multiget(client, path, f"{path}{session_id(0)}.ics")
    assert await _readers(client, feed) == {"davx5": 2, "other": 2}


async def _readers(client: Client, feed: dict[str, Any]) -> dict[str, int]:
    await client.app[LEDGER].write_once()
    found = await client.app[DATABASE].read(lambda conn: readers_of(conn, [UUID(feed["id"])]))
    return {each.program.value: each.fetches for each in found}


async def test_no_log_line_and_no_metric_holds_a_token(
    client: Client, feed: dict[str, Any], path: str
) -> None:
    written = io.StringIO()
    log_before = structlog.get_config()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(written),
    )
    try:
        await sync(client, path)
        await ask(client, "GET", f"{path}no-such.ics")
        await ask(client, "GET", "/dav/not-a-token-of-ours/")
    finally:
        structlog.configure(**log_before)
    assert "/dav/{rest}" in written.getvalue()
    figures = await (await client.get("/metrics")).text()
    for told in (written.getvalue(), figures):
        assert token_of(feed) not in told
        assert "not-a-token-of-ours" not in told
