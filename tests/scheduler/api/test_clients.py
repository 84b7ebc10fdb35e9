"""What is known of a client changes; links are revoked; nothing that is booked moves."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest

from tests.cast import KIM, Body
from tests.scheduler.api.tables import faults, imported
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of

PARENT = {"name": "Ana Park", "email": "ana@clients.example", "notices": "copies"}
AUNT = {"name": "Lee Park", "email": "lee@clients.example", "notices": "times"}


async def changed(practice: Practice, id: str, **facts: object) -> Body:
    answer = await practice.patch(f"/v1/clients/{id}", facts)
    assert answer.status == 200, await answer.text()
    found: Body = await answer.json()
    return found


async def last_saved(practice: Practice) -> Any:
    told = [e for e in await practice.events() if e["type"] == "client.saved.v1"]
    return told[-1]["data"]


async def test_every_field_can_be_changed_and_is_told(practice: Practice) -> None:
    kim = await practice.person()
    facts = {
        "name": "Kim Lee",
        "email": "kim.lee@clients.example",
        "timezone": "America/Denver",
        "locale": "es",
        "date_of_birth": "2010-05-05",
        "guardians": [PARENT],
    }
    found = await changed(practice, kim, **facts)
    assert found["revision"] == 2
    assert {name: found[name] for name in facts if name != "guardians"} == {
        name: value for name, value in facts.items() if name != "guardians"
    }
    assert await (await practice.get(f"/v1/clients/{kim}")).json() == found
    told = await last_saved(practice)
    assert (told["revision"], told["name"], told["email"]) == (2, "Kim Lee", facts["email"])
    assert (told["timezone"], told["locale"]) == ("America/Denver", "es")
    assert [each["name"] for each in told["guardians"]] == ["Ana Park"]


async def test_what_is_left_out_stays(practice: Practice) -> None:
    kim = await practice.person(KIM, date_of_birth="2010-05-05", guardians=[PARENT])
    before = await (await practice.get(f"/v1/clients/{kim}")).json()
    after = await changed(practice, kim, locale="es")
    assert after == before | {"locale": "es", "revision": 2}


async def test_a_date_of_birth_can_be_taken_back(practice: Practice) -> None:
    kim = await practice.person(KIM, date_of_birth="2010-05-05")
    assert (await changed(practice, kim, date_of_birth=None))["date_of_birth"] is None


async def test_guardians_are_replaced_and_those_who_are_named_keep_their_id(
    practice: Practice,
) -> None:
    kim = await practice.person(KIM, guardians=[PARENT, AUNT])
    first, _ = (await (await practice.get(f"/v1/clients/{kim}")).json())["guardians"]
    found = await changed(practice, kim, guardians=[AUNT, first | {"notices": "times"}])
    assert [each["name"] for each in found["guardians"]] == ["Lee Park", "Ana Park"]
    assert found["guardians"][1] == first | {"notices": "times"}
    assert found["guardians"][0]["id"] != first["id"]
    assert await (await practice.get(f"/v1/clients/{kim}")).json() == found
    told = (await last_saved(practice))["guardians"]
    assert [(each["notices"], each["link_generation"]) for each in told] == [
        ("times", 0),
        ("times", 0),
    ]


async def test_a_guardian_who_is_to_hear_nothing_loses_the_links(practice: Practice) -> None:
    kim = await practice.person(KIM, guardians=[PARENT])
    (parent,) = (await (await practice.get(f"/v1/clients/{kim}")).json())["guardians"]
    await changed(practice, kim, guardians=[parent | {"notices": "none"}])
    (told,) = (await last_saved(practice))["guardians"]
    assert (told["notices"], told["link_generation"]) == ("none", 1)


async def test_a_guardian_of_someone_else_is_not_taken_over(practice: Practice) -> None:
    kim = await practice.person()
    other = await practice.person(KIM, guardians=[PARENT])
    (theirs,) = (await (await practice.get(f"/v1/clients/{other}")).json())["guardians"]
    answer = await practice.patch(f"/v1/clients/{kim}", {"guardians": [AUNT, theirs]})
    problem = await problem_of(answer, HTTPStatus.UNPROCESSABLE_ENTITY)
    assert problem["errors"][0]["pointer"] == "#/guardians/1/id"
    assert await practice.told() == ["client.saved.v1", "client.saved.v1"]


@pytest.mark.parametrize("born", ["2026-11-24", "2050-01-01"])
async def test_nobody_is_born_in_the_future(practice: Practice, born: str) -> None:
    """It is Monday, 23 November 2026, in New York."""
    kim = await practice.person(KIM, date_of_birth="2026-11-23")
    new = await practice.post("/v1/clients", KIM | {"date_of_birth": born})
    old = await practice.patch(f"/v1/clients/{kim}", {"date_of_birth": born})
    for answer in (new, old):
        problem = await problem_of(answer, HTTPStatus.UNPROCESSABLE_ENTITY)
        assert problem["type"] == "urn:standing-hour:problem:date-ahead"
        assert problem["errors"][0]["pointer"] == "#/date_of_birth"


async def test_the_day_of_birth_is_of_the_calendar_where_the_client_is(practice: Practice) -> None:
    tomorrow = "2026-11-24"  # and there it is that already
    await practice.person(KIM, date_of_birth=tomorrow, timezone="Pacific/Kiritimati")


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"name": None}, "#/name"),
        ({"name": ""}, "#/name"),
        ({"email": "kim"}, "#/email"),
        ({"timezone": "New York"}, "#/timezone"),
        ({"date_of_birth": "2010-02-30"}, "#/date_of_birth"),
        ({"guardians": [{"name": "A"}]}, "#/guardians/0/email"),
        ({"guardians": [PARENT | {"notices": "all"}]}, "#/guardians/0/notices"),
        ({"guardians": [PARENT | {"id": NOBODY}, AUNT | {"id": NOBODY}]}, "#/guardians"),
        ({"revision": 9}, "#/revision"),
    ],
)
async def test_a_field_that_is_wrong_is_named(
    practice: Practice, wrong: Body, pointer: str
) -> None:
    answer = await practice.patch(f"/v1/clients/{NOBODY}", wrong)
    problem = await problem_of(answer, HTTPStatus.UNPROCESSABLE_ENTITY)
    assert problem["errors"][0]["pointer"] == pointer


async def test_revoking_links_raises_the_generation_of_the_client_and_the_guardians(
    practice: Practice,
) -> None:
    kim = await practice.person(KIM, guardians=[PARENT])
    answer = await practice.post(f"/v1/clients/{kim}/revoke-links", {})
    assert answer.status == 200
    assert (await answer.json())["revision"] == 2
    told = await last_saved(practice)
    assert (told["revision"], told["link_generation"]) == (2, 1)
    assert [each["link_generation"] for each in told["guardians"]] == [1]


async def test_revoking_a_clinicians_links_raises_their_generation(practice: Practice) -> None:
    dana = await practice.clinician()
    answer = await practice.post(f"/v1/clinicians/{dana}/revoke-links", {})
    assert answer.status == 200
    assert (await answer.json())["revision"] == 2
    told = (await practice.events())[-1]
    assert told["type"] == "clinician.saved.v1"
    assert (told["data"]["revision"], told["data"]["link_generation"]) == (2, 1)


@AT_THE_DOOR
@pytest.mark.parametrize("path", ["clients/{}", "clients/{}/revoke-links"])
@pytest.mark.parametrize("id", [NOBODY, "kim"])
async def test_a_client_who_is_not_there_cannot_be_changed(
    practice: Practice, path: str, id: str
) -> None:
    path = f"/v1/{path.format(id)}"
    ask = practice.post if path.endswith("links") else practice.patch
    await problem_of(await ask(path, {}), HTTPStatus.NOT_FOUND)


@AT_THE_DOOR
async def test_a_clinicians_key_changes_no_client(practice: Practice) -> None:
    kim, key = await practice.person(), await practice.key("clinician", await practice.clinician())
    await problem_of(await practice.patch(f"/v1/clients/{kim}", {"locale": "es"}, key=key), 403)
    await problem_of(await practice.post(f"/v1/clients/{kim}/revoke-links", {}, key=key), 403)


async def test_a_table_enters_nobody_who_is_not_born_yet(practice: Practice) -> None:
    table = (
        "name,email,timezone,date_of_birth\n"
        "Kim Park,kim@clients.example,America/New_York,2026-11-23\n"
        "Ana Silva,ana@clients.example,America/New_York,2026-11-24\n"
    )
    found = await imported(practice, table)
    assert found["status"] == "refused"
    assert faults(found) == [(3, "date_of_birth")]
    assert found["errors"][0]["detail"] == "is still to come"
