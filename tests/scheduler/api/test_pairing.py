"""The steps from a request to its course keep their order and the hard limits."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta

from tests.cast import ORTIZ
from tests.scheduler.asking import (
    FIRST_MEETING,
    consent,
    consultation,
    read,
    request,
)
from tests.scheduler.practice import TUESDAYS, Practice, problem_of


async def test_the_limits_hold_when_a_course_is_booked_too(practice: Practice) -> None:
    """The license covers the consultation, and ends before the course does."""
    until = date(2027, 5, 31)
    dana = await practice.clinician(licenses=[{"state": "US-NY", "until": str(until)}])
    made = await request(practice)
    first = await consultation(practice, made, dana)
    await consent(practice, first["client_ids"][0])
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


async def test_nobody_under_18_begins_a_course_without_a_consent(practice: Practice) -> None:
    dana = await practice.clinician()
    made = await request(practice)
    first = await consultation(practice, made, dana)
    path, body = f"/v1/requests/{made['id']}/course", TUESDAYS | {"clinician_id": dana}
    problem = await problem_of(await practice.post(path, body), 409)
    assert problem["type"] == "urn:standing-hour:problem:consent-missing"
    assert problem["errors"][0]["pointer"] == "#/first_date"  # no field of this body is a client
    assert problem["without_consent"] == ["#/first_date"]
    assert (await read(practice, made))["status"] == "consultation"
    await consent(practice, first["client_ids"][0])
    await practice.made(path, body)


async def test_staff_may_pass_over_a_limit_by_name_and_never_silently(practice: Practice) -> None:
    dana = await practice.clinician(accepting_clients=False, age_groups=["adult"])
    made = await request(practice)
    body = {"clinician_id": dana, "starts_at": FIRST_MEETING}
    path = f"/v1/requests/{made['id']}/consultation"
    problem = await problem_of(await practice.post(path, body), 409)
    causes = [each["cause"] for each in problem["reasons"]]
    assert causes == ["other_age_group", "not_accepting"]
    said = {"by": "Ana at the desk", "reason": "Dana asked for her."}
    booked = await practice.made(path, body | {"override": said})
    assert [each["cause"] for each in booked["overridden"]] == causes
    log = await (await practice.get("/v1/audit")).json()
    [line] = [each for each in log["entries"] if each["action"] == "override"]
    assert (line["details"]["by"], line["details"]["reason"]) == (said["by"], said["reason"])
    assert line["details"]["overridden"] == booked["overridden"]


async def test_dates_in_the_way_may_be_put_off_within_the_license(practice: Practice) -> None:
    """A week that is put off moves the last session past the end of the license."""
    dana = await practice.clinician(licenses=[{"state": "US-NY", "until": "2027-06-01"}])
    made = await request(practice)
    first = await consultation(practice, made, dana)
    await consent(practice, first["client_ids"][0])
    off = {"first_date": "2027-03-02", "last_date": "2027-03-02"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    path = f"/v1/requests/{made['id']}/course"
    body = TUESDAYS | {"clinician_id": dana, "on_conflict": "postpone"}
    problem = await problem_of(await practice.post(path, body), 409)
    assert [each["cause"] for each in problem["reasons"]] == ["license_ends"]
    booked = await practice.made(path, body | {"sessions": 15})
    assert [each["date"] for each in booked["postponed"]] == ["2027-03-02"]
    assert booked["sessions"][-1]["starts_at"][:10] == "2027-06-01"


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
    first = await consultation(practice, made, dana)
    await consent(practice, first["client_ids"][0])
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
