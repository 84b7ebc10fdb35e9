"""From a first contact to a course with the clinician agreed on."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta

import pytest

from tests.cast import ANA, KIM, NEW_YORK, ORTIZ, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, TUESDAYS, Practice, problem_of

MONDAYS = [{"weekday": "monday", "start": "09:00", "end": "18:00"}]
IPT = ["grief_and_loss", "role_transition", "role_dispute", "interpersonal_deficit"]
AFTER_SCHOOL = [{"weekday": "tuesday", "start": "15:00", "end": "17:00"}]
FIRST_MEETING = "2027-02-09T15:00:00-05:00"
# Thirteen weeks ahead, so that the story's Tuesdays are found.
COURSE = {"sessions": "16", "from": "2027-02-16", "until": "2027-02-22", "exceptions": "0"}


def asked(**other: object) -> Body:
    """Kim asks for herself: a teen in New York who lost someone, and can after school."""
    return {
        "name": KIM["name"],
        "email": KIM["email"],
        "timezone": NEW_YORK,
        "date_of_birth": "2011-05-04",
        "state": "US-NY",
        "concerns": ["grief_and_loss"],
        "windows": AFTER_SCHOOL,
        "languages": ["es"],
        "note": "Her teacher suggested it.",
    } | other


async def request(practice: Practice, **other: object) -> Body:
    return await practice.made("/v1/requests", asked(**other))


async def matches(practice: Practice, request: Body, **other: str) -> Body:
    answer = await practice.get(f"/v1/requests/{request['id']}/matches", **(COURSE | other))
    assert answer.status == 200, await answer.text()
    found: Body = await answer.json()
    return found


async def consultation(practice: Practice, request: Body, dana: str) -> Body:
    body = {"clinician_id": dana, "starts_at": FIRST_MEETING}
    return await practice.made(f"/v1/requests/{request['id']}/consultation", body)


async def read(practice: Practice, request: Body) -> Body:
    found: Body = await (await practice.get(f"/v1/requests/{request['id']}")).json()
    return found


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
    await consultation(practice, made, dana)
    body = TUESDAYS | {"clinician_id": dana}
    await practice.made(f"/v1/requests/{made['id']}/course", body)
    told = str(await practice.events())
    for unsaid in (*IPT, "teacher", "US-NY", "2011"):
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


async def test_the_reasons_for_and_against_each_clinician(practice: Practice) -> None:
    dana = await practice.clinician(
        licenses=[{"state": "US-NY"}],
        age_groups=["teens"],
        languages=["es", "en"],
        concerns=["grief_and_loss"],
        capacity=2,
    )
    out = await practice.clinician(
        **(ORTIZ | {"working_hours": MONDAYS}),
        licenses=[{"state": "US-NY", "until": "2027-05-31"}],
        age_groups=["adult"],
        accepting_clients=False,
        capacity=0,
    )
    found = await matches(practice, await request(practice))
    [best] = found["matches"]
    assert best["clinician_id"] == dana
    assert best["score"] == sum(part["points"] for part in best["parts"]) == 40 + 25 + 8 + 15
    assert {each["standing"] for each in best["limits"]} == {"met"}
    [ruled_out] = found["out"]
    assert ruled_out["clinician_id"] == out
    assert [each.get("cause") for each in ruled_out["limits"]] == [
        "license_ends",
        "other_age_group",
        "not_accepting",
        "full",
        "no_hours",
    ]
    assert ruled_out["limits"][0]["date"] == "2027-05-31"


async def test_what_nobody_recorded_is_unknown_and_rules_nobody_out(practice: Practice) -> None:
    await practice.clinician()
    [match] = (await matches(practice, await request(practice)))["matches"]
    standing = {each["limit"]: each["standing"] for each in match["limits"]}
    assert standing == {
        "license": "unknown",
        "age_group": "unknown",
        "accepting": "met",
        "capacity": "unknown",
        "hours": "met",
    }


async def test_the_same_facts_give_the_same_order(practice: Practice) -> None:
    ids = sorted([await practice.clinician() for _ in range(3)])
    made = await request(practice)
    for _ in range(2):
        found = await matches(practice, made)
        assert [each["clinician_id"] for each in found["matches"]] == ids


async def test_hours_that_are_taken_on_one_date_are_no_hours(practice: Practice) -> None:
    dana, ana = await practice.clinician(), await practice.person(ANA)
    await practice.consultation(dana, ana, "2027-05-04T15:00:00-04:00")
    [match] = (await matches(practice, await request(practice)))["matches"]
    assert [each["time"] for each in match["openings"]] == ["16:00"]


async def test_courses_that_are_held_count_against_the_capacity(practice: Practice) -> None:
    dana, ana = await practice.clinician(capacity=1), await practice.person(ANA)
    made = await request(practice)
    assert (await matches(practice, made))["out"] == []
    await practice.course(dana, ana, time="10:00")
    [full] = (await matches(practice, made))["out"]
    assert [each["cause"] for each in full["limits"] if "cause" in each] == ["full"]
    await consultation_refused(practice, made, dana, "full")


async def consultation_refused(
    practice: Practice, made: Body, clinician_id: str, cause: str
) -> None:
    body = {"clinician_id": clinician_id, "starts_at": FIRST_MEETING}
    answer = await practice.post(f"/v1/requests/{made['id']}/consultation", body)
    problem = await problem_of(answer, 409)
    assert problem["type"] == "urn:standing-hour:problem:not-suitable"
    assert [each["cause"] for each in problem["reasons"]] == [cause]


async def test_the_limits_hold_when_a_course_is_booked_too(practice: Practice) -> None:
    """The license covers the consultation, and ends before the course does."""
    until = date(2027, 5, 31)
    dana = await practice.clinician(licenses=[{"state": "US-NY", "until": str(until)}])
    made = await request(practice)
    await consultation(practice, made, dana)
    body = TUESDAYS | {"clinician_id": dana}
    path = f"/v1/requests/{made['id']}/course"
    problem = await problem_of(await practice.post(path, body), 409)
    assert problem["reasons"] == [
        {
            "limit": "license",
            "standing": "not_met",
            "cause": "license_ends",
            "date": str(until),
        }
    ]
    assert (await read(practice, made))["status"] == "consultation"
    shorter = await practice.made(path, body | {"sessions": 15})
    assert date.fromisoformat(shorter["sessions"][-1]["starts_at"][:10]) <= until


async def test_steps_in_the_wrong_order_are_refused(practice: Practice) -> None:
    dana = await practice.clinician()
    made = await request(practice)
    path = f"/v1/requests/{made['id']}"
    course = TUESDAYS | {"clinician_id": dana}
    problem = await problem_of(await practice.post(f"{path}/course", course), 409)
    assert problem["type"] == "urn:standing-hour:problem:wrong-order"
    await practice.made(f"{path}/close", {"reason": "moved away"})
    first = {"clinician_id": dana, "starts_at": FIRST_MEETING}
    for step, body in (("consultation", first), ("course", course), ("close", {})):
        await problem_of(await practice.post(f"{path}/{step}", body), 409)
    closed = await read(practice, made)
    assert (closed["status"], closed["close_reason"]) == ("closed", "moved away")


async def test_another_consultation_may_follow_with_another_clinician(practice: Practice) -> None:
    dana, ortiz = await practice.clinician(), await practice.clinician(**ORTIZ)
    made = await request(practice)
    first = await consultation(practice, made, dana)
    second = {"clinician_id": ortiz, "starts_at": "2027-02-11T15:00:00-05:00"}
    again = await practice.made(f"/v1/requests/{made['id']}/consultation", second)
    assert again["client_ids"] == first["client_ids"]
    assert again["request"]["clinician_id"] == ortiz


async def test_of_many_pairings_of_one_request_one_wins(practice: Practice) -> None:
    dana = await practice.clinician()
    made = await request(practice)
    await consultation(practice, made, dana)
    day = timedelta(days=1)
    bodies = [
        TUESDAYS | {"clinician_id": dana, "first_date": str(date(2027, 2, 16) + n % 4 * day)}
        for n in range(8)
    ]
    path = f"/v1/requests/{made['id']}/course"
    answers = await asyncio.gather(*(practice.post(path, body) for body in bodies))
    assert Counter(answer.status for answer in answers) == {201: 1, 409: 7}
    assert (await practice.told()).count("course.booked.v1") == 1


async def test_a_retried_consultation_makes_one_client(practice: Practice) -> None:
    dana = await practice.clinician()
    made = await request(practice)
    body = {"clinician_id": dana, "starts_at": FIRST_MEETING}
    path = f"/v1/requests/{made['id']}/consultation"
    first, again = [await practice.post(path, body, once="k") for _ in range(2)]
    assert await first.json() == await again.json()
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
