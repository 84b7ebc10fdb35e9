"""One session: booked, listed, read, moved, cancelled, concluded."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.cast import ANA, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of

NOON = "2027-02-16T12:00:00-05:00"
ONE = "2027-02-16T13:00:00-05:00"
AFTERWARDS = datetime(2027, 2, 16, 18, tzinfo=UTC)


async def booked(practice: Practice) -> Body:
    return await practice.consultation(await practice.clinician(), await practice.person(), NOON)


async def test_a_consultation_is_booked_and_told_of(practice: Practice) -> None:
    session = await booked(practice)
    assert (session["kind"], session["status"], session["revision"]) == (
        "consultation",
        "scheduled",
        1,
    )
    assert (session["starts_at"], session["ends_at"]) == (NOON, ONE)
    assert (session["course_id"], session["ordinal"]) == (None, None)
    told = (await practice.events())[-1]
    assert (told["type"], told["subject"]) == ("session.booked.v1", session["id"])
    assert told["data"]["session"]["links_expire_at"] == "2027-03-18T18:00:00Z"
    assert await (await practice.get(f"/v1/sessions/{session['id']}")).json() == session


async def test_the_offset_of_the_request_does_not_matter(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    session = await practice.consultation(dana, kim, "2027-02-16T18:00:00.250+01:00")
    assert session["starts_at"] == NOON


async def test_a_taken_hour_is_refused(practice: Practice) -> None:
    session = await booked(practice)
    wish = {key: session[key] for key in ("kind", "clinician_id", "client_ids")}
    answer = await practice.post("/v1/sessions", wish | {"starts_at": "2027-02-16T17:30:00Z"})
    problem = await problem_of(answer, 409)
    assert problem["conflicts"] == [
        {
            "date": "2027-02-16",
            "starts_at": "2027-02-16T12:30:00-05:00",
            "reason": "clinician_busy",
        }
    ]


async def test_a_move_is_told_with_where_it_was(practice: Practice) -> None:
    session = await booked(practice)
    moved = await practice.made(f"/v1/sessions/{session['id']}/move", {"starts_at": ONE})
    assert moved["starts_at"] == ONE
    assert moved["revision"] == 2
    told = (await practice.events())[-1]
    assert told["type"] == "session.moved.v1"
    assert told["data"]["previous_starts_at"] == "2027-02-16T17:00:00Z"
    assert told["data"]["session"]["starts_at"] == "2027-02-16T18:00:00Z"


async def test_a_session_may_move_within_its_own_hour(practice: Practice) -> None:
    session = await booked(practice)
    later = {"starts_at": "2027-02-16T12:30:00-05:00"}
    assert (await practice.made(f"/v1/sessions/{session['id']}/move", later))["revision"] == 2


async def test_a_move_into_a_taken_hour_changes_nothing(practice: Practice) -> None:
    session = await booked(practice)
    ana = await practice.person(ANA)
    await practice.consultation(session["clinician_id"], ana, ONE)
    told = await practice.told()
    path = f"/v1/sessions/{session['id']}"
    problem = await problem_of(await practice.post(f"{path}/move", {"starts_at": ONE}), 409)
    assert [each["reason"] for each in problem["conflicts"]] == ["clinician_busy"]
    assert await (await practice.get(path)).json() == session
    assert await practice.told() == told


async def test_a_preview_tells_and_changes_nothing(practice: Practice) -> None:
    session = await booked(practice)
    path, told = f"/v1/sessions/{session['id']}", await practice.told()
    free = await practice.made(f"{path}/move", {"starts_at": ONE, "preview": True})
    assert (free["session"]["starts_at"], free["conflicts"]) == (ONE, [])
    night = {"starts_at": "2027-02-16T23:00:00-05:00", "preview": True}
    outside = await practice.made(f"{path}/move", night)
    assert [each["reason"] for each in outside["conflicts"]] == ["outside_working_hours"]
    assert await (await practice.get(path)).json() == session
    assert await practice.told() == told


async def test_a_cancelled_hour_is_free_and_its_reason_is_not_told(practice: Practice) -> None:
    session = await booked(practice)
    path = f"/v1/sessions/{session['id']}"
    cancelled = await practice.made(f"{path}/cancel", {"reason": "a family matter"})
    assert (cancelled["status"], cancelled["revision"]) == ("cancelled", 2)
    assert cancelled["cancel_reason"] == "a family matter"
    told = (await practice.events())[-1]
    assert told["type"] == "session.cancelled.v1"
    assert "family" not in str(told)
    again = await practice.consultation(session["clinician_id"], session["client_ids"][0], NOON)
    assert again["id"] != session["id"]


async def test_a_cancel_needs_no_body(practice: Practice) -> None:
    session = await booked(practice)
    key = await practice.key("staff")
    answer = await practice.client.post(
        f"/v1/sessions/{session['id']}/cancel", headers={"Authorization": f"Bearer {key}"}
    )
    assert (await answer.json())["status"] == "cancelled"


@pytest.mark.parametrize("outcome", ["attended", "no_show"])
async def test_a_session_is_concluded_once_it_has_begun(practice: Practice, outcome: str) -> None:
    session = await booked(practice)
    path = f"/v1/sessions/{session['id']}/conclude"
    problem = await problem_of(await practice.post(path, {"outcome": outcome}), 409)
    assert problem["type"].endswith(":not-started")
    practice.clock.moment = AFTERWARDS
    assert (await practice.made(path, {"outcome": outcome}))["status"] == outcome
    assert (await practice.told())[-1] == "session.concluded.v1"


CHANGES: dict[str, Body] = {
    "move": {"starts_at": "2027-02-17T12:00:00-05:00"},
    "cancel": {},
    "conclude": {"outcome": "attended"},
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_cancelled_session_does_not_change(practice: Practice, change: str) -> None:
    session = await booked(practice)
    path = f"/v1/sessions/{session['id']}"
    await practice.made(f"{path}/cancel", {})
    problem = await problem_of(await practice.post(f"{path}/{change}", CHANGES[change]), 409)
    assert problem["type"].endswith(":not-scheduled")


@pytest.mark.parametrize("change", CHANGES)
async def test_a_session_that_nobody_booked_does_not_change(
    practice: Practice, change: str
) -> None:
    for id in (NOBODY, "x"):
        answer = await practice.post(f"/v1/sessions/{id}/{change}", CHANGES[change])
        await problem_of(answer, 404)


async def test_what_is_over_is_only_concluded(practice: Practice) -> None:
    session = await booked(practice)
    practice.clock.moment = AFTERWARDS
    answer = await practice.post(f"/v1/sessions/{session['id']}/cancel", {})
    assert (await problem_of(answer, 409))["type"].endswith(":session-over")


async def test_of_many_changes_at_once_one_comes_first(practice: Practice) -> None:
    session = await booked(practice)
    path = f"/v1/sessions/{session['id']}"
    answers = await asyncio.gather(*(practice.post(f"{path}/cancel", {}) for _ in range(10)))
    assert Counter(answer.status for answer in answers) == {200: 1, 409: 9}
    assert (await practice.told()).count("session.cancelled.v1") == 1


async def test_a_retried_change_happens_once(practice: Practice) -> None:
    session = await booked(practice)
    path = f"/v1/sessions/{session['id']}/cancel"
    one, two = [await practice.post(path, {}, once="c-1") for _ in range(2)]
    assert (one.status, two.status) == (200, 200)
    assert await one.json() == await two.json()
    assert (await practice.told()).count("session.cancelled.v1") == 1


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("kind", "course", "#/kind"),
        ("clinician_id", NOBODY, "#/clinician_id"),
        ("client_ids", [NOBODY], "#/client_ids/0"),
        ("starts_at", "2027-02-16T12:00:00", "#/starts_at"),
        ("starts_at", "2027-02-16", "#/starts_at"),
        ("starts_at", "0001-01-01T00:00:00+14:00", "#/starts_at"),
        ("starts_at", "9999-12-31T23:59:59-14:00", "#/starts_at"),
        ("starts_at", "2027-02-30T12:00:00Z", "#/starts_at"),
        ("starts_at", "2027-02-16T24:00:00Z", "#/starts_at"),
        ("starts_at", "2027-02-16T12:00:00+99:99", "#/starts_at"),
        ("starts_at", 1_800_000_000, "#/starts_at"),
        ("starts_at", "2026-11-23T14:00:00Z", "#/starts_at"),
        ("length", 50, "#/length"),
    ],
)
async def test_a_wrong_wish_is_named(
    practice: Practice, field: str, value: object, pointer: str
) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    body = {"kind": "follow_up", "clinician_id": dana, "client_ids": [kim], "starts_at": NOON}
    problem = await problem_of(await practice.post("/v1/sessions", body | {field: value}), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert (await (await practice.get("/v1/sessions")).json())["sessions"] == []


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("change", "body", "pointer"),
    [
        ("move", {"starts_at": NOON}, "#/starts_at"),
        ("move", {"starts_at": "2026-11-23T13:00:00Z"}, "#/starts_at"),
        ("move", {"starts_at": "2027-02-16T13:00:00"}, "#/starts_at"),
        ("move", {}, "#/starts_at"),
        ("move", {"starts_at": ONE, "scope": "all"}, "#/scope"),
        ("move", {"starts_at": ONE, "preview": "yes"}, "#/preview"),
        ("cancel", {"scope": "rest"}, "#/scope"),
        ("cancel", {"reason": "x" * 1001}, "#/reason"),
        ("cancel", {"reason": "a\x00b"}, "#/reason"),
        ("conclude", {"outcome": "cancelled"}, "#/outcome"),
        ("conclude", {}, "#/outcome"),
    ],
)
async def test_a_wrong_change_is_named(
    practice: Practice, change: str, body: Body, pointer: str
) -> None:
    session = await booked(practice)
    path = f"/v1/sessions/{session['id']}"
    problem = await problem_of(await practice.post(f"{path}/{change}", body), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert await (await practice.get(path)).json() == session


async def test_the_list_is_narrowed_and_paged(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim)
    ids = [session["id"] for session in course["sessions"]]
    first = await (await practice.get("/v1/sessions", client_id=kim, limit="10")).json()
    rest = await (await practice.get("/v1/sessions", limit="10", next=first["next"])).json()
    assert [s["id"] for s in first["sessions"] + rest["sessions"]] == ids
    assert rest["next"] is None
    window = {"from": "2027-02-16T20:00:00Z", "until": "2027-02-23T15:00:00-05:00"}
    listed = await (await practice.get("/v1/sessions", clinician_id=dana, **window)).json()
    assert listed == {"sessions": course["sessions"][:1], "next": None}
    nobodys = await (await practice.get("/v1/sessions", clinician_id=NOBODY)).json()
    assert nobodys["sessions"] == []


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("clinician_id", "dana"),
        ("client_id", ""),
        ("from", "2027-02-16T20:00:00"),
        ("until", "tomorrow"),
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "many"),
        ("next", "!"),
        ("next", "AAAA"),
        ("next", "f////////////////////////////////w=="),
        ("since", "2027-02-16T20:00:00Z"),
    ],
)
async def test_a_wrong_parameter_is_named(practice: Practice, name: str, value: str) -> None:
    problem = await problem_of(await practice.get("/v1/sessions", **{name: value}), 422)
    assert problem["errors"][0]["parameter"] == name
