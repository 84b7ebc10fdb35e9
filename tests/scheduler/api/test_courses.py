"""POST /v1/courses: every week at the same local hour, whole or not at all."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest

from services.scheduler.api.refusals import STATUS
from services.scheduler.domain.errors import SchedulerRefusal
from tests.cast import ANA, KIM, LEE, ORTIZ, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, TUESDAYS, Practice, problem_of
from tests.shared.diary import ADMIN_KEY

ALL_TUESDAYS = [str(date(2027, 2, 16) + n * timedelta(weeks=1)) for n in range(16)]


def conflicts(problem: Body) -> list[tuple[str, str]]:
    return [(each["date"], each["reason"]) for each in problem["conflicts"]]


async def test_sixteen_tuesdays_at_three_across_the_change_of_clocks(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim)
    starts = [session["starts_at"] for session in course["sessions"]]
    assert [start[:10] for start in starts] == ALL_TUESDAYS
    assert {start[11:19] for start in starts} == {"15:00:00"}
    assert [start[19:] for start in starts] == ["-05:00"] * 4 + ["-04:00"] * 12
    assert [s["ordinal"] for s in course["sessions"]] == list(range(1, 17))
    assert {(s["status"], s["revision"]) for s in course["sessions"]} == {("scheduled", 1)}
    assert course["status"] == "active"


async def test_the_event_tells_of_all_sixteen(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim)
    told = (await practice.events())[-1]
    assert (told["type"], told["subject"]) == ("course.booked.v1", course["id"])
    sessions = told["data"]["sessions"]
    assert [s["session_id"] for s in sessions] == [s["id"] for s in course["sessions"]]
    assert sessions[0]["starts_at"] == "2027-02-16T20:00:00Z"
    assert {s["links_expire_at"] for s in sessions} == {"2027-07-01T20:00:00Z"}


async def test_a_course_is_read_as_it_was_booked(practice: Practice) -> None:
    course = await practice.course(await practice.clinician(), await practice.person())
    answer = await practice.get(f"/v1/courses/{course['id']}")
    assert await answer.json() == course


async def test_the_same_hour_again_names_every_date_in_the_way(practice: Practice) -> None:
    dana, kim, ana = (
        await practice.clinician(),
        await practice.person(),
        await practice.person(ANA),
    )
    await practice.course(dana, kim)
    told = await practice.told()
    for client in (kim, ana):
        body = TUESDAYS | {"clinician_id": dana, "client_ids": [client]}
        problem = await problem_of(await practice.post("/v1/courses", body), 409)
        assert problem["type"] == "urn:standing-hour:problem:hour-taken"
        assert conflicts(problem) == [(day, "clinician_busy") for day in ALL_TUESDAYS]
        assert problem["conflicts"][0]["starts_at"] == "2027-02-16T15:00:00-05:00"
    assert await practice.told() == told


async def test_a_client_cannot_be_in_two_places(practice: Practice) -> None:
    dana, ortiz = await practice.clinician(), await practice.clinician(**ORTIZ)
    kim, lee = await practice.person(), await practice.person(LEE)
    await practice.course(dana, kim)
    later = {"clinician_id": ortiz, "client_ids": [lee, kim], "first_date": "2027-05-25"}
    problem = await problem_of(await practice.post("/v1/courses", TUESDAYS | later), 409)
    assert conflicts(problem) == [("2027-05-25", "client_busy"), ("2027-06-01", "client_busy")]


async def test_hours_that_are_not_worked_are_conflicts(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim], "time": "17:30", "sessions": 2}
    problem = await problem_of(await practice.post("/v1/courses", body), 409)
    assert conflicts(problem) == [(day, "outside_working_hours") for day in ALL_TUESDAYS[:2]]


async def test_two_courses_that_cross_are_never_half_booked(practice: Practice) -> None:
    dana, kim, ana = (
        await practice.clinician(),
        await practice.person(),
        await practice.person(ANA),
    )
    people: Body = {"clinician_id": dana}
    one = TUESDAYS | people | {"client_ids": [kim]}
    two = TUESDAYS | people | {"client_ids": [ana], "first_date": "2027-05-25"}
    answers = await asyncio.gather(
        *(practice.post("/v1/courses", body) for body in (one, two, one, two))
    )
    assert Counter(answer.status for answer in answers) == {201: 1, 409: 3}
    listed = await (await practice.get("/v1/sessions")).json()
    assert len(listed["sessions"]) == 16
    assert (await practice.told()).count("course.booked.v1") == 1


async def test_of_fifty_bookings_of_one_hour_one_wins_each_round(practice: Practice) -> None:
    dana = await practice.clinician(working_hours=[])
    kim, ana = await practice.person(), await practice.person(ANA)
    first = datetime(2027, 2, 16)  # noqa: DTZ001 # rounds need only a date and an hour
    for n in range(5):
        hour = first + timedelta(hours=n)
        wish = {"first_date": str(hour.date()), "time": f"{hour:%H:%M}", "sessions": 1}
        bodies = [wish | {"clinician_id": dana, "client_ids": [id]} for id in (kim, ana)] * 25
        answers = await asyncio.gather(*(practice.post("/v1/courses", body) for body in bodies))
        assert Counter(answer.status for answer in answers) == {201: 1, 409: 49}
    listed = await (await practice.get("/v1/sessions")).json()
    assert len(listed["sessions"]) == 5


async def test_a_group_shares_its_hour(practice: Practice) -> None:
    dana = await practice.clinician()
    group = [await practice.person(body) for body in (KIM, ANA, LEE)]
    course = await practice.course(dana, *group, sessions=2)
    assert course["client_ids"] == group
    assert all(session["client_ids"] == group for session in course["sessions"])


async def test_a_retried_booking_gets_the_first_answer(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim]}
    first, again = [await practice.post("/v1/courses", body, once="k-1") for _ in range(2)]
    assert (first.status, again.status) == (201, 201)
    assert await again.json() == await first.json()
    assert (await practice.told()).count("course.booked.v1") == 1
    other = await practice.post("/v1/courses", body | {"time": "16:00"}, once="k-1")
    await problem_of(other, 422)
    assert len((await (await practice.get("/v1/sessions")).json())["sessions"]) == 16


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("clinician_id", NOBODY, "#/clinician_id"),
        ("clinician_id", "dana", "#/clinician_id"),
        ("client_ids", [NOBODY], "#/client_ids/0"),
        ("client_ids", [], "#/client_ids"),
        ("client_ids", ["x"], "#/client_ids/0"),
        ("client_ids", [NOBODY, NOBODY], "#/client_ids"),
        ("client_ids", [str(UUID(int=n)) for n in range(31)], "#/client_ids"),
        ("first_date", "2026-11-23", "#/first_date"),
        ("first_date", "0001-01-01", "#/first_date"),
        ("first_date", "2201-01-01", "#/first_date"),
        ("first_date", "2027-02-30", "#/first_date"),
        ("first_date", 1_800_000_000, "#/first_date"),
        ("first_date", "2027-02-16T15:00:00Z", "#/first_date"),
        ("time", "25:00", "#/time"),
        ("time", "15:00:00", "#/time"),
        ("time", "3 pm", "#/time"),
        ("time", None, "#/time"),
        ("sessions", 0, "#/sessions"),
        ("sessions", 53, "#/sessions"),
        ("sessions", True, "#/sessions"),
        ("sessions", "16", "#/sessions"),
        ("sessions", 10**400, "#/sessions"),
        ("timezone", "America/New_Yorck", "#/timezone"),
        ("timezone", "../../etc/passwd", "#/timezone"),
        ("timezone", "", "#/timezone"),
        ("on_conflict", "ask", "#/on_conflict"),
        ("colour", "blue", "#/colour"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_stored(
    practice: Practice, field: str, value: object, pointer: str
) -> None:
    dana, kim = await practice.clinician(working_hours=[]), await practice.person()
    told = await practice.told()
    body = TUESDAYS | {"time": "01:00", "clinician_id": dana, "client_ids": [kim], field: value}
    problem = await problem_of(await practice.post("/v1/courses", body), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert await practice.told() == told
    assert (await (await practice.get("/v1/sessions")).json())["sessions"] == []


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"", 400),
        (b'{"time": NaN}', 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"name": "' + b"x" * 2 * 1024 * 1024 + b'"}', 413),
    ],
    ids=["broken", "bytes", "empty", "nan", "deep", "list", "null", "2 MiB"],
)
async def test_what_is_no_body_is_a_problem(practice: Practice, raw: bytes, status: int) -> None:
    headers = {"Authorization": f"Bearer {ADMIN_KEY}"}
    answer = await practice.client.post("/v1/courses", data=BytesIO(raw), headers=headers)
    await problem_of(answer, status)
    assert await practice.told() == []


async def test_a_course_that_nobody_booked_is_unknown(practice: Practice) -> None:
    for id in (NOBODY, "x"):
        await problem_of(await practice.get(f"/v1/courses/{id}"), 404)


def test_every_refusal_has_a_status() -> None:
    assert set(STATUS) == set(SchedulerRefusal.__subclasses__())
