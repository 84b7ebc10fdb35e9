"""From a first contact to a course with the clinician agreed on."""

from __future__ import annotations

import pytest

from tests.cast import ANA, KIM, NEW_YORK, Body
from tests.scheduler.asking import (
    FIRST_MEETING,
    IPT,
    asked,
    consent,
    consultation,
    matches,
    read,
    request,
)
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, TUESDAYS, Practice, problem_of


async def test_from_first_contact_to_the_course(practice: Practice) -> None:
    dana = await practice.clinician(age_groups=["teen"], concerns=["grief_and_loss"])
    made = await request(practice)
    assert (made["status"], made["client_id"]) == ("open", None)
    found = await matches(practice, made)
    assert [each["clinician_id"] for each in found["matches"]] == [dana]
    hours = found["matches"][0]["openings"]
    assert [(each["weekday"], each["time"], each["first_date"]) for each in hours] == [
        ("tuesday", "15:00", "2027-02-16"),
        ("tuesday", "16:00", "2027-02-16"),
    ]
    first = await consultation(practice, made, dana)
    assert (first["kind"], first["starts_at"]) == ("consultation", FIRST_MEETING)
    kim = first["request"]["client_id"]
    assert first["client_ids"] == [kim]
    assert (first["request"]["status"], first["request"]["contact"]) == ("consultation", None)
    await consent(practice, kim)
    body = TUESDAYS | {"clinician_id": dana}
    course = await practice.made(f"/v1/requests/{made['id']}/course", body)
    assert len(course["sessions"]) == 16
    assert (course["clinician_id"], course["client_ids"]) == (dana, [kim])
    after = await read(practice, made)
    assert (after["status"], after["course_id"]) == ("paired", course["id"])
    assert after["clinician_id"] == dana
    assert after["consultation_id"] == first["id"]


async def test_who_asks_becomes_a_client_with_the_consultation_and_not_before(
    practice: Practice,
) -> None:
    dana = await practice.clinician()
    guardian = {"name": "Min Park", "email": "min@clients.example", "notices": "times"}
    made = await request(practice, locale="es-US", guardians=[guardian])
    assert await practice.told() == ["clinician.saved.v1"]
    first = await consultation(practice, made, dana)
    assert await practice.told() == [
        "clinician.saved.v1",
        "client.saved.v1",
        "session.booked.v1",
    ]
    answer = await practice.get(f"/v1/clients/{first['client_ids'][0]}")
    client = await answer.json()
    assert (client["name"], client["email"]) == (KIM["name"], KIM["email"])
    assert (client["locale"], client["date_of_birth"]) == ("es-US", "2011-05-04")
    assert [each["name"] for each in client["guardians"]] == ["Min Park"]


async def test_nothing_of_what_it_is_about_is_ever_told(practice: Practice) -> None:
    dana = await practice.clinician(concerns=IPT, age_groups=["teen"])
    made = await request(practice, concerns=IPT)
    first = await consultation(practice, made, dana)
    await consent(practice, first["client_ids"][0])
    body = TUESDAYS | {"clinician_id": dana}
    await practice.made(f"/v1/requests/{made['id']}/course", body)
    told = str(await practice.events())
    for unsaid in (*IPT, "teacher", "US-NY", "2011-05"):
        assert unsaid not in told


async def test_a_refused_consultation_leaves_no_client(practice: Practice) -> None:
    dana = await practice.clinician()
    made, told = await request(practice), await practice.told()
    at_night = {"clinician_id": dana, "starts_at": "2027-02-09T23:00:00-05:00"}
    answer = await practice.post(f"/v1/requests/{made['id']}/consultation", at_night)
    await problem_of(answer, 409)
    assert (await (await practice.get("/v1/clients")).json())["clients"] == []
    assert await practice.told() == told
    assert (await read(practice, made))["contact"]["name"] == KIM["name"]


async def test_a_client_who_is_recorded_asks_by_their_id(practice: Practice) -> None:
    dana = await practice.clinician()
    ana = await practice.person(ANA, date_of_birth="1990-01-01", locale="es")
    made = await practice.made("/v1/requests", {"client_id": ana, "concerns": ["role_dispute"]})
    assert (made["client_id"], made["contact"]) == (ana, None)
    assert (made["timezone"], made["languages"]) == (NEW_YORK, ["es"])
    assert made["date_of_birth"] == "1990-01-01"
    first = await consultation(practice, made, dana)
    assert first["client_ids"] == [ana]
    assert (await practice.told()).count("client.saved.v1") == 1


