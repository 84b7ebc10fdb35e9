"""Whoever is under 18 on the first date begins a course only with a recorded consent."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

import pytest

from tests.cast import ANA, KIM, NEW_YORK, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, TUESDAYS, Practice, problem_of

GIVEN: Final = {"given_by": "Ana Park", "given_on": "2026-11-20"}
PARENT: Final = {"name": "Ana Park", "email": "ana@clients.example"}

BORN: Final = {
    "not recorded": None,
    "a child of 12": "2014-06-01",
    "17, and 18 the day after the first date": "2009-02-17",
    "18 on the first date": "2009-02-16",
    "17 today, and 18 before the first date": "2008-12-24",
    "30": "1997-01-01",
}
MINORS: Final = ("a child of 12", "17, and 18 the day after the first date")
ADULT_TODAY: Final = ("30",)
CONSENTS: Final[dict[str, tuple[Body, ...]]] = {
    "none": (),
    "a guardian's": ({"basis": "guardian"},),
    "their own": ({"basis": "own", "note": "Mental Hygiene Law 33.21 (c)."},),
    "emancipated": ({"basis": "emancipated"},),
    "revoked": ({"basis": "guardian", "revoked": True},),
    "revoked, and given anew": ({"basis": "guardian", "revoked": True}, {"basis": "guardian"}),
}
CONSENTED: Final = ("a guardian's", "their own", "emancipated", "revoked, and given anew")
LEVELS: Final = ("no guardian", "none", "times", "copies")


async def minor(practice: Practice, **other: object) -> str:
    return await practice.person(KIM, date_of_birth="2014-06-01", **other)


async def consented(practice: Practice, client: str, said: Body) -> Body:
    facts = {name: value for name, value in said.items() if name != "revoked"}
    consent = await practice.made(f"/v1/clients/{client}/consents", GIVEN | facts)
    if said.get("revoked"):
        path = f"/v1/clients/{client}/consents/{consent['id']}/revoke"
        consent = await practice.made(path, {})
    return consent


async def told_guardians(practice: Practice, client: str) -> list[tuple[str, int]]:
    saved = [
        each["data"]
        for each in await practice.events()
        if each["type"] == "client.saved.v1" and each["data"]["client_id"] == client
    ]
    return [(each["notices"], each["link_generation"]) for each in saved[-1]["guardians"]]


@pytest.mark.parametrize("level", LEVELS)
async def test_every_age_with_every_consent_and_every_level(practice: Practice, level: str) -> None:
    """A consent decides whether a course begins; the level decides what is told; age, both."""
    dana = await practice.clinician(working_hours=[])
    guardians = [] if level == "no guardian" else [PARENT | {"notices": level}]
    expected: dict[tuple[str, str], tuple[int, list[str]]] = {}
    found: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for age, consent in product(BORN, CONSENTS):
        client = await practice.person(KIM, date_of_birth=BORN[age], guardians=guardians)
        for said in CONSENTS[consent]:
            await consented(practice, client, said)
        body = {"clinician_id": dana, "client_ids": [client], "sessions": 1}
        answer = await practice.post("/v1/courses", TUESDAYS | body)
        if answer.status == 201:  # the next cell needs the hour
            session = (await answer.json())["sessions"][0]["id"]
            await practice.made(f"/v1/sessions/{session}/cancel", {})
        told = [notices for notices, _ in await told_guardians(practice, client)]
        found[age, consent] = (answer.status, told)
        refused = age in MINORS and consent not in CONSENTED
        heard = [] if level == "no guardian" or age in ADULT_TODAY else [level]
        expected[age, consent] = (409 if refused else 201, heard)
    assert found == expected


async def test_the_refusal_names_each_of_those_who_need_one(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await minor(practice)
    adult, third = await practice.person(ANA), await minor(practice)
    fourth = await minor(practice)
    await consented(practice, third, {"basis": "guardian"})
    ids = [adult, kim, third, fourth]
    answer = await practice.post(
        "/v1/courses", TUESDAYS | {"clinician_id": dana, "client_ids": ids}
    )
    problem = await problem_of(answer, 409)
    assert problem["type"] == "urn:standing-hour:problem:consent-missing"
    assert problem["errors"][0]["pointer"] == "#/client_ids/1"
    assert problem["without_consent"] == ["#/client_ids/1", "#/client_ids/3"]
    assert (await (await practice.get("/v1/sessions")).json())["sessions"] == []


async def test_the_age_is_of_the_first_date_where_the_client_is(practice: Practice) -> None:
    """At three in New York it is the next day in Auckland already, and there the birthday."""
    dana = await practice.clinician(working_hours=[])
    born = {"date_of_birth": "2009-02-17"}
    here = await practice.person(KIM, timezone=NEW_YORK, **born)
    there = await practice.person(KIM, timezone="Pacific/Auckland", **born)
    body = TUESDAYS | {"clinician_id": dana}
    await problem_of(await practice.post("/v1/courses", body | {"client_ids": [here]}), 409)
    assert (await practice.post("/v1/courses", body | {"client_ids": [there]})).status == 201


async def test_a_consultation_needs_no_consent(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await minor(practice)
    await practice.consultation(dana, kim, "2027-02-16T15:00:00-05:00")


async def test_after_a_refusal_a_recorded_consent_is_enough(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await minor(practice)
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim]}
    await problem_of(await practice.post("/v1/courses", body), 409)
    await consented(practice, kim, {"basis": "guardian"})
    assert (await practice.post("/v1/courses", body)).status == 201


async def test_joining_a_group_needs_a_consent_too(practice: Practice) -> None:
    dana, ana = await practice.clinician(), await practice.person(ANA)
    group = {"minimum": 1, "maximum": 4, "join_until": 4}
    course = await practice.course(dana, ana, group=group)
    kim, path = await minor(practice), f"/v1/courses/{course['id']}/members"
    problem = await problem_of(await practice.post(path, {"client_id": kim}), 409)
    assert problem["errors"][0]["pointer"] == "#/client_id"
    await consented(practice, kim, {"basis": "guardian"})
    assert (await practice.post(path, {"client_id": kim})).status == 200


async def test_follow_ups_name_their_first_date_where_a_consent_is_missing(
    practice: Practice,
) -> None:
    """No field of theirs names a client, and the age on that date decides."""
    dana, kim, ana = await practice.clinician(), await minor(practice), await minor(practice)
    given = [await consented(practice, each, {"basis": "guardian"}) for each in (kim, ana)]
    course = await practice.course(dana, kim, ana, sessions=2)
    for client, consent in zip((kim, ana), given, strict=True):
        await practice.made(f"/v1/clients/{client}/consents/{consent['id']}/revoke", {})
    body = {"sessions": 2, "every_weeks": 4, "first_date": "2027-04-06"}
    answer = await practice.post(f"/v1/courses/{course['id']}/follow-ups", body)
    problem = await problem_of(answer, 409)
    assert problem["errors"][0]["pointer"] == "#/first_date"
    assert problem["without_consent"] == ["#/first_date"]


async def test_a_consent_is_listed_with_who_gave_it_and_when(practice: Practice) -> None:
    kim = await minor(practice)
    first = await consented(practice, kim, {"basis": "own", "note": "No guardian can be reached."})
    practice.clock.advance(timedelta(minutes=1))
    second = await consented(practice, kim, {"basis": "guardian", "revoked": True})
    assert (first["basis"], first["given_by"], first["given_on"]) == (
        "own",
        "Ana Park",
        "2026-11-20",
    )
    assert (first["status"], first["revoked_at"]) == ("holds", None)
    assert (second["status"], second["note"]) == ("revoked", None)
    found = await (await practice.get(f"/v1/clients/{kim}/consents")).json()
    assert found == {"consents": [first, second], "next": None}


async def test_revoking_twice_changes_nothing(practice: Practice) -> None:
    kim = await minor(practice)
    consent = await consented(practice, kim, {"basis": "guardian", "revoked": True})
    practice.clock.advance(timedelta(hours=1))
    path = f"/v1/clients/{kim}/consents/{consent['id']}/revoke"
    assert await practice.made(path, {}) == consent


async def test_a_course_goes_on_when_its_consent_is_revoked_and_staff_are_asked_to_look(
    practice: Practice,
) -> None:
    dana, kim = await practice.clinician(), await minor(practice)
    consent = await consented(practice, kim, {"basis": "guardian"})
    course = await practice.course(dana, kim)
    path = f"/v1/clients/{kim}/consents/{consent['id']}/revoke"
    await practice.made(path, {})
    (task,) = (await (await practice.get("/v1/tasks")).json())["tasks"]
    assert (task["kind"], task["subject_id"]) == ("consent_missing", kim)
    after = await (await practice.get(f"/v1/courses/{course['id']}")).json()
    assert {each["status"] for each in after["sessions"]} == {"scheduled"}


@pytest.mark.parametrize("why", ["another consent holds", "no course is to come", "an adult"])
async def test_staff_are_not_asked_where_nothing_is_missing(practice: Practice, why: str) -> None:
    dana = await practice.clinician()
    kim = await (practice.person() if why == "an adult" else minor(practice))
    consent = await consented(practice, kim, {"basis": "guardian"})
    if why == "another consent holds":
        await consented(practice, kim, {"basis": "emancipated"})
    if why != "no course is to come":
        await practice.course(dana, kim)
    await practice.made(f"/v1/clients/{kim}/consents/{consent['id']}/revoke", {})
    assert (await (await practice.get("/v1/tasks")).json())["tasks"] == []


async def test_a_consent_is_of_one_client_and_no_other(practice: Practice) -> None:
    kim, other = await minor(practice), await minor(practice)
    consent = await consented(practice, kim, {"basis": "guardian"})
    path = f"/v1/clients/{other}/consents/{consent['id']}/revoke"
    await problem_of(await practice.post(path, {}), 404)
    assert (await (await practice.get(f"/v1/clients/{other}/consents")).json())["consents"] == []


async def test_a_consent_is_recorded_once_it_is_given(practice: Practice) -> None:
    kim = await minor(practice)
    body = {"basis": "guardian", "given_by": "Ana Park", "given_on": "2026-11-24"}
    problem = await problem_of(await practice.post(f"/v1/clients/{kim}/consents", body), 422)
    assert problem["errors"][0]["pointer"] == "#/given_on"


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"basis": "own"}, "#/note"),
        ({"basis": "own", "note": "  "}, "#/note"),
        ({"basis": "nobody"}, "#/basis"),
        ({"basis": "guardian", "given_by": ""}, "#/given_by"),
        ({"basis": "guardian", "given_on": "today"}, "#/given_on"),
    ],
)
async def test_a_consent_that_is_not_whole_is_refused(
    practice: Practice, wrong: Body, pointer: str
) -> None:
    answer = await practice.post(f"/v1/clients/{NOBODY}/consents", GIVEN | wrong)
    assert (await problem_of(answer, 422))["errors"][0]["pointer"] == pointer


@AT_THE_DOOR
async def test_who_is_not_there_has_no_consents(practice: Practice) -> None:
    path = f"/v1/clients/{NOBODY}/consents"
    await problem_of(await practice.get(path), 404)
    await problem_of(await practice.post(path, GIVEN | {"basis": "guardian"}), 404)
    await problem_of(await practice.post(f"{path}/{NOBODY}/revoke", {}), 404)


async def test_no_event_tells_of_a_consent(practice: Practice) -> None:
    kim = await minor(practice)
    before: list[Any] = await practice.events()
    await consented(practice, kim, {"basis": "own", "note": "Reasons.", "revoked": True})
    assert await practice.events() == before


async def test_the_day_a_guardian_is_heard_to_is_that_of_the_change(practice: Practice) -> None:
    """A change on the last day of 17 still tells of the guardian; one a minute later does not."""
    midnight = datetime.fromisoformat("2026-12-24T00:00:00-05:00")
    kim = await practice.person(
        KIM, date_of_birth="2008-12-24", guardians=[PARENT | {"notices": "copies"}]
    )
    practice.clock.advance(midnight - timedelta(minutes=1) - practice.clock.now())
    await practice.patch(f"/v1/clients/{kim}", {"locale": "es"})
    assert await told_guardians(practice, kim) == [("copies", 0)]
    practice.clock.advance(timedelta(minutes=1))
    await practice.patch(f"/v1/clients/{kim}", {"locale": "en"})
    assert await told_guardians(practice, kim) == []
