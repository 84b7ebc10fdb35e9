"""What is found below /dav/, by whom, and what is refused."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

import pytest

from services.calendar_feed.domain.window import MOST_BYTES
from tests.calendar_feed.api.running import ADMIN, Client, open_feed, path_of, tell_directly
from tests.calendar_feed.dav.asking import (
    CS,
    NAMESPACES,
    C,
    D,
    ask,
    dav_path,
    multiget,
    password,
    propfind,
    token_of,
)
from tests.calendar_feed.diary import WEEKS, events_of, session_id
from tests.calendar_feed.store.test_changes import handed_over

MEMBER = f"{session_id(0)}.ics"
EVERY = (
    *("resourcetype", "displayname", "getetag", "getcontenttype", "getlastmodified"),
    *("current-user-principal", "principal-URL", "owner", "current-user-privilege-set"),
    *("supported-report-set", "sync-token", "CS:getctag", "C:calendar-home-set"),
    *("C:calendar-user-address-set", "C:supported-calendar-component-set"),
    *("C:max-resource-size", "C:calendar-data", "quota-used-bytes"),
)


async def test_a_calendar_says_what_it_is(client: Client, path: str) -> None:
    answer = await propfind(client, path, *EVERY)
    assert answer.status == 207
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert list(answer.properties()) == [path]
    found = answer.properties()[path]
    kinds = {each.tag for each in found[f"{D}resourcetype"]}
    assert kinds == {f"{D}collection", f"{C}calendar", f"{D}principal"}
    assert found[f"{D}displayname"].text == "Tuesdays & more"
    for name in ("current-user-principal", "principal-URL", "owner"):
        assert found[D + name].findtext(f"{D}href") == path
    assert found[f"{C}calendar-home-set"].findtext(f"{D}href") == path
    assert list(found[f"{C}calendar-user-address-set"]) == []
    privileges = found[f"{D}current-user-privilege-set"].findall(f"{D}privilege/*")
    assert [each.tag for each in privileges] == [f"{D}read"]
    (component,) = found[f"{C}supported-calendar-component-set"]
    assert component.attrib == {"name": "VEVENT"}
    reports = found[f"{D}supported-report-set"].findall(f"{D}supported-report/{D}report/*")
    assert {each.tag for each in reports} == {
        f"{C}calendar-multiget",
        f"{C}calendar-query",
        f"{D}sync-collection",
    }
    assert found[f"{C}max-resource-size"].text == str(MOST_BYTES)
    assert found[f"{CS}getctag"].text == found[f"{D}sync-token"].text
    missing = answer.properties(404)[path]
    assert set(missing) == {f"{C}calendar-data", f"{D}quota-used-bytes"}


async def test_depth_1_adds_one_resource_for_each_session(client: Client, path: str) -> None:
    answer = await propfind(client, path, "getetag", "getcontenttype", "resourcetype", depth="1")
    found = answer.properties()
    assert set(found) == {path, *(f"{path}{session_id(number)}.ics" for number in range(WEEKS))}
    member = found[path + MEMBER]
    assert member[f"{D}getcontenttype"].text == "text/calendar; charset=utf-8; component=VEVENT"
    assert list(member[f"{D}resourcetype"]) == []


async def test_a_resource_is_one_event_exactly_as_in_the_feed(
    client: Client, feed: dict[str, Any], path: str
) -> None:
    whole = events_of((await ask(client, "GET", path_of(feed), Accept_Encoding="identity")).body)
    for number in range(WEEKS):
        body = (await ask(client, "GET", f"{path}{session_id(number)}.ics")).body
        ((uid, event),) = events_of(body).items()
        assert uid == str(session_id(number))
        assert event.to_ical() == whole[uid].to_ical()
        assert b"METHOD" not in body


@pytest.mark.parametrize(
    "chosen",
    [{"detail": "code", "alarm_minutes": [10], "join_links": False}, {"form": "series"}],
    ids=["code", "series"],
)
async def test_the_choices_of_the_feed_hold_here_too(
    client: Client, chosen: dict[str, Any]
) -> None:
    feed = await open_feed(client, **{"alarm_minutes": [10], "join_links": False, **chosen})
    body = (await ask(client, "GET", dav_path(feed) + MEMBER)).body.decode()
    assert "RRULE" not in body
    assert "TRIGGER:-PT10M" in body
    assert "URL:" not in body
    assert ("SUMMARY:Busy" in body) is ("detail" not in chosen)


async def test_the_validator_is_of_the_very_bytes(client: Client, path: str) -> None:
    got = await ask(client, "GET", path + MEMBER)
    assert got.headers["ETag"] == f'"{hashlib.sha256(got.body).hexdigest()}"'
    head = await ask(client, "HEAD", path + MEMBER)
    assert (head.status, head.body) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
        assert head.headers[name] == got.headers[name]
    again = await ask(client, "GET", path + MEMBER, If_None_Match=got.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    found = (await propfind(client, path + MEMBER, "getetag")).properties()
    assert found[path + MEMBER][f"{D}getetag"].text == got.headers["ETag"]


async def test_the_collection_itself_reads_as_the_whole_feed(
    client: Client, feed: dict[str, Any], path: str
) -> None:
    plain = {"Accept-Encoding": "identity"}
    whole = await client.get(path_of(feed), headers=plain)
    got = await ask(client, "GET", path)
    assert got.body == await whole.read()
    assert got.headers["ETag"] == whole.headers["ETag"]


async def test_many_are_got_at_once_and_each_that_is_not_there_is_named(
    client: Client, path: str
) -> None:
    strange = ["/elsewhere/a.ics", MEMBER, path + "no-such.ics", path + MEMBER.upper(), path]
    absolute = f"http://feeds.example{path}{session_id(1)}.ics"
    answer = await multiget(client, path, path + MEMBER, absolute, *strange, path + MEMBER)
    found = answer.properties()
    assert [href for href, properties in found.items() if properties] == [
        path + MEMBER,
        f"{path}{session_id(1)}.ics",
    ]
    assert answer.root.findall(f"{D}response")[-1].findtext(f"{D}href") == path
    assert len(answer.gone) == len(strange)
    data = found[path + MEMBER][f"{C}calendar-data"].text or ""
    assert list(events_of(data.encode())) == [str(session_id(0))]


async def test_an_empty_body_asks_for_the_usual_properties(client: Client, path: str) -> None:
    bare = await ask(client, "PROPFIND", path, Depth="0")
    allprop = f"<propfind {NAMESPACES}><allprop/><include><sync-token/></include></propfind>"
    more = await ask(client, "PROPFIND", path, allprop, Depth="0")
    usual = {f"{D}resourcetype", f"{D}displayname", f"{D}getetag", f"{D}getlastmodified"}
    assert usual <= set(bare.properties()[path])
    assert set(more.properties()[path]) - set(bare.properties()[path]) == {f"{D}sync-token"}
    assert bare.properties(404)[path] == {}


async def test_propname_names_and_says_nothing(client: Client, path: str) -> None:
    body = f"<propfind {NAMESPACES}><propname/></propfind>"
    found = (await ask(client, "PROPFIND", path, body, Depth="0")).properties()[path]
    assert f"{D}sync-token" in found
    assert f"{C}calendar-data" not in found
    assert {each.text for each in found.values()} == {None}


@pytest.mark.parametrize("headers", [{"Depth": "infinity"}, {}], ids=["infinity", "none"])
async def test_depth_has_to_be_finite(client: Client, path: str, headers: dict[str, str]) -> None:
    answer = await ask(client, "PROPFIND", path, **headers)
    assert (answer.status, answer.error) == (403, f"{D}propfind-finite-depth")


async def test_options_say_what_can_be_done_and_tell_no_token_from_another(
    client: Client, path: str
) -> None:
    for each in (path, "/dav/not-a-token/", "/dav/", "/dav"):
        answer = await ask(client, "OPTIONS", each)
        assert answer.status == 200
        assert answer.headers["DAV"] == "1, 3, calendar-access"
        assert answer.headers["Allow"] == "OPTIONS, GET, HEAD, PROPFIND, REPORT"


@pytest.mark.parametrize(
    "method",
    [
        *("PUT", "DELETE", "MKCALENDAR", "PROPPATCH", "MKCOL", "MOVE", "COPY", "LOCK", "POST"),
        *("UNLOCK", "PATCH"),
    ],
)
async def test_nothing_can_be_written(client: Client, path: str, method: str) -> None:
    for each in (path, path + MEMBER, path + "new.ics"):
        answer = await ask(client, method, each, "BEGIN:VCALENDAR")
        assert (answer.status, answer.error) == (403, f"{D}need-privileges")
    assert (await ask(client, "GET", path + MEMBER)).status == 200


async def test_a_method_that_nobody_knows_is_refused_with_those_that_are(
    client: Client, path: str
) -> None:
    answer = await ask(client, "SEARCH", path)
    assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert "PROPFIND" in answer.headers["Allow"]


@pytest.mark.parametrize("rest", ["not-a-token/", "not-a-token", "x/y/z", "A" * 43 + "/a.ics"])
async def test_what_never_was_an_address_is_one_404(client: Client, rest: str) -> None:
    for method in ("PROPFIND", "GET", "PUT", "REPORT"):
        answer = await ask(client, method, f"/dav/{rest}")
        assert answer.status == HTTPStatus.NOT_FOUND
        assert b"urn:standing-hour:problem:unknown-feed" in answer.body


async def test_hours_that_are_only_taken_have_no_resources(client: Client) -> None:
    feed = await open_feed(client, form="free_busy")
    assert feed["caldav_url"] is None
    assert (await propfind(client, dav_path(feed), "getetag")).status == HTTPStatus.NOT_FOUND


async def test_a_name_that_is_not_there_is_404(client: Client, path: str) -> None:
    for name in ("no-such.ics", str(session_id(0)), f"{session_id(WEEKS)}.ics"):
        assert (await ask(client, "GET", path + name)).status == HTTPStatus.NOT_FOUND


async def test_a_session_of_someone_else_is_not_there_whatever_it_is_asked_by(
    client: Client, path: str
) -> None:
    await tell_directly(client, handed_over(0))
    assert (await ask(client, "GET", path + MEMBER)).status == HTTPStatus.NOT_FOUND
    assert (await propfind(client, path + MEMBER, "getetag")).status == HTTPStatus.NOT_FOUND
    answer = await multiget(client, path, path + MEMBER)
    assert (answer.present, answer.gone) == (set(), {MEMBER})


async def test_a_session_that_was_not_chosen_is_not_there(client: Client) -> None:
    path = dav_path(await open_feed(client, kinds=["consultation"]))
    assert (await ask(client, "GET", path + MEMBER)).status == HTTPStatus.NOT_FOUND
    assert (await multiget(client, path, path + MEMBER)).gone == {MEMBER}


async def test_with_a_password_a_program_finds_its_way_from_one_address(
    client: Client, feed: dict[str, Any]
) -> None:
    key = password(token_of(feed))
    moved = await client.request("PROPFIND", "/.well-known/caldav", allow_redirects=False)
    assert (moved.status, moved.headers["Location"]) == (301, "/dav/")
    first = (await propfind(client, "/dav/", "current-user-principal", **key)).properties()
    principal = first["/dav/"][f"{D}current-user-principal"].findtext(f"{D}href", "")
    second = (await propfind(client, principal, "C:calendar-home-set", **key)).properties()
    home = second[principal][f"{C}calendar-home-set"].findtext(f"{D}href", "")
    third = (await propfind(client, home, "resourcetype", depth="1", **key)).properties()
    (calendar,) = [
        href
        for href, found in third.items()
        if found[f"{D}resourcetype"].find(f"{C}calendar") is not None
    ]
    members = (await propfind(client, calendar, "getetag", depth="1", **key)).properties()
    assert set(members) == {
        calendar,
        *(f"{calendar}{session_id(number)}.ics" for number in range(WEEKS)),
    }
    assert token_of(feed) not in str(members)
    assert (await ask(client, "GET", calendar + MEMBER, **key)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        password("not-a-token"),
        password(""),
        {"Authorization": "Basic !!!"},
        {"Authorization": "Bearer x"},
        ADMIN,
    ],
    ids=["none", "wrong", "empty", "garbage", "bearer", "key"],
)
@pytest.mark.parametrize("path", ["/dav/", "/dav", "/dav/calendar/", f"/dav/calendar/{MEMBER}"])
async def test_without_the_password_a_program_is_asked_for_it(
    client: Client, path: str, headers: dict[str, str]
) -> None:
    answer = await propfind(client, path, "current-user-principal", **headers)
    assert answer.status == HTTPStatus.UNAUTHORIZED
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Calendar feed", charset="UTF-8"'


async def test_an_old_address_shows_the_notice_and_then_nothing(
    client: Client, feed: dict[str, Any], path: str
) -> None:
    rotate = f"/v1/feeds/{feed['id']}/rotate"
    answer = await client.post(rotate, json={"grace_days": 0}, headers=ADMIN)
    made = await answer.json()
    old = await propfind(client, path, "getetag", depth="1")
    assert set(old.properties()) == {path, f"{path}notice.ics"}
    notice = await ask(client, "GET", f"{path}notice.ics")
    assert b"This calendar has moved" in notice.body
    assert (await ask(client, "GET", path + MEMBER)).status == HTTPStatus.NOT_FOUND
    key = password(token_of(feed))
    by_password = await propfind(client, "/dav/calendar/", "getetag", depth="1", **key)
    assert set(by_password.properties()) == {"/dav/calendar/", "/dav/calendar/notice.ics"}
    assert len((await propfind(client, dav_path(made), "getetag", depth="1")).properties()) == 17
