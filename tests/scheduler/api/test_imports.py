"""A table of people is entered whole or not at all, and everything wrong in it is told."""

from __future__ import annotations

import pytest

from tests.cast import KIM
from tests.scheduler.api.tables import CLIENTS, CLINICIANS, ended, faults, imported, people, send
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of


async def test_clients_are_entered_and_told_of(practice: Practice) -> None:
    answer = await send(practice, CLIENTS)
    first = await answer.json()
    assert first["status"] == "waiting"
    found = await ended(practice, answer)
    assert found == first | {"status": "done", "lines": 2, "done": 2, "entered": 2}
    kim, ana = sorted(await people(practice), key=lambda each: each["name"], reverse=True)
    assert (kim["name"], kim["date_of_birth"], kim["locale"]) == ("Kim Park", "1990-04-01", "en")
    assert (ana["email"], ana["date_of_birth"], ana["locale"]) == (
        "ana@clients.example",
        None,
        "es",
    )
    assert await practice.told() == ["client.saved.v1"] * 2


async def test_clinicians_are_entered_with_all_that_is_known_of_them(practice: Practice) -> None:
    found = await imported(practice, CLINICIANS, kind="clinicians")
    assert (found["status"], found["entered"]) == ("done", 2)
    ortiz, dana = sorted(await people(practice, "clinicians"), key=lambda each: -len(each["name"]))
    hours = [(each["weekday"], each["start"], each["end"]) for each in dana["working_hours"]]
    assert hours == [("monday", "09:00", "12:00"), ("tuesday", "13:00", "18:00")]
    assert (dana["age_groups"], dana["languages"]) == (["adult", "teen"], ["en", "es"])
    assert [each["state"] for each in dana["licenses"]] == ["US-NY", "US-NJ"]
    assert (dana["accepting_clients"], dana["capacity"]) == (True, 8)
    assert (ortiz["accepting_clients"], ortiz["capacity"]) == (False, None)


async def test_guardians_stand_in_columns_of_their_own(practice: Practice) -> None:
    table = (
        "name,email,timezone,guardian1_name,guardian1_email,guardian1_notices,"
        "guardian2_name,guardian2_email\n"
        "Kim Park,kim@clients.example,America/New_York,Jo Park,jo@example.org,times,,\n"
        "Ana Silva,ana@clients.example,America/New_York,,,,Eva Silva,eva@example.org\n"
    )
    assert (await imported(practice, table))["status"] == "done"
    wards = {each["name"]: each["guardians"] for each in await people(practice)}
    assert [(each["name"], each["notices"]) for each in wards["Kim Park"]] == [("Jo Park", "times")]
    assert [(each["name"], each["notices"]) for each in wards["Ana Silva"]] == [
        ("Eva Silva", "none")
    ]


@pytest.mark.parametrize(
    "text",
    [
        CLIENTS.encode("utf-8-sig"),
        CLIENTS.replace(",", ";"),
        CLIENTS.replace(",", "\t"),
        CLIENTS.replace("\n", "\r\n"),
        CLIENTS.rstrip("\n"),
        "\n\n" + CLIENTS + "\n,,,,\n\n",
        CLIENTS.replace("Kim Park", '"Kim Park"').replace("name,email", " Name , EMAIL "),
        "email,timezone,name\nkim@clients.example,America/New_York,Kim Park\n"
        'ana@clients.example,America/New_York,"Silva, Ana"\n',
    ],
    ids=["BOM", "semicolons", "tabs", "CR LF", "no last line", "blank", "spaces", "other order"],
)
async def test_a_table_may_be_written_in_several_ways(
    practice: Practice, text: str | bytes
) -> None:
    found = await imported(practice, text)
    assert (found["status"], found["entered"], found["errors"]) == ("done", 2, [])


async def test_every_error_is_told_and_nobody_is_entered(practice: Practice) -> None:
    table = (
        "name,email,timezone,date_of_birth,guardian2_name,guardian2_email\n"
        "Kim Park,kim@clients.example,America/New_York,,,\n"
        ",not an address,New York,1990-13-01,,\n"
        '"A name\nof two lines",ana@clients.example,America/New_York,,,\n'
        "Lee Chen,lee@clients.example,,,Jo,jo\n"
        "Sam,sam@clients.example,America/New_York,,,,,\n"
    )
    found = await imported(practice, table)
    assert (found["status"], found["lines"], found["done"], found["entered"]) == (
        "refused",
        5,
        5,
        0,
    )
    assert faults(found) == [
        (3, "date_of_birth"),
        (3, "email"),
        (3, "name"),
        (3, "timezone"),
        (4, "name"),
        (6, "guardian2_email"),
        (6, "timezone"),
        (7, ""),
    ]
    said = {each["column"]: each["detail"] for each in found["errors"] if each["line"] == 3}
    assert said["email"] == "must be an email address such as kim@example.org"
    assert said["timezone"] == "must be a time zone name such as America/New_York"
    assert await people(practice) == []
    assert await practice.told() == []


