"""A table of people is entered whole or not at all, and everything wrong in it is told."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
import sqlalchemy as sa
from aiohttp.client import ClientResponse

from services.scheduler.api.imports import work_once
from services.scheduler.keys import IMPORTS_WAITING
from services.scheduler.store.tables import imports
from shared.web.keys import DATABASE
from tests.cast import KIM, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of
from tests.shared.diary import ADMIN_KEY

CLIENTS: Final = """\
name,email,timezone,locale,date_of_birth
Kim Park,kim@clients.example,America/New_York,en,1990-04-01
Ana Silva,ana@clients.example,America/New_York,es,
"""
CLINICIANS: Final = """\
email;name;timezone;working_hours;age_groups;languages;licenses;accepting_clients;capacity
dana@clinicians.example;Dana Reyes;America/New_York;\
monday 09:00-12:00 | Tuesday 13:00-18:00;adult|teen;en|es;US-NY|US-NJ;yes;8
ortiz@clinicians.example;Marta Ortiz;America/New_York;;;;;no;
"""


async def send(
    practice: Practice, text: str | bytes, once: str | None = None, **query: str
) -> ClientResponse:
    headers = {"Authorization": f"Bearer {ADMIN_KEY}", "Content-Type": "text/csv"}
    if once is not None:
        headers["Idempotency-Key"] = once
    body = text if isinstance(text, bytes) else text.encode()
    params = {"kind": "clients"} | query
    data = io.BytesIO(body)
    return await practice.client.post("/v1/imports", data=data, headers=headers, params=params)


async def ended(practice: Practice, answer: ClientResponse) -> Body:
    """Return the import once it has ended."""
    assert answer.status == 201, await answer.text()
    return await end_of(practice, answer.headers["Location"])


async def end_of(practice: Practice, path: str) -> Body:
    async with asyncio.timeout(10):
        while True:
            found: Body = await (await practice.get(path)).json()
            if found["status"] not in ("waiting", "working"):
                return found
            await asyncio.sleep(0.02)


async def imported(practice: Practice, text: str | bytes, **query: str) -> Body:
    return await ended(practice, await send(practice, text, **query))


async def people(practice: Practice, kind: str = "clients") -> list[Any]:
    found: list[Any] = (await (await practice.get(f"/v1/{kind}")).json())[kind]
    return found


def faults(found: Body) -> list[tuple[int, str]]:
    return [(each["line"], each["column"]) for each in found["errors"]]


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


async def stored(practice: Practice) -> Any:
    async with practice.client.app[DATABASE].engine.connect() as conn:
        return (await conn.execute(sa.select(imports))).one()


async def test_the_file_is_dropped_when_the_import_has_ended(practice: Practice) -> None:
    await imported(practice, CLIENTS)
    row = await stored(practice)
    assert (row.body, row.claim) == (None, None)
    assert "Kim" not in str(tuple(row))


async def test_an_import_survives_the_death_of_who_works_on_it(practice: Practice) -> None:
    """A dead process leaves a claim; it runs out, and the work is done once from the start."""
    app, id = practice.client.app, uuid4()
    dead = {
        "id": id,
        "kind": "clients",
        "dry_run": False,
        "status": "working",
        "actor": "admin",
        "body": CLIENTS.encode(),
        "lines": 2,
        "done": 1,
        "entered": 0,
        "faults": [],
        "attempts": 1,
        "claim": uuid4(),
        "claimed_until": practice.clock.now() + timedelta(seconds=10),
        "created_at": practice.clock.now(),
    }
    async with app[DATABASE].engine.begin() as conn:
        await conn.execute(sa.insert(imports).values(dead))
    assert await work_once(app) == 0
    assert await people(practice) == []
    practice.clock.advance(timedelta(seconds=10))
    app[IMPORTS_WAITING].notify()
    assert (await end_of(practice, f"/v1/imports/{id}"))["entered"] == 2
    assert len(await people(practice)) == 2
    assert await work_once(app) == 0


async def test_an_import_that_kills_whoever_works_on_it_is_given_up(practice: Practice) -> None:
    app, id = practice.client.app, uuid4()
    async with app[DATABASE].engine.begin() as conn:
        await conn.execute(
            sa.insert(imports).values(
                id=id,
                kind="clients",
                dry_run=False,
                status="working",
                actor="admin",
                body=CLIENTS.encode(),
                lines=0,
                done=0,
                entered=0,
                faults=[],
                attempts=5,
                created_at=practice.clock.now(),
            )
        )
    app[IMPORTS_WAITING].notify()
    found = await end_of(practice, f"/v1/imports/{id}")
    assert (found["status"], found["entered"]) == ("failed", 0)
    assert (await stored(practice)).body is None
    assert await people(practice) == []


async def test_two_workers_enter_everyone_once(practice: Practice) -> None:
    app = practice.client.app
    answer = await send(practice, CLIENTS)
    await asyncio.gather(*(work_once(app) for _ in range(4)))
    assert (await ended(practice, answer))["entered"] == 2
    assert len(await people(practice)) == 2


async def test_a_retried_import_is_the_first_one(practice: Practice) -> None:
    first = await (await send(practice, CLIENTS, once="k")).json()
    again = await (await send(practice, CLIENTS, once="k")).json()
    assert again["id"] == first["id"]
    other = await send(practice, CLIENTS, once="k", dry_run="true")
    assert other.status == 422


async def test_everyone_who_is_entered_is_in_the_audit_log(practice: Practice) -> None:
    found = await imported(practice, CLIENTS)
    ids = {each["id"] for each in await people(practice)}
    entries = (await (await practice.get("/v1/audit", subject=found["id"])).json())["entries"]
    (entry,) = [each for each in entries if each["action"] == "import clients"]
    assert (entry["actor"], entry["details"]) == ("admin", {"entered": 2})
    assert set(entry["subjects"]) == ids | {found["id"]}


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
