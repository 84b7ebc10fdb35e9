"""Clinicians and clients are entered, told of, and read."""

from __future__ import annotations

import pytest

from tests.cast import DANA, KIM, NEW_YORK
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of


async def test_a_clinician_is_entered_and_told_of(practice: Practice) -> None:
    dana = await practice.made("/v1/clinicians", DANA)
    assert {name: dana[name] for name in DANA} == DANA
    [told] = await practice.events()
    assert told["type"] == "clinician.saved.v1"
    assert told["data"] == {
        "clinician_id": dana["id"],
        "revision": 1,
        "name": "Dana Reyes",
        "email": "dana@clinicians.example",
        "timezone": NEW_YORK,
        "link_generation": 0,
        "mail": dana["mail"],
        "working_hours": [
            {"weekday": day, "start": 540, "end": 1080, "since": None, "until": None}
            for day in range(5)
        ],
    }
    assert await (await practice.get(f"/v1/clinicians/{dana['id']}")).json() == dana
    assert (await (await practice.get("/v1/clinicians")).json())["clinicians"] == [dana]


async def test_a_client_is_entered_with_guardians_and_told_of(practice: Practice) -> None:
    guardian = {"name": "Jo Park", "email": "jo@clients.example", "notices": "times"}
    wish = KIM | {"locale": "es", "date_of_birth": "2011-05-04", "guardians": [guardian]}
    kim = await practice.made("/v1/clients", wish)
    assert kim["guardians"][0] | guardian == kim["guardians"][0]
    [told] = await practice.events()
    assert told["type"] == "client.saved.v1"
    assert told["data"]["locale"] == "es"
    assert told["data"]["guardians"][0]["notices"] == "times"
    assert "2011" not in str(told["data"])
    assert await (await practice.get(f"/v1/clients/{kim['id']}")).json() == kim
    assert (await (await practice.get("/v1/clients")).json())["clients"] == [kim]


async def test_what_a_clinician_is_good_at_is_never_told(practice: Practice) -> None:
    body = DANA | {"concerns": ["grief"], "age_groups": ["teens"]}
    dana = await practice.made("/v1/clinicians", body)
    assert (dana["concerns"], dana["age_groups"]) == (["grief"], ["teens"])
    assert "grief" not in str(await practice.events())
    assert "rooms.example" not in str(await practice.events())


async def test_a_working_day_may_end_at_midnight(practice: Practice) -> None:
    hours = [{"weekday": "friday", "start": "18:00", "end": "24:00"}]
    dana = await practice.made("/v1/clinicians", DANA | {"working_hours": hours})
    assert dana["working_hours"] == hours


async def test_nobody_with_an_unknown_id(practice: Practice) -> None:
    for path in ("/v1/clinicians/", "/v1/clients/"):
        await problem_of(await practice.get(path + NOBODY), 404)
        await problem_of(await practice.get(path + "dana"), 404)


MONDAY = {"weekday": "monday", "start": "09:00", "end": "17:00"}


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("name", "", "#/name"),
        ("name", "   ", "#/name"),
        ("name", "x" * 201, "#/name"),
        ("name", "x" * 10_000, "#/name"),
        ("name", "Dana\r\nBcc: all@x.org", "#/name"),
        ("name", "Dana\x00", "#/name"),
        ("name", "Dana\ud800", "#/name"),
        ("name", 7, "#/name"),
        ("email", "dana", "#/email"),
        ("email", "Dana <dana@clinicians.example>", "#/email"),
        ("email", "dana@clinicians.example\nBcc: x@y.org", "#/email"),
        ("timezone", "EST5", "#/timezone"),
        ("timezone", "New York", "#/timezone"),
        ("room_url", "http://rooms.example/dana", "#/room_url"),
        ("room_url", "https:///dana", "#/room_url"),
        ("room_url", "javascript:alert(1)", "#/room_url"),
        ("room_url", "https://rooms.example/\r\nX: y", "#/room_url"),
        ("room_url", "https://[", "#/room_url"),
        ("working_hours", [MONDAY | {"weekday": "Mon"}], "#/working_hours/0/weekday"),
        ("working_hours", [MONDAY | {"weekday": ["monday"]}], "#/working_hours/0/weekday"),
        ("working_hours", [MONDAY | {"start": "9:00"}], "#/working_hours/0/start"),
        ("working_hours", [MONDAY | {"end": "24:01"}], "#/working_hours/0/end"),
        ("working_hours", [MONDAY | {"end": "09:00"}], "#/working_hours/0/end"),
        ("working_hours", [MONDAY | {"start": "24:00", "end": "24:00"}], "#/working_hours/0/end"),
        ("working_hours", [MONDAY] * 101, "#/working_hours"),
        ("concerns", "grief", "#/concerns"),
        ("password", "x", "#/password"),
    ],
)
async def test_a_wrong_fact_of_a_clinician_is_named(
    practice: Practice, field: str, value: object, pointer: str
) -> None:
    answer = await practice.post("/v1/clinicians", DANA | {field: value})
    problem = await problem_of(answer, 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert (await (await practice.get("/v1/clinicians")).json())["clinicians"] == []


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("name", "x" * 10_000, "#/name"),
        ("name", "Kim\r\nBcc: all@x.org", "#/name"),
        ("name", "Kim\x00Park", "#/name"),
        ("email", "kim@clients.example\r\nBcc: all@x.org", "#/email"),
        ("email", "x" * 10_000 + "@clients.example", "#/email"),
        ("guardians", [{"name": "x" * 10_000, "email": "jo@x.org"}], "#/guardians/0/name"),
        ("guardians", [{"name": "Jo\r\nCc: all@x.org", "email": "jo@x.org"}], "#/guardians/0/name"),
        ("locale", "klingon", "#/locale"),
        ("locale", "", "#/locale"),
        ("date_of_birth", "04/05/2011", "#/date_of_birth"),
        ("date_of_birth", "1899-12-31", "#/date_of_birth"),
        ("guardians", [{"name": "Jo"}], "#/guardians/0/email"),
        (
            "guardians",
            [{"name": "Jo", "email": "jo@x.org", "notices": "all"}],
            "#/guardians/0/notices",
        ),
    ],
)
async def test_a_wrong_fact_of_a_client_is_named(
    practice: Practice, field: str, value: object, pointer: str
) -> None:
    problem = await problem_of(await practice.post("/v1/clients", KIM | {field: value}), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert (await (await practice.get("/v1/clients")).json())["clients"] == []


@AT_THE_DOOR
@pytest.mark.parametrize("name", ["x" * 200, "كيم بارك", "<b>Kim</b> {{ Park }}", "Ōkami-O'Néill"])
async def test_a_name_is_kept_as_it_is_written(practice: Practice, name: str) -> None:
    kim = await practice.made("/v1/clients", KIM | {"name": name})
    assert kim["name"] == name


async def test_a_missing_fact_is_named(practice: Practice) -> None:
    problem = await problem_of(await practice.post("/v1/clinicians", {}), 422)
    named = [error["pointer"] for error in problem["errors"]]
    assert named == ["#/name", "#/email", "#/timezone"]
