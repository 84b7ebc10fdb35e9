"""A series changes hands, is followed up, and opens only to the right keys."""

from __future__ import annotations

import pytest

from tests.cast import ANA, Body
from tests.scheduler.api.test_series import booked, read, starts
from tests.scheduler.practice import NOBODY, Practice, problem_of


async def test_another_clinician_takes_over_from_a_date_on(practice: Practice) -> None:
    course = await booked(practice)
    ortiz = await practice.clinician(name="Marta Ortiz")
    path = f"/v1/courses/{course['id']}/reassign"
    body = {"clinician_id": ortiz, "from": "2027-03-01"}
    seen = await practice.made(path, body | {"preview": True})
    assert ({each["clinician_id"] for each in seen["sessions"]}, seen["conflicts"]) == ({ortiz}, [])
    handed = await practice.made(path, body)
    dana = course["clinician_id"]
    assert [s["clinician_id"] for s in handed["sessions"]] == [dana, dana, ortiz, ortiz]
    assert handed["clinician_id"] == ortiz
    assert handed["freed"]["clinician_id"] == dana
    event = (await practice.events())[-1]
    assert (event["type"], event["data"]["clinician_id"]) == ("course.changed.v1", ortiz)
    assert {each["clinician_id"] for each in event["data"]["sessions"]} == {ortiz}
    listed = await (await practice.get("/v1/sessions", clinician_id=dana)).json()
    assert len(listed["sessions"]) == 2
    moved = {"starts_at": "2027-03-02T10:00:00-05:00", "scope": "this_and_following"}
    last = f"/v1/sessions/{course['sessions'][2]['id']}/move"
    assert starts((await practice.made(last, moved))["sessions"]) == ["03-02T10:00", "03-09T10:00"]


async def test_who_takes_over_must_be_free_on_every_date(practice: Practice) -> None:
    course = await booked(practice)
    ortiz = await practice.clinician(working_hours=[])
    ana = await practice.person(ANA)
    await practice.consultation(ortiz, ana, "2027-03-09T14:30:00-05:00")
    path = f"/v1/courses/{course['id']}/reassign"
    problem = await problem_of(await practice.post(path, {"clinician_id": ortiz}), 409)
    reasons = [(each["date"], each["reason"]) for each in problem["conflicts"]]
    assert reasons == [("2027-03-09", "clinician_busy")]
    nobody = await problem_of(await practice.post(path, {"clinician_id": NOBODY}), 422)
    assert nobody["errors"][0]["pointer"] == "#/clinician_id"
    same = await practice.post(path, {"clinician_id": course["clinician_id"]})
    assert (await problem_of(same, 409))["type"].endswith(":nothing-left")
    assert (await read(practice, course))["sessions"] == course["sessions"]


async def test_follow_ups_are_a_series_with_the_same_rights(practice: Practice) -> None:
    course = await booked(practice)
    body = {"sessions": 6, "every_weeks": 4, "first_date": "2027-04-06"}
    path = f"/v1/courses/{course['id']}/follow-ups"
    series = await practice.made(path, body)
    assert (series["kind"], series["follows"], series["every_weeks"]) == (
        "follow_up",
        course["id"],
        4,
    )
    dates = ["04-06", "05-04", "06-01", "06-29", "07-27", "08-24"]
    assert starts(series["sessions"]) == [f"{day}T15:00" for day in dates]
    event = (await practice.events())[-1]
    assert (event["type"], event["subject"]) == ("course.booked.v1", series["id"])
    assert {each["kind"] for each in event["data"]["sessions"]} == {"follow_up"}
    own = f"/v1/courses/{series['id']}"
    paused = await practice.made(f"{own}/pause", {"from": "2027-07-01", "weeks": 2})
    assert starts(paused["sessions"])[4:] == ["08-10T15:00", "09-07T15:00"]
    grown = await practice.made(f"{own}/extend", {"sessions": 1})
    assert starts(grown["sessions"])[6:] == ["10-05T15:00"]
    first = f"/v1/sessions/{series['sessions'][0]['id']}/move"
    body = {"starts_at": "2027-04-07T10:00:00-04:00", "scope": "all_remaining"}
    assert len((await practice.made(first, body))["sessions"]) == 7
    assert (await practice.made(f"{own}/end", {}))["status"] == "ended"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("extend", {"sessions": 1}),
        ("reassign", {"clinician_id": NOBODY}),
        ("follow-ups", {"sessions": 1, "every_weeks": 1, "first_date": "2027-05-04"}),
    ],
)
async def test_only_admin_and_staff_extend_reassign_and_follow_up(
    practice: Practice, path: str, body: Body
) -> None:
    course = await booked(practice)
    own = await practice.key("clinician", course["clinician_id"])
    await problem_of(await practice.post(f"/v1/courses/{course['id']}/{path}", body, key=own), 403)
    staff = await practice.key("staff")
    unknown = await practice.post(f"/v1/courses/{NOBODY}/{path}", body, key=staff)
    assert (await problem_of(unknown, 404))["type"].endswith(":unknown-course")


async def test_a_clinicians_key_changes_their_own_series_and_no_others(practice: Practice) -> None:
    course = await booked(practice)
    own = await practice.key("clinician", course["clinician_id"])
    ortiz = await practice.clinician(name="Marta Ortiz")
    other = await practice.key("clinician", ortiz)
    path = f"/v1/courses/{course['id']}"
    pause = {"from": "2027-03-01", "weeks": 1}
    await problem_of(await practice.post(f"{path}/pause", pause, key=other), 404)
    await problem_of(await practice.post(f"{path}/end", {}, key=other), 404)
    assert (await practice.post(f"{path}/pause", pause, key=own)).status == 200
    first = f"/v1/sessions/{course['sessions'][0]['id']}/cancel"
    scope = {"scope": "all_remaining"}
    await problem_of(await practice.post(first, scope, key=other), 404)
    answer = await practice.post(first, scope, key=own)
    assert len((await answer.json())["sessions"]) == 4


async def test_of_a_course_in_two_hands_a_clinicians_key_moves_only_their_own(
    practice: Practice,
) -> None:
    course = await booked(practice)
    ortiz = await practice.clinician(name="Marta Ortiz")
    body = {"clinician_id": ortiz, "from": "2027-03-01"}
    await practice.made(f"/v1/courses/{course['id']}/reassign", body)
    dana = await practice.key("clinician", course["clinician_id"])
    path = f"/v1/sessions/{course['sessions'][0]['id']}/move"
    wish = {"starts_at": "2027-02-16T10:00:00-05:00", "scope": "all_remaining"}
    answer = await practice.post(path, wish, key=dana)
    assert starts((await answer.json())["sessions"]) == ["02-16T10:00", "02-23T10:00"]
