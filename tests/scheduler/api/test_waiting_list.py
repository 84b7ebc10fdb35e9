"""The waiting list: who waits for what, in the order in which they came."""

from __future__ import annotations

import pytest

from tests.cast import ANA, KIM, LEE, NEW_YORK, ORTIZ, Body
from tests.scheduler.asking import consent
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of
from tests.scheduler.waiting import (
    MINUTE,
    ONE_HOUR,
    answers,
    offers,
    tick,
    waits,
)


async def test_who_waits_no_more_keeps_no_hour(practice: Practice) -> None:
    await practice.clinician(working_hours=ONE_HOUR)
    ana, lee = await practice.person(ANA), await practice.person(LEE)
    first = await waits(practice, ana)
    practice.clock.advance(MINUTE)
    await waits(practice, lee)
    await tick(practice)
    [offer] = await offers(practice)
    withdrawn = await practice.made(f"/v1/waiting-list/{first['id']}/withdraw", {})
    assert withdrawn["status"] == "withdrawn"
    assert await answers(practice, offer, "accept") == 410
    assert (await practice.told())[-1] == "offer.ended.v1"
    assert await tick(practice) == 1
    assert (await offers(practice, status="open"))[0]["client_id"] == lee
    again = await practice.post(f"/v1/waiting-list/{first['id']}/withdraw", {})
    await problem_of(again, 409)


async def test_only_clinicians_who_suit_are_offered(practice: Practice) -> None:
    for facts in (
        {"licenses": [{"state": "US-NJ"}]},
        {"age_groups": ["adult"]},
        {"accepting_clients": False},
        {"capacity": 0},
    ):
        await practice.clinician(working_hours=ONE_HOUR, **facts)
    teen = await practice.person(ANA, date_of_birth="2011-05-04")
    await consent(practice, teen)
    await waits(practice, teen, state="US-NY")
    assert await tick(practice) == 0
    dana = await practice.clinician(
        **(ORTIZ | {"working_hours": ONE_HOUR}),
        licenses=[{"state": "US-NY"}],
        age_groups=["teen"],
        capacity=1,
    )
    assert await tick(practice) == 1
    assert (await offers(practice))[0]["clinician_id"] == dana


async def test_offers_count_against_the_capacity(practice: Practice) -> None:
    two = [{"weekday": "tuesday", "start": "15:00", "end": "17:00"}]
    await practice.clinician(working_hours=two, capacity=1)
    for client in (ANA, LEE):
        body = {"client_id": await practice.person(client)}
        await practice.made("/v1/waiting-list", body)
    assert await tick(practice) == 1
    assert await tick(practice) == 0


async def test_the_list_keeps_its_order_a_page_at_a_time(practice: Practice) -> None:
    ids = []
    for client in (KIM, ANA, LEE):
        ids.append((await waits(practice, await practice.person(client)))["id"])
        practice.clock.advance(MINUTE)
    first = await (await practice.get("/v1/waiting-list", limit="2")).json()
    rest = await (await practice.get("/v1/waiting-list", next=first["next"])).json()
    assert [each["id"] for each in (*first["entries"], *rest["entries"])] == ids
    assert rest["next"] is None
    shown = first["entries"][0]
    assert shown["windows"] == ONE_HOUR
    assert (shown["sessions"], shown["kind"], shown["timezone"]) == (16, "course", NEW_YORK)


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("client_id", NOBODY, "#/client_id"),
        ("clinician_id", NOBODY, "#/clinician_id"),
        ("kind", "group", "#/kind"),
        ("sessions", 0, "#/sessions"),
        ("sessions", 53, "#/sessions"),
        ("weekday", "someday", "#/weekday"),
        ("weekday", None, "#/time"),
        ("time", None, "#/time"),
        ("time", "23:30", "#/time"),
        ("windows", ONE_HOUR, "#/windows"),
        ("timezone", "Nowhere", "#/timezone"),
        ("until", "2026-01-01", "#/until"),
        ("state", "ny", "#/state"),
        ("colour", "blue", "#/colour"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_stored(
    practice: Practice, field: str, value: object, pointer: str
) -> None:
    body: Body = {"client_id": await practice.person(), "weekday": "tuesday", "time": "15:00"}
    body |= {"from": "2027-01-01", field: value}
    problem = await problem_of(await practice.post("/v1/waiting-list", body), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert (await (await practice.get("/v1/waiting-list")).json())["entries"] == []


@AT_THE_DOOR
async def test_one_consultation_is_one_hour(practice: Practice) -> None:
    body = {"client_id": await practice.person(), "kind": "follow_up", "sessions": 2}
    problem = await problem_of(await practice.post("/v1/waiting-list", body), 422)
    assert problem["errors"][0]["pointer"] == "#/sessions"


@AT_THE_DOOR
async def test_the_list_is_for_staff_only(practice: Practice) -> None:
    key = await practice.key("clinician", await practice.clinician())
    for path in ("/v1/waiting-list", "/v1/offers"):
        await problem_of(await practice.get(path, key=key), 403)
    await problem_of(await practice.post("/v1/waiting-list", {}, key=key), 403)
    path = f"/v1/waiting-list/{NOBODY}/withdraw"
    await problem_of(await practice.post(path, {}, key=key), 403)
    await problem_of(await practice.post(path, {}), 404)
