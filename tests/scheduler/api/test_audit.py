"""Every change and every reading of personal data leaves one entry in the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.scheduler.use_cases.auditing import verify
from shared.web.keys import DATABASE
from tests.cast import ANA
from tests.scheduler.practice import NOBODY, TUESDAYS, Practice, problem_of
from tests.scheduler.use_cases.test_auditing import rewrite


async def entries(practice: Practice, **params: str) -> list[Any]:
    """Return what the log answers, without the entries of asking for it."""
    answer = await practice.get("/v1/audit", **params)
    assert answer.status == 200, await answer.text()
    found: list[Any] = (await answer.json())["entries"]
    return [each for each in found if each["action"] != "GET /v1/audit"]


async def actions(practice: Practice) -> list[str]:
    return [each["action"] for each in await entries(practice)]


async def test_a_change_leaves_one_entry_with_everyone_it_touched(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim)
    assert await actions(practice) == [
        "POST /v1/clinicians",
        "POST /v1/clients",
        "POST /v1/courses",
    ]
    entry = (await entries(practice))[-1]
    assert entry["actor"] == "admin"
    assert entry["subjects"] == [course["id"], dana, kim]
    assert entry["details"] == {}


async def test_a_change_names_the_key_and_what_is_in_the_path(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim)
    session = course["sessions"][0]["id"]
    key = await practice.key("staff")
    made = (await entries(practice))[-1]
    await practice.post(f"/v1/sessions/{session}/cancel", {"reason": "Kim is away"}, key=key)
    entry = (await entries(practice))[-1]
    assert entry["action"] == "POST /v1/sessions/{id}/cancel"
    assert made["action"] == "POST /v1/keys"
    assert entry["actor"] == made["subjects"][0]
    assert entry["subjects"][0] == session
    assert {dana, kim} <= set(entry["subjects"])


async def test_no_entry_holds_a_name_an_address_or_a_reason(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    session = await practice.consultation(dana, kim, "2027-02-16T15:00:00-05:00")
    await practice.post(f"/v1/sessions/{session['id']}/cancel", {"reason": "Kim is away"})
    await practice.get("/v1/clients")
    text = await (await practice.get("/v1/audit")).text()
    assert [word for word in ("Kim", "Dana", "Reyes", "example", "away") if word in text] == []


async def test_a_retried_request_leaves_no_second_entry(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim]}
    for _ in range(2):
        answer = await practice.post("/v1/courses", body, once="the same")
        assert answer.status == 201
    assert (await actions(practice)).count("POST /v1/courses") == 1


@pytest.mark.parametrize("once", [None, "the same"])
async def test_a_refused_change_leaves_no_entry(practice: Practice, once: str | None) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.course(dana, kim)
    before = await actions(practice)
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim]}
    await problem_of(await practice.post("/v1/courses", body, once=once), 409)
    assert await actions(practice) == before


async def test_a_key_that_is_revoked_leaves_an_entry(practice: Practice) -> None:
    made = await practice.made("/v1/keys", {"role": "staff", "name": "Front desk"})
    answer = await practice.client.delete(
        f"/v1/keys/{made['id']}", headers={"Authorization": f"Bearer {await practice.key('admin')}"}
    )
    assert answer.status == 204
    entry = (await entries(practice))[-1]
    assert (entry["action"], entry["subjects"]) == ("DELETE /v1/keys/{id}", [made["id"]])


async def test_each_reading_of_personal_data_leaves_an_entry(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    practice.clock.advance(timedelta(minutes=1))
    ana = await practice.person(ANA)
    course = await practice.course(dana, kim)
    first = course["sessions"][0]["id"]
    key = await practice.key("staff")
    before = len(await entries(practice))
    for path in (
        "/v1/clients",
        f"/v1/clients/{ana}",
        f"/v1/courses/{course['id']}",
        f"/v1/sessions/{first}",
        f"/v1/sessions?client_id={ana}",
        "/v1/sessions?limit=1",
        "/v1/tasks",
    ):
        path, _, query = path.partition("?")
        params = dict([query.split("=")]) if query else {}
        assert (await practice.get(path, key=key, **params)).status == 200
    found = (await entries(practice))[before:]
    assert [(each["action"], each["subjects"]) for each in found] == [
        ("GET /v1/clients", [kim, ana]),
        ("GET /v1/clients/{id}", [ana]),
        ("GET /v1/courses/{id}", [course["id"], dana, kim]),
        ("GET /v1/sessions/{id}", [first, course["id"], dana, kim]),
        ("GET /v1/sessions", [ana]),
        ("GET /v1/sessions", [first, course["id"], dana, kim]),
        ("GET /v1/tasks", []),
    ]
    assert len({each["actor"] for each in found}) == 1


async def test_what_was_not_shown_leaves_no_entry(practice: Practice) -> None:
    await problem_of(await practice.get(f"/v1/clients/{NOBODY}"), 404)
    assert await actions(practice) == []


async def test_whose_data_a_key_touched_between_two_times(practice: Practice) -> None:
    """The question after a key was stolen: whose, by this key, from ten to eleven?"""
    kim, ana = await practice.person(), await practice.person(ANA)
    key = await practice.key("staff")
    stolen = (await entries(practice))[-1]["subjects"][0]
    await practice.get(f"/v1/clients/{kim}", key=key)  # an hour before
    practice.clock.advance(timedelta(hours=1))
    ten = practice.clock.now()
    await practice.get(f"/v1/clients/{ana}", key=key)
    await practice.get(f"/v1/clients/{kim}")  # someone else
    practice.clock.advance(timedelta(hours=1))
    await practice.get(f"/v1/clients/{kim}", key=key)  # an hour after
    between = {"from": ten.isoformat(), "until": practice.clock.now().isoformat()}
    found = await entries(practice, actor=stolen, **between)
    assert [(each["action"], each["subjects"]) for each in found] == [
        ("GET /v1/clients/{id}", [ana])
    ]
    about_kim = await entries(practice, subject=kim, actor=stolen)
    assert [each["action"] for each in about_kim] == ["GET /v1/clients/{id}"] * 2


async def test_the_log_is_answered_in_pages_without_a_gap(practice: Practice) -> None:
    for _ in range(5):
        await practice.person()
    seen: list[int] = []
    params = {"limit": "2"}
    while True:
        page = await (await practice.get("/v1/audit", **params)).json()
        seen.extend(each["position"] for each in page["entries"])
        if page["next"] is None or len(seen) >= 6:
            break
        params["next"] = str(page["next"])
    assert seen == [1, 2, 3, 4, 5, 6]


async def test_reading_the_log_is_recorded_too(practice: Practice) -> None:
    await practice.get("/v1/audit")
    page = await (await practice.get("/v1/audit")).json()
    assert [each["action"] for each in page["entries"]] == ["GET /v1/audit"]


@pytest.mark.parametrize("role", ["staff", "clinician"])
async def test_only_an_admin_reads_the_log(practice: Practice, role: str) -> None:
    dana = await practice.clinician()
    key = await practice.key(role, dana if role == "clinician" else None)
    await problem_of(await practice.get("/v1/audit", key=key), 403)


async def test_after_all_of_it_the_chain_is_whole(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.course(dana, kim)
    await practice.get("/v1/clients")
    assert practice.client.app is not None
    verdict = await verify(practice.client.app[DATABASE])
    assert verdict.sound
    assert verdict.head.position == 4


async def test_an_entry_that_cannot_be_read_any_more_is_said_to_be_so(practice: Practice) -> None:
    await practice.person()
    assert practice.client.app is not None
    database = practice.client.app[DATABASE]
    await rewrite(database, "UPDATE audit_entries SET details = 'gone' WHERE position = 1")
    problem = await problem_of(await practice.get("/v1/audit"), 409)
    assert problem["type"] == "urn:standing-hour:problem:log-rewritten"
