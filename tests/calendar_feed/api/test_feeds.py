"""Who may open, list, rotate and revoke feeds, and what they are answered."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.calendar_feed.api.refusals import STATUS
from services.calendar_feed.domain.errors import CalendarFeedRefusal
from shared.clock import HeldClock
from tests.calendar_feed.api.running import (
    ADMIN,
    DANAS,
    FEED_URL,
    ORTIZS,
    SERVICE,
    STAFF,
    Client,
    Headers,
    open_feed,
    path_of,
    tell_directly,
)
from tests.calendar_feed.diary import dana_saved, events_of
from tests.cast import DANA_ID, ORTIZ_ID

DAY = timedelta(days=1)
NEW_ID = UUID("da0a0000-0000-4000-8000-0000000000ff")


async def test_a_new_feed_is_answered_with_its_address(client: Client) -> None:
    feed = await open_feed(client)
    token = feed["url"].removeprefix(f"{FEED_URL}/feeds/").removesuffix(".ics")
    assert len(token) == 43  # 32 bytes in base64url
    assert feed["webcal_url"] == f"webcal://feeds.hour.example/feeds/{token}.ics"
    assert (feed["name"], feed["detail"], feed["form"]) == ("Appointments", "busy", "instances")
    UUID(feed["id"])


@pytest.mark.parametrize("headers", [ADMIN, STAFF, DANAS], ids=["admin", "staff", "dana"])
async def test_staff_and_the_clinician_keep_feeds(client: Client, headers: Headers) -> None:
    feed = await open_feed(client, headers)
    listed = await client.get("/v1/feeds", headers=headers)
    (shown,) = (await listed.json())["feeds"]
    assert shown["id"] == feed["id"]
    assert not {"url", "webcal_url", "outlook_url", "google_url", "caldav_url", "qr_svg"} & set(
        shown
    )
    rotated = await client.post(f"/v1/feeds/{feed['id']}/rotate", headers=headers)
    assert rotated.status == HTTPStatus.OK
    gone = await client.delete(f"/v1/feeds/{feed['id']}", headers=headers)
    assert (gone.status, await gone.read()) == (HTTPStatus.NO_CONTENT, b"")
    listed = await client.get("/v1/feeds", headers=headers)
    assert await listed.json() == {"feeds": [], "next": None}


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, HTTPStatus.UNAUTHORIZED), (SERVICE, HTTPStatus.FORBIDDEN)],
    ids=["nobody", "service"],
)
async def test_others_do_not(client: Client, headers: Headers, status: HTTPStatus) -> None:
    path = f"/v1/feeds/{(await open_feed(client))['id']}"
    body = {"clinician_id": str(DANA_ID)}
    answers = [
        await client.post("/v1/feeds", json=body, headers=headers),
        await client.get("/v1/feeds", headers=headers),
        await client.post(f"{path}/rotate", headers=headers),
        await client.delete(path, headers=headers),
    ]
    assert {answer.status for answer in answers} == {status}


async def test_one_clinician_has_no_hold_on_anothers_feed(client: Client) -> None:
    feed = await open_feed(client)
    path = f"/v1/feeds/{feed['id']}"
    body = {"clinician_id": str(DANA_ID)}
    answers = [
        await client.post("/v1/feeds", json=body, headers=ORTIZS),
        await client.get("/v1/feeds", params=body, headers=ORTIZS),
        await client.post(f"{path}/rotate", headers=ORTIZS),
        await client.delete(path, headers=ORTIZS),
    ]
    assert [answer.status for answer in answers] == [403, 403, 404, 404]
    own = await client.get("/v1/feeds", headers=ORTIZS)
    assert (await own.json())["feeds"] == []
    assert (await client.get(path_of(feed))).status == HTTPStatus.OK


async def test_feeds_can_be_listed_for_one_clinician(client: Client) -> None:
    await open_feed(client)
    ortizs = await open_feed(client, clinician_id=str(ORTIZ_ID))
    answer = await client.get("/v1/feeds", params={"clinician_id": str(ORTIZ_ID)}, headers=ADMIN)
    assert [feed["id"] for feed in (await answer.json())["feeds"]] == [ortizs["id"]]


async def test_a_rotated_feeds_old_address_is_good_for_a_week_then_says_so_then_is_gone(
    client: Client, clock: HeldClock
) -> None:
    feed = await open_feed(client)
    before = await (await client.get(path_of(feed))).read()
    rotated = await (await client.post(f"/v1/feeds/{feed['id']}/rotate", headers=ADMIN)).json()
    assert (rotated["id"], rotated["url"] != feed["url"]) == (feed["id"], True)
    assert await (await client.get(path_of(rotated))).read() == before
    assert await (await client.get(path_of(feed))).read() == before
    clock.advance(7 * DAY)
    assert await summaries(client, feed) == {"This calendar has moved"}
    assert "Busy" in await summaries(client, rotated)
    clock.advance(30 * DAY)
    gone = await client.get(path_of(feed))
    assert (gone.status, (await gone.json())["title"]) == (410, "This calendar is no longer here.")


async def test_an_address_in_wrong_hands_stops_at_once(client: Client) -> None:
    feed = await open_feed(client)
    body = {"grace_days": 0}
    await client.post(f"/v1/feeds/{feed['id']}/rotate", json=body, headers=ADMIN)
    assert await summaries(client, feed) == {"This calendar has moved"}


async def test_a_second_rotation_never_lengthens_the_life_of_the_first_address(
    client: Client, clock: HeldClock
) -> None:
    feed = await open_feed(client)
    rotate = f"/v1/feeds/{feed['id']}/rotate"
    await client.post(rotate, json={"grace_days": 1}, headers=ADMIN)
    await client.post(rotate, json={"grace_days": 30}, headers=ADMIN)
    clock.advance(DAY)
    assert await summaries(client, feed) == {"This calendar has moved"}


async def test_a_revoked_feed_shows_nothing_at_once_and_says_so(
    client: Client, clock: HeldClock
) -> None:
    feed = await open_feed(client)
    assert "Busy" in await summaries(client, feed)
    await client.delete(f"/v1/feeds/{feed['id']}", headers=ADMIN)
    assert await summaries(client, feed) == {"This calendar has ended"}
    clock.advance(30 * DAY)
    assert (await client.get(path_of(feed))).status == HTTPStatus.GONE
    again = await client.delete(f"/v1/feeds/{feed['id']}", headers=ADMIN)
    rotated = await client.post(f"/v1/feeds/{feed['id']}/rotate", headers=ADMIN)
    assert (again.status, rotated.status) == (HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND)


async def test_a_feed_ends_after_its_last_day(client: Client, clock: HeldClock) -> None:
    feed = await open_feed(client, ends_on="2026-11-24")
    clock.advance(DAY)
    assert "Busy" in await summaries(client, feed)
    clock.advance(DAY)
    assert await summaries(client, feed) == {"This calendar has ended"}


async def summaries(client: Client, feed: dict[str, Any]) -> set[str]:
    answer = await client.get(path_of(feed))
    assert answer.status == HTTPStatus.OK
    body = await answer.read()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return {str(event["SUMMARY"]) for event in events_of(body).values()}


async def test_a_retried_request_opens_one_feed_and_does_not_repeat_its_address(
    client: Client,
) -> None:
    headers = {**ADMIN, "Idempotency-Key": "once"}
    first, again = await open_feed(client, headers), await open_feed(client, headers)
    assert again["id"] == first["id"]
    assert (again["url"], again["webcal_url"]) == (None, None)
    assert "shown once" in again["not_repeated"]


async def test_a_clinician_whose_event_comes_while_we_wait_gets_the_feed(client: Client) -> None:
    opening = asyncio.create_task(open_feed(client, clinician_id=str(NEW_ID)))
    await asyncio.sleep(0.3)
    assert not opening.done()
    await tell_directly(client, dana_saved(clinician_id=NEW_ID))
    assert (await opening)["clinician_id"] == str(NEW_ID)


async def test_a_clinician_who_never_comes_is_not_found_after_two_seconds(
    client: Client,
) -> None:
    begun = asyncio.get_running_loop().time()
    answer = await client.post("/v1/feeds", json={"clinician_id": str(uuid4())}, headers=ADMIN)
    assert answer.status == HTTPStatus.NOT_FOUND
    assert asyncio.get_running_loop().time() - begun > 1.9


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"detail": "initials"}, "#/detail"),
        ({"detail": "names"}, "#/detail"),
        ({"form": "tables"}, "#/form"),
        ({"form": "free_busy", "detail": "code"}, "#/detail"),
        ({"back_days": 91}, "#/back_days"),
        ({"ahead_days": 0}, "#/ahead_days"),
        ({"alarm_minutes": [10, 10]}, "#/alarm_minutes"),
        ({"alarm_minutes": [1, 2, 3, 4]}, "#/alarm_minutes"),
        ({"kinds": ["party"]}, "#/kinds/0"),
        ({"ends_on": "soon"}, "#/ends_on"),
        ({"name": ""}, "#/name"),
        ({"name": "x" * 101}, "#/name"),
        ({"name": "a\r\nb"}, "#/name"),
        ({"name": "a\x00b"}, "#/name"),
        ({"name": "\ud800"}, "#/name"),
        ({"clinician_id": "42"}, "#/clinician_id"),
        ({"alarms": True}, "#/alarms"),
    ],
    ids=lambda value: str(value)[:20].encode("ascii", "replace").decode(),
)
async def test_a_bad_field_is_named(client: Client, changes: dict[str, Any], pointer: str) -> None:
    body = {"clinician_id": str(DANA_ID), **changes}
    answer = await client.post("/v1/feeds", json=body, headers=ADMIN)
    problem = await answer.json()
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


async def test_initials_say_what_they_need(client: Client) -> None:
    body = {"clinician_id": str(DANA_ID), "detail": "initials"}
    answer = await client.post("/v1/feeds", json=body, headers=ADMIN)
    assert "BAA" in (await answer.json())["detail"]


def test_every_refusal_has_a_status() -> None:
    assert set(STATUS) == set(CalendarFeedRefusal.__subclasses__())
