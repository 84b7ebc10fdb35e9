"""Staff may pass over any limit; it is never silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa

from services.scheduler.store.tables import sessions as table
from shared.web.keys import DATABASE
from tests.cast import ANA, KIM, Body
from tests.scheduler.practice import TUESDAYS, Practice, problem_of

BY: Final = {"by": "Robin Vale", "reason": "Kim can come at no other time."}
THREE: Final = "2027-02-16T15:00:00-05:00"


async def entries(practice: Practice, action: str) -> list[Any]:
    page = await (await practice.get("/v1/audit", limit="1000")).json()
    return [each for each in page["entries"] if each["action"] == action]


async def sessions(practice: Practice) -> list[Any]:
    found: list[Any] = (await (await practice.get("/v1/sessions")).json())["sessions"]
    return found


async def overlapping(practice: Practice) -> tuple[str, Body]:
    """Return Dana, and a course of Ana's that holds three o'clock on the third Tuesday."""
    dana, ana = await practice.clinician(), await practice.person(ANA)
    await practice.course(dana, ana, first_date="2027-03-02", sessions=1)
    kim = await practice.person()
    return dana, TUESDAYS | {"clinician_id": dana, "client_ids": [kim], "sessions": 4}


async def test_without_one_the_course_is_refused(practice: Practice) -> None:
    _, body = await overlapping(practice)
    await problem_of(await practice.post("/v1/courses", body), 409)


async def test_a_course_is_booked_over_a_taken_hour_and_says_so(practice: Practice) -> None:
    dana, body = await overlapping(practice)
    course = await practice.made("/v1/courses", body | {"override": BY})
    assert course["overridden"] == [
        {
            "date": "2027-03-02",
            "starts_at": "2027-03-02T15:00:00-05:00",
            "reason": "clinician_busy",
        }
    ]
    assert len(course["sessions"]) == 4
    (entry,) = await entries(practice, "override")
    assert entry["actor"] == "admin"
    assert entry["details"] == BY | {"overridden": course["overridden"]}
    assert {course["id"], dana, *body["client_ids"]} <= set(entry["subjects"])
    assert len(await entries(practice, "POST /v1/courses")) == 2  # Ana's, and Kim's


async def test_only_that_hour_is_overbooked_and_the_others_stay_guarded(
    practice: Practice,
) -> None:
    _, body = await overlapping(practice)
    course = await practice.made("/v1/courses", body | {"override": BY})
    ids = {each["id"] for each in course["sessions"]}
    rows = await _overbooked(practice)
    assert {id for id, over in rows.items() if over} == {course["sessions"][2]["id"]}
    assert ids <= set(rows)


async def _overbooked(practice: Practice) -> dict[str, bool]:
    assert practice.client.app is not None
    async with practice.client.app[DATABASE].engine.connect() as conn:
        rows = await conn.execute(sa.select(table.c.id, table.c.overbooked))
        return {str(row.id): row.overbooked for row in rows.all()}


async def test_a_rule_is_passed_over_without_overbooking(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    sunday = {"kind": "consultation", "clinician_id": dana, "client_ids": [kim]}
    sunday["starts_at"] = "2027-02-14T15:00:00-05:00"
    await problem_of(await practice.post("/v1/sessions", sunday), 409)
    session = await practice.made("/v1/sessions", sunday | {"override": BY})
    assert [each["reason"] for each in session["overridden"]] == ["outside_working_hours"]
    assert await _overbooked(practice) == {session["id"]: False}


async def test_a_session_is_moved_onto_a_taken_hour_and_off_it_again(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    ana = await practice.person(ANA)
    await practice.consultation(dana, ana, THREE)
    mine = await practice.consultation(dana, kim, "2027-02-16T16:00:00-05:00")
    path = f"/v1/sessions/{mine['id']}/move"
    await problem_of(await practice.post(path, {"starts_at": THREE}), 409)
    moved = await practice.made(path, {"starts_at": THREE, "override": BY})
    assert [each["reason"] for each in moved["overridden"]] == ["clinician_busy"]
    assert (await _overbooked(practice))[mine["id"]] is True
    await practice.made(path, {"starts_at": "2027-02-16T17:00:00-05:00"})
    assert (await _overbooked(practice))[mine["id"]] is False
    assert len(await entries(practice, "override")) == 1


async def test_a_missing_consent_is_passed_over_by_name(practice: Practice) -> None:
    dana = await practice.clinician()
    kim = await practice.person(KIM, date_of_birth="2014-06-01")
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim], "override": BY}
    course = await practice.made("/v1/courses", body)
    assert course["overridden"] == [
        {
            "date": "2027-02-16",
            "starts_at": THREE,
            "reason": "consent_missing",
            "client_id": kim,
        }
    ]
    (entry,) = await entries(practice, "override")
    assert entry["details"]["overridden"] == course["overridden"]


async def test_a_full_group_is_joined_by_name(practice: Practice) -> None:
    dana, ana = await practice.clinician(), await practice.person(ANA)
    other, kim = await practice.person(ANA), await practice.person()
    group = {"minimum": 1, "maximum": 2, "join_until": 1}
    course = await practice.course(dana, ana, other, group=group)
    path = f"/v1/courses/{course['id']}/members"
    await problem_of(await practice.post(path, {"client_id": kim}), 409)
    joined = await practice.made(path, {"client_id": kim, "override": BY})
    assert [(each["reason"], each["client_id"]) for each in joined["overridden"]] == [
        ("group_full", kim)
    ]
    assert len(await entries(practice, "override")) == 1


@pytest.mark.parametrize("on_conflict", ["refuse", "postpone"])
@pytest.mark.parametrize(
    ("members", "reason"), [(1, "group_too_small"), (2, None), (3, None), (4, "group_full")]
)
async def test_a_group_of_any_size_begins_by_name(
    practice: Practice, members: int, reason: str | None, on_conflict: str
) -> None:
    dana = await practice.clinician()
    ids = [await practice.person(ANA) for _ in range(members)]
    group = {"minimum": 2, "maximum": 3, "join_until": 1}
    body = TUESDAYS | {"clinician_id": dana, "client_ids": ids, "group": group, "sessions": 2}
    body |= {"on_conflict": on_conflict}
    if reason:
        problem = await problem_of(await practice.post("/v1/courses", body), 422)
        assert problem["errors"][0]["pointer"] == "#/client_ids"
    course = await practice.made("/v1/courses", body | {"override": BY})
    told = [{"date": "2027-02-16", "starts_at": THREE, "reason": reason}] if reason else []
    assert course.get("overridden", []) == told
    assert (course["client_ids"], course["group"]) == (ids, group)
    (entry,) = await entries(practice, "override")
    assert entry["details"] == BY | {"overridden": told}
    path = f"/v1/courses/{course['id']}/follow-ups"
    after = await practice.made(path, {"sessions": 1, "every_weeks": 1, "first_date": "2027-05-04"})
    assert after["client_ids"] == ids


async def test_an_override_that_was_not_needed_is_on_record_too(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim, override=BY)
    assert course.get("overridden", []) == []
    (entry,) = await entries(practice, "override")
    assert entry["details"] == BY | {"overridden": []}


async def test_a_retry_overrides_once(practice: Practice) -> None:
    _, body = await overlapping(practice)
    for _ in range(2):
        answer = await practice.post("/v1/courses", body | {"override": BY}, once="the same")
        assert answer.status == 201
    assert len(await entries(practice, "override")) == 1
    assert len(await sessions(practice)) == 5


async def test_the_past_is_no_limit_that_can_be_passed_over(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    past = (practice.clock.now() - timedelta(hours=2)).isoformat()
    body = {"kind": "consultation", "clinician_id": dana, "client_ids": [kim], "starts_at": past}
    await problem_of(await practice.post("/v1/sessions", body | {"override": BY}), 422)
    assert await entries(practice, "override") == []


async def test_a_clinicians_key_may_not_and_the_attempt_is_kept(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    session = await practice.consultation(dana, kim, THREE)
    made = await practice.made(
        "/v1/keys", {"role": "clinician", "name": "Dana", "clinician_id": dana}
    )
    path = f"/v1/sessions/{session['id']}/move"
    body = {"starts_at": "2027-02-14T15:00:00-05:00", "override": BY}
    capsys.readouterr()
    problem = await problem_of(await practice.post(path, body, key=made["key"]), 403)
    assert problem["type"] == "urn:standing-hour:problem:forbidden"
    (entry,) = await entries(practice, "override refused")
    assert (entry["actor"], entry["subjects"], entry["details"]) == (
        made["id"],
        [session["id"]],
        {},
    )
    (found,) = await sessions(practice)
    assert found["starts_at"] == THREE
    logged = capsys.readouterr().out
    assert "security.override_refused" in logged
    assert "Robin" not in logged


@pytest.mark.parametrize("path", ["/v1/courses", "/v1/sessions"])
async def test_a_clinicians_key_books_nothing_at_all(practice: Practice, path: str) -> None:
    key = await practice.key("clinician", await practice.clinician())
    await problem_of(await practice.post(path, {"override": BY}, key=key), 403)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"by": "", "reason": "a"}, "#/override/by"),
        ({"by": "Robin"}, "#/override/reason"),
        ({"by": "Robin", "reason": "  "}, "#/override/reason"),
    ],
)
async def test_an_override_without_a_name_or_a_reason_is_refused(
    practice: Practice, wrong: Body, pointer: str
) -> None:
    _, body = await overlapping(practice)
    problem = await problem_of(await practice.post("/v1/courses", body | {"override": wrong}), 422)
    assert problem["errors"][0]["pointer"] == pointer
