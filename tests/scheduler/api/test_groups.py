"""A closed group over HTTP: who may do what, and what is answered."""

from __future__ import annotations

import pytest

from tests.cast import ANA, KIM, LEE, ORTIZ
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of

GROUP = {"group": {"minimum": 2, "maximum": 3, "join_until": 4}, "sessions": 6}


@pytest.fixture
async def people(practice: Practice) -> dict[str, str]:
    found = {"dana": await practice.clinician()}
    for name, body in (("kim", KIM), ("ana", ANA), ("lee", LEE)):
        found[name] = await practice.person(body)
    return found


async def test_a_group_is_booked_joined_and_left(
    practice: Practice, people: dict[str, str]
) -> None:
    group = await practice.course(people["dana"], people["kim"], people["ana"], **GROUP)
    assert group["group"] == GROUP["group"]
    path = f"/v1/courses/{group['id']}/members"
    joined = await practice.made(path, {"client_id": people["lee"]})
    assert joined["client_ids"] == [people["kim"], people["ana"], people["lee"]]
    assert all(len(session["client_ids"]) == 3 for session in joined["sessions"])
    third = joined["sessions"][2]["id"]
    away = await practice.made(f"/v1/sessions/{third}/absences", {"client_id": people["ana"]})
    assert away["client_ids"] == [people["kim"], people["lee"]]
    members = await (await practice.get(path)).json()
    assert members == {
        "course_id": group["id"],
        "client_ids": joined["client_ids"],
        "absences": [{"session_id": third, "client_id": people["ana"]}],
    }
    back = await practice.made(f"/v1/sessions/{third}/absences/{people['ana']}/withdraw", {})
    assert set(back["client_ids"]) == set(joined["client_ids"])
    left = await practice.made(f"{path}/{people['lee']}/leave", {"from": "2027-03-09"})
    assert [len(session["client_ids"]) for session in left["sessions"]] == [3, 3, 3, 2, 2, 2]
    assert (await practice.told()).count("course.changed.v1") == 4


@AT_THE_DOOR
async def test_a_group_too_small_or_too_large_names_its_field(
    practice: Practice, people: dict[str, str]
) -> None:
    body = {"clinician_id": people["dana"], "first_date": "2027-02-16", "time": "15:00", **GROUP}
    answer = await practice.post("/v1/courses", body | {"client_ids": [people["kim"]]})
    assert (await problem_of(answer, 422))["errors"][0]["pointer"] == "#/client_ids"
    backwards = {"group": {"minimum": 4, "maximum": 3, "join_until": 4}}
    answer = await practice.post("/v1/courses", body | {"client_ids": [people["kim"]]} | backwards)
    assert (await problem_of(answer, 422))["errors"][0]["pointer"].startswith("#/group")


@AT_THE_DOOR
async def test_only_staff_change_a_group_and_its_clinician_sees_it(
    practice: Practice, people: dict[str, str]
) -> None:
    group = await practice.course(people["dana"], people["kim"], people["ana"], **GROUP)
    ortiz = str((await practice.made("/v1/clinicians", ORTIZ))["id"])
    own = await practice.key("clinician", people["dana"])
    other = await practice.key("clinician", ortiz)
    path = f"/v1/courses/{group['id']}/members"
    assert (await practice.get(path, key=own)).status == 200
    assert (await practice.get(path, key=other)).status == 404
    await problem_of(await practice.post(path, {"client_id": people["lee"]}, key=own), 403)


@AT_THE_DOOR
async def test_who_is_not_recorded_cannot_join(practice: Practice, people: dict[str, str]) -> None:
    group = await practice.course(people["dana"], people["kim"], people["ana"], **GROUP)
    answer = await practice.post(f"/v1/courses/{group['id']}/members", {"client_id": NOBODY})
    assert (await problem_of(answer, 422))["errors"][0]["pointer"] == "#/client_id"
    answer = await practice.post(f"/v1/courses/{NOBODY}/members", {"client_id": people["lee"]})
    await problem_of(answer, 404)
