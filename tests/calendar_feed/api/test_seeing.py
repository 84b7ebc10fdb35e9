"""What staff see of a feed and of who reads it, and how they change what it shows."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from services.calendar_feed.api.answers.feeds import ListedFeedAnswer
from services.calendar_feed.domain.feeds import MOST_FEEDS
from services.calendar_feed.keys import LEDGER, WRITER
from shared.clock import HeldClock
from shared.events.data import WorkingHours
from shared.web.keys import DATABASE
from tests.calendar_feed.api.running import (
    ADMIN,
    DANAS,
    ORTIZS,
    Client,
    metrics,
    open_feed,
    path_of,
    tell_directly,
)
from tests.calendar_feed.diary import (
    PUBLIC_URL,
    WEEKS,
    cancelled,
    dana_saved,
    events_of,
    moved,
    session_id,
    tuesday,
)
from tests.cast import DANA_ID
from tests.conftest import NOW

PLAIN = {"Accept-Encoding": "identity"}


async def get(client: Client, path: str) -> dict[str, Any]:
    answer = await client.get(path, headers=ADMIN | PLAIN)
    found: dict[str, Any] = await answer.json()
    assert answer.status == HTTPStatus.OK, found
    return found


async def written(client: Client) -> None:
    """Wait until every feed is written, and told of."""
    while await client.app[WRITER].write_once():
        pass


async def test_a_new_feed_is_answered_with_every_way_to_subscribe(client: Client) -> None:
    feed = await open_feed(client)
    rest = feed["url"].removeprefix("https://")
    assert feed["outlook_url"] == f"webcal:https://{rest}"
    assert feed["google_url"] == (
        "https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2F" + rest.replace("/", "%2F")
    )
    assert feed["caldav_url"] == feed["url"].replace("/feeds/", "/dav/").replace(".ics", "/")


async def test_the_code_for_a_phone_is_a_picture_that_any_program_opens(client: Client) -> None:
    picture = ElementTree.fromstring((await open_feed(client))["qr_svg"])
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.attrib.keys() == {"viewBox", "class"}
    assert {each.tag for each in picture.iter()} == {
        f"{{http://www.w3.org/2000/svg}}{name}" for name in ("svg", "path")
    }


async def test_the_preview_is_what_a_subscriber_sees_and_holds_no_link(client: Client) -> None:
    await tell_directly(client, cancelled(1))
    feed = await open_feed(client)
    body = await (await client.get(path_of(feed), headers=PLAIN)).read()
    seen = await get(client, f"/v1/feeds/{feed['id']}/preview")
    assert (seen["name"], seen["size"]) == ("Appointments", len(body))
    assert [each["starts_at"] for each in seen["entries"]] == [
        tuesday(number).isoformat() for number in range(WEEKS)
    ]
    assert [each["status"] for each in seen["entries"][:3]] == [
        *("CONFIRMED", "CANCELLED", "CONFIRMED")
    ]
    assert {each["summary"] for each in seen["entries"]} == {"Busy", "Cancelled: Busy"}
    assert all(each["has_link"] for each in seen["entries"])
    for event in events_of(body).values():
        assert event["URL"].rpartition("/")[2] not in str(seen)


async def test_the_preview_has_what_a_program_rings_and_says_but_not_what_opens(
    client: Client,
) -> None:
    hours = WorkingHours(weekday=2, start=1200, end=1440, until=date(2027, 6, 30))
    await tell_directly(client, dana_saved(revision=2, working_hours=(hours,)))
    feed = await open_feed(client, alarm_minutes=[10, 60], office_hours=True)
    seen = await get(client, f"/v1/feeds/{feed['id']}/preview")
    first = seen["entries"][0]
    assert first["alarm_minutes"] == [10, 60]
    assert first["description"] == f"{PUBLIC_URL}/join/…"
    (shown,) = seen["office_hours"]
    assert (shown["weekday"], shown["start"], shown["end"]) == ("wednesday", "20:00", "24:00")
    assert (shown["timezone"], shown["until"]) == ("America/New_York", "2027-06-30")


@pytest.mark.parametrize("form", ["instances", "series"])
async def test_what_is_missing_is_shown_with_the_feed_and_in_its_preview(
    client: Client, form: str
) -> None:
    feed = await open_feed(client, form=form)
    await client.app[DATABASE].write(
        lambda conn: conn.execute(
            sa.text("UPDATE entries SET status = 'maybe' WHERE session_id = :id").bindparams(
                sa.bindparam("id", session_id(3), sa.Uuid)
            )
        )
    )
    await tell_directly(client, moved(0))
    seen = await get(client, f"/v1/feeds/{feed['id']}/preview")
    assert seen["left_out"] == {"unwritable": 1, "no_room": 0}
    assert len(seen["entries"]) == WEEKS - 1
    await written(client)
    (listed,) = (await get(client, "/v1/feeds"))["feeds"]
    assert listed["left_out"] == {"unwritable": 1, "no_room": 0}
    assert 'feed_entries_left_out{reason="unwritable"} 1.0' in await metrics(client)


async def test_a_feed_that_has_ended_is_shown_as_it_is_served_and_makes_room(
    client: Client, clock: HeldClock
) -> None:
    last = (NOW + timedelta(days=3)).date().isoformat()
    ending = [await open_feed(client, ends_on=last) for _ in range(MOST_FEEDS)]
    path = f"/v1/feeds/{ending[0]['id']}"
    assert (await get(client, f"{path}/preview"))["ended"] is False
    clock.advance(timedelta(days=4))
    seen = await get(client, f"{path}/preview")
    assert seen["ended"] is True
    assert [each["summary"] for each in seen["entries"]] == ["This calendar has ended"]
    assert seen["entries"][0]["description"] == "You can remove it."
    new = await open_feed(client)
    ended = {each["id"]: each["ended"] for each in (await get(client, "/v1/feeds"))["feeds"]}
    assert ended == {**{each["id"]: True for each in ending}, new["id"]: False}
    again = [
        await client.patch(f"/v1/feeds/{each['id']}", json={"ends_on": None}, headers=ADMIN)
        for each in ending
    ]
    assert [each.status for each in again] == [HTTPStatus.OK] * 19 + [HTTPStatus.CONFLICT]
    clock.advance(timedelta(days=30))
    gone = await client.get(f"/v1/feeds/{ending[-1]['id']}/preview", headers=ADMIN)
    assert gone.status == HTTPStatus.GONE


async def test_a_feed_may_end_on_the_last_day_that_there_is(client: Client) -> None:
    feed = await open_feed(client, ends_on="9999-12-31")
    assert (await client.get(path_of(feed))).status == HTTPStatus.OK


async def test_the_preview_of_what_is_only_free_or_busy_shows_its_periods(client: Client) -> None:
    feed = await open_feed(client, form="free_busy")
    seen = await get(client, f"/v1/feeds/{feed['id']}/preview")
    assert len(seen["entries"]) == WEEKS
    body = await (await client.get(path_of(feed), headers=PLAIN)).read()
    assert b"VFREEBUSY" in body
    assert b"VEVENT" not in body


async def test_who_reads_a_feed_is_shown_without_any_address(client: Client) -> None:
    feed = await open_feed(client)
    reader = PLAIN | {"User-Agent": "Google-Calendar-Importer (feedfetcher@example.com)"}
    first = await client.get(path_of(feed), headers=reader)
    await client.get(path_of(feed), headers=reader | {"If-None-Match": first.headers["ETag"]})
    await client.app[LEDGER].write_once()
    (listed,) = (await get(client, "/v1/feeds"))["feeds"]
    assert listed.keys() == ListedFeedAnswer.model_fields.keys()
    (google,) = listed["readers"]
    assert (google["program"], google["fetches"]) == ("google", 2)
    fetches = await get(client, f"/v1/feeds/{feed['id']}/fetches")
    assert {each["program"] for each in fetches["fetches"]} == {"google"}
    assert {each["status"] for each in fetches["fetches"]} <= {200, 304}
    for shown in (str(listed), str(fetches)):
        assert "example.com" not in shown
        assert "127.0.0.1" not in shown


async def test_whoever_asks_for_the_headers_alone_has_read_nothing(client: Client) -> None:
    feed = await open_feed(client)
    assert (await client.head(path_of(feed))).status == HTTPStatus.OK
    assert (
        await client.head(path_of(feed).replace("feeds", "dav")[:-4] + "/")
    ).status == HTTPStatus.OK
    await client.app[LEDGER].write_once()
    assert (await get(client, f"/v1/feeds/{feed['id']}/fetches"))["fetches"] == []
    assert 'feed_fetches_total{status="200"} 2.0' in await metrics(client)


async def test_nobody_else_sees_a_clinicians_feed(client: Client) -> None:
    feed = await open_feed(client)
    for path in ("preview", "fetches"):
        found = await client.get(f"/v1/feeds/{feed['id']}/{path}", headers=ORTIZS)
        assert found.status == HTTPStatus.NOT_FOUND
        assert (
            await client.get(f"/v1/feeds/{feed['id']}/{path}", headers=DANAS)
        ).status == HTTPStatus.OK


async def test_what_a_feed_shows_is_changed_at_the_same_address(client: Client) -> None:
    feed = await open_feed(client)
    answer = await client.patch(
        f"/v1/feeds/{feed['id']}",
        json={"name": "Phone", "alarm_minutes": [10, 60], "join_links": False},
        headers=ADMIN,
    )
    changed = await answer.json()
    assert (changed["name"], changed["alarm_minutes"]) == ("Phone", [10, 60])
    assert (changed["detail"], changed["join_links"]) == ("busy", False)
    body = await (await client.get(path_of(feed), headers=PLAIN)).read()
    assert b"X-WR-CALNAME:Phone" in body
    event = next(iter(events_of(body).values()))
    assert len(event.walk("VALARM")) == 2
    assert "URL" not in event


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"detail": "initials"}, "#/detail"),
        ({"clinician_id": str(DANA_ID)}, "#/clinician_id"),
        ({"name": ""}, "#/name"),
        ({"ahead_days": 401}, "#/ahead_days"),
    ],
    ids=["initials", "owner", "name", "ahead"],
)
async def test_a_bad_change_is_named_and_changes_nothing(
    client: Client, changes: dict[str, Any], pointer: str
) -> None:
    feed = await open_feed(client)
    answer = await client.patch(f"/v1/feeds/{feed['id']}", json=changes, headers=ADMIN)
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [each["pointer"] for each in (await answer.json())["errors"]] == [pointer]
    (listed,) = (await get(client, "/v1/feeds"))["feeds"]
    assert listed["detail"] == "busy"


async def test_many_feeds_are_listed_a_page_at_a_time_and_nobody_has_more_than_twenty(
    client: Client, clock: HeldClock
) -> None:
    made = [await open_feed(client, name=f"feed {number}") for number in range(MOST_FEEDS)]
    more = await client.post("/v1/feeds", json={"clinician_id": str(DANA_ID)}, headers=ADMIN)
    assert more.status == HTTPStatus.CONFLICT
    first = await get(client, "/v1/feeds?limit=15")
    rest = await get(client, f"/v1/feeds?limit=15&next={first['next']}")
    assert (len(first["feeds"]), rest["next"]) == (15, None)
    listed = [each["id"] for page in (first, rest) for each in page["feeds"]]
    assert sorted(listed) == sorted(each["id"] for each in made)


async def test_two_who_open_the_last_feed_at_once_do_not_open_two(client: Client) -> None:
    for number in range(MOST_FEEDS - 1):
        await open_feed(client, name=f"feed {number}")
    asked = [
        client.post("/v1/feeds", json={"clinician_id": str(DANA_ID)}, headers=ADMIN)
        for _ in range(8)
    ]
    answers = sorted(each.status for each in await asyncio.gather(*asked))
    assert answers == [HTTPStatus.CREATED, *[HTTPStatus.CONFLICT] * 7]
