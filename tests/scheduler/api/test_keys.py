"""Who may do what, and how keys come and go."""

from __future__ import annotations

import pytest

from shared.store.api_keys import hash_key
from tests.cast import ORTIZ, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of
from tests.shared.diary import SERVICE_KEY

ONE = "2027-02-16T13:00:00-05:00"


async def test_a_key_is_shown_once_and_told_as_a_hash(practice: Practice) -> None:
    body = {"role": "staff", "name": "front desk"}
    first = await (await practice.post("/v1/keys", body, once="k")).json()
    assert first["key"].startswith("sh_")
    assert len(first["key"]) == len("sh_") + 43
    [told] = await practice.events()
    assert told["type"] == "key.saved.v1"
    assert told["data"] == {
        "key_id": first["id"],
        "revision": 1,
        "role": "staff",
        "sha256": hash_key(first["key"]),
        "clinician_id": None,
        "revoked": False,
    }
    again = await (await practice.post("/v1/keys", body, once="k")).json()
    assert (again["id"], again["key"]) == (first["id"], None)
    assert (await practice.get("/v1/clients", key=first["key"])).status == 200


async def test_a_revoked_key_opens_nothing_and_that_is_told_once(practice: Practice) -> None:
    made = await practice.made("/v1/keys", {"role": "staff", "name": "front desk"})
    headers = {"Authorization": f"Bearer {SERVICE_KEY}"}
    path = f"/v1/keys/{made['id']}"
    await problem_of(await practice.client.delete(path, headers=headers), 403)
    headers = {"Authorization": f"Bearer {await practice.key('admin')}"}
    for _ in range(2):
        assert (await practice.client.delete(path, headers=headers)).status == 204
    await problem_of(await practice.get("/v1/clients", key=made["key"]), 401)
    told = [event["data"] for event in await practice.events()]
    revoked = [data for data in told if data["key_id"] == made["id"]]
    assert [(data["revision"], data["revoked"]) for data in revoked] == [(1, False), (2, True)]
    for id in (NOBODY, "x"):
        await problem_of(await practice.client.delete(f"/v1/keys/{id}", headers=headers), 404)


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"role": "owner", "name": "x"}, "#/role"),
        ({"name": "x"}, "#/role"),
        ({"role": "staff"}, "#/name"),
        ({"role": "clinician", "name": "x"}, "#/clinician_id"),
        ({"role": "staff", "name": "x", "clinician_id": NOBODY}, "#/clinician_id"),
        ({"role": "clinician", "name": "x", "clinician_id": NOBODY}, "#/clinician_id"),
    ],
)
async def test_a_key_under_no_role_is_refused(practice: Practice, body: Body, pointer: str) -> None:
    problem = await problem_of(await practice.post("/v1/keys", body), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert await practice.told() == []


@AT_THE_DOOR
async def test_without_a_key_nothing_opens(practice: Practice) -> None:
    for path in ("clinicians", "clients", "sessions", f"courses/{NOBODY}", "events"):
        await problem_of(await practice.client.get(f"/v1/{path}"), 401)
        await problem_of(await practice.get(f"/v1/{path}", key="sh_guessed"), 401)


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("staff", "keys", 403),
        ("staff", "clinicians", 422),
        ("staff", "clients", 422),
        ("staff", "courses", 422),
        ("staff", "sessions", 422),
        ("clinician", "keys", 403),
        ("clinician", "clinicians", 403),
        ("clinician", "clients", 403),
        ("clinician", "courses", 403),
        ("clinician", "sessions", 403),
        ("service", "keys", 403),
        ("service", "sessions", 403),
        ("admin", "keys", 422),
    ],
)
async def test_each_role_has_its_doors(
    practice: Practice, role: str, path: str, status: int
) -> None:
    dana = await practice.clinician() if role == "clinician" else None
    key = await practice.key(role, dana)
    await problem_of(await practice.post(f"/v1/{path}", {}, key=key), status)


@AT_THE_DOOR
async def test_only_a_service_reads_the_events(practice: Practice) -> None:
    for role in ("admin", "staff"):
        await problem_of(await practice.get("/v1/events", key=await practice.key(role)), 403)
    assert (await practice.get("/v1/events", key=await practice.key("service"))).status == 200


async def test_a_clinicians_key_opens_that_clinicians_diary_alone(practice: Practice) -> None:
    dana, ortiz = await practice.clinician(), await practice.clinician(**ORTIZ)
    kim = await practice.person()
    own = await practice.course(dana, kim, sessions=2)
    other = await practice.course(ortiz, kim, sessions=2, time="16:00")
    key = await practice.key("clinician", dana)

    assert (await practice.get(f"/v1/courses/{own['id']}", key=key)).status == 200
    await problem_of(await practice.get(f"/v1/courses/{other['id']}", key=key), 404)
    listed = await (await practice.get("/v1/sessions", key=key)).json()
    assert listed["sessions"] == own["sessions"]
    await problem_of(await practice.get("/v1/sessions", key=key, clinician_id=ortiz), 404)

    mine, theirs = own["sessions"][0]["id"], other["sessions"][0]["id"]
    assert (await practice.get(f"/v1/sessions/{mine}", key=key)).status == 200
    await problem_of(await practice.get(f"/v1/sessions/{theirs}", key=key), 404)
    told = await practice.told()
    for change, body in (
        ("move", {"starts_at": ONE}),
        ("cancel", {}),
        ("conclude", {"outcome": "attended"}),
    ):
        answer = await practice.post(f"/v1/sessions/{theirs}/{change}", body, key=key)
        await problem_of(answer, 404)
    assert await practice.told() == told
    moved = await practice.post(f"/v1/sessions/{mine}/move", {"starts_at": ONE}, key=key)
    assert moved.status == 200