async def test_no_error_repeats_what_stood_in_the_table(practice: Practice) -> None:
    table = "name,email,timezone\nsecret\x07name,secret-address,Secret/Zone\n"
    found = await imported(practice, table)
    assert len(found["errors"]) == 3
    assert "ecret" not in str(found["errors"])


async def test_wrong_cells_of_clinicians_are_told_by_their_column(practice: Practice) -> None:
    table = (
        "name,email,timezone,working_hours,capacity,accepting_clients,room_url,licenses\n"
        "Dana,d@c.example,America/New_York,monday,many,perhaps,http://rooms.example,New York\n"
        "Ortiz,o@c.example,America/New_York,monday 18:00-09:00|someday 09:00-10:00,-1,,,\n"
    )
    found = await imported(practice, table, kind="clinicians")
    assert found["status"] == "refused"
    assert sorted(set(faults(found))) == [
        (2, "accepting_clients"),
        (2, "capacity"),
        (2, "licenses"),
        (2, "room_url"),
        (2, "working_hours"),
        (3, "capacity"),
        (3, "working_hours"),
    ]
    assert faults(found).count((3, "working_hours")) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "")]),
        ("\n \n", [(1, "")]),
        ("name,email\nKim,kim@clients.example\n", [(1, "timezone")]),
        ("name,email,timezone,shoe\n", [(1, "shoe")]),
        ("name,email,timezone,name\n", [(1, "name")]),
        (b"name,email,timezone\nKim,kim@x.example,UTC\nJos\xe9,jose@x.example,UTC\n", [(3, "")]),
        ('name,email,timezone\n"Kim"x,kim@x.example,UTC\n', [(2, "")]),
        ('name,email,timezone\nKim,kim@x.example,"UTC\n', [(2, "")]),
    ],
    ids=["empty", "blank", "missing", "unknown", "twice", "latin-1", "quote", "open quote"],
)
async def test_a_table_that_is_none_is_refused(
    practice: Practice, text: str | bytes, expected: list[tuple[int, str]]
) -> None:
    found = await imported(practice, text)
    assert (found["status"], faults(found)) == ("refused", expected)
    assert await people(practice) == []


async def test_one_address_is_one_person(practice: Practice) -> None:
    await practice.person(KIM)
    table = (
        "name,email,timezone\n"
        "Kim Park,KIM@clients.example,America/New_York\n"
        "Ana Silva,ana@clients.example,America/New_York\n"
        "Ana Silva,Ana@Clients.example,America/New_York\n"
    )
    found = await imported(practice, table)
    assert found["status"] == "refused"
    assert [(each["line"], each["detail"]) for each in found["errors"]] == [
        (2, "is recorded already"),
        (4, "is the address of line 3 as well"),
    ]
    assert len(await people(practice)) == 1


async def test_a_clinician_may_be_a_client_too(practice: Practice) -> None:
    await practice.person(KIM | {"email": "dana@clinicians.example"})
    found = await imported(practice, CLINICIANS, kind="clinicians")
    assert found["status"] == "done"


async def test_a_dry_run_checks_everything_and_changes_nothing(practice: Practice) -> None:
    found = await imported(practice, CLIENTS, dry_run="true")
    assert (found["status"], found["dry_run"]) == ("done", True)
    assert (found["lines"], found["done"], found["entered"]) == (2, 2, 0)
    assert await people(practice) == []
    assert await practice.told() == []
    wrong = CLIENTS + "Lee,lee,America/New_York,,\n"
    assert faults(await imported(practice, wrong, dry_run="true")) == [(4, "email")]
    assert (await imported(practice, CLIENTS))["entered"] == 2


@AT_THE_DOOR
async def test_what_is_no_table_is_refused_at_the_door(practice: Practice) -> None:
    answer = await practice.post("/v1/imports?kind=clients", {"name": "Kim"})
    await problem_of(answer, 415)
    await problem_of(await send(practice, CLIENTS, kind="guardians"), 422)
    await problem_of(await send(practice, CLIENTS, dry_run="perhaps"), 422)
    await problem_of(await send(practice, CLIENTS, shoe="1"), 422)
    await problem_of(await send(practice, "x" * (1024 * 1024 + 1)), 413)
    await problem_of(await practice.get(f"/v1/imports/{NOBODY}"), 404)
    await problem_of(await practice.get("/v1/imports/x"), 404)


async def test_a_formula_is_a_name_like_any_other(practice: Practice) -> None:
    table = "name,email,timezone\n=1+1,one@clients.example,America/New_York\n"
    assert (await imported(practice, table))["status"] == "done"
    assert [each["name"] for each in await people(practice)] == ["=1+1"]