async def test_requests_are_listed_as_they_came(practice: Practice) -> None:
    made = [await request(practice) for _ in range(3)]
    await practice.made(f"/v1/requests/{made[0]['id']}/close", {})
    seen, cursor = [], None
    for _ in range(3):
        more: Body = {"next": cursor} if cursor else {}
        page = await (await practice.get("/v1/requests", limit="1", **more)).json()
        seen += [each["id"] for each in page["requests"]]
        cursor = page["next"]
    assert cursor is None
    assert sorted(seen) == sorted(each["id"] for each in made)
    listed = await (await practice.get("/v1/requests", status="closed")).json()
    assert [each["id"] for each in listed["requests"]] == [made[0]["id"]]


@AT_THE_DOOR
async def test_the_practices_own_concerns_are_known(practice: Practice) -> None:
    body = asked(concerns=["sleep"])
    problem = await problem_of(await practice.post("/v1/requests", body), 422)
    assert problem["errors"][0]["pointer"] == "#/concerns/0"
    headers = {"Authorization": f"Bearer {await practice.key('admin')}"}
    settled = await practice.client.put(
        "/v1/practice", json={"concerns": ["sleep"]}, headers=headers
    )
    assert settled.status == 200
    assert (await practice.made("/v1/requests", body))["concerns"] == ["sleep"]


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("name", None, "#/name"),
        ("email", "kim", "#/email"),
        ("email", None, "#/email"),
        ("timezone", None, "#/timezone"),
        ("timezone", "New York", "#/timezone"),
        ("date_of_birth", None, "#/date_of_birth"),
        ("date_of_birth", "2026-11-24", "#/date_of_birth"),
        ("age_group", "adult", "#/date_of_birth"),
        ("age_group", "child", "#/age_group"),
        ("state", "New York", "#/state"),
        ("concerns", ["anger"], "#/concerns/0"),
        ("concerns", ["role_dispute", "anger"], "#/concerns/1"),
        ("concerns", ["role_dispute", "role_dispute"], "#/concerns"),
        ("languages", ["spanish!"], "#/languages/0"),
        ("windows", [{"weekday": "tuesday", "start": "15:00", "end": "15:30"}], "#/windows/0/end"),
        ("windows", [{"weekday": "soon", "start": "15:00", "end": "17:00"}], "#/windows/0/weekday"),
        ("client_id", NOBODY, "#/name"),
        ("note", "x" * 1001, "#/note"),
        ("colour", "blue", "#/colour"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_stored(
    practice: Practice, field: str, value: object, pointer: str
) -> None:
    problem = await problem_of(await practice.post("/v1/requests", asked(**{field: value})), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert (await (await practice.get("/v1/requests")).json())["requests"] == []


@AT_THE_DOOR
async def test_a_client_nobody_knows_cannot_ask(practice: Practice) -> None:
    answer = await practice.post("/v1/requests", {"client_id": NOBODY, "age_group": "adult"})
    problem = await problem_of(answer, 422)
    assert problem["errors"][0]["pointer"] == "#/client_id"
    ana = await practice.person(ANA)
    problem = await problem_of(await practice.post("/v1/requests", {"client_id": ana}), 422)
    assert problem["errors"][0]["pointer"] == "#/date_of_birth"


@AT_THE_DOOR
async def test_requests_are_for_staff_only(practice: Practice) -> None:
    dana = await practice.clinician()
    made = await request(practice)
    path = f"/v1/requests/{made['id']}"
    key = await practice.key("clinician", dana)
    for address in ("/v1/requests", path, f"{path}/matches"):
        await problem_of(await practice.get(address, key=key), 403)
    for step in ("consultation", "course", "close"):
        await problem_of(await practice.post(f"{path}/{step}", {}, key=key), 403)


@AT_THE_DOOR
async def test_a_request_that_nobody_made_is_unknown(practice: Practice) -> None:
    first = {"clinician_id": await practice.clinician(), "starts_at": FIRST_MEETING}
    for id in (NOBODY, "x"):
        path = f"/v1/requests/{id}"
        for address in (path, f"{path}/matches"):
            await problem_of(await practice.get(address), 404)
        await problem_of(await practice.post(f"{path}/close", {}), 404)
        await problem_of(await practice.post(f"{path}/consultation", first), 404)
