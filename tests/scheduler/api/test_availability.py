"""Time off, extra hours, holidays, buffers, notice and horizon, as bookings feel them."""

from __future__ import annotations

from typing import Final

import pytest

from tests.cast import ANA, DANA, KIM, ORTIZ, Body
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, TUESDAYS, Practice, problem_of

THANKSGIVING: Final = {"country": "US", "kept": ["Thanksgiving Day"]}
THURSDAYS: Final = {"first_date": "2027-11-18", "time": "15:00", "sessions": 3}


async def refused(practice: Practice, clinician: str, client: str, **other: object) -> list[str]:
    """Return what is in the way of a course on Tuesdays, a date and a reason each."""
    people = {"clinician_id": clinician, "client_ids": [client]}
    problem = await problem_of(await practice.post("/v1/courses", TUESDAYS | people | other), 409)
    return [f"{each['date']} {each['reason']}" for each in problem["conflicts"]]


async def test_whole_days_off_are_days_of_the_clinicians_calendar(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    off = {"first_date": "2027-03-09", "last_date": "2027-03-16", "reason": "a conference"}
    made = await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    assert {name: made[name] for name in off} == off
    assert made["starts_at"] == "2027-03-09T05:00:00+00:00"
    assert made["ends_at"] == "2027-03-17T04:00:00+00:00", "the clocks have changed in between"
    assert await refused(practice, dana, kim) == ["2027-03-09 time_off", "2027-03-16 time_off"]
    assert made.pop("affected") == []
    assert await (await practice.get(f"/v1/time-off/{made['id']}")).json() == made
    listed = await (await practice.get(f"/v1/clinicians/{dana}/time-off")).json()
    assert listed == {"time_off": [made], "next": None}


async def test_an_afternoon_off_leaves_the_morning(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    off = {"starts_at": "2027-03-02T12:00:00-05:00", "ends_at": "2027-03-02T15:30:00-05:00"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    assert await refused(practice, dana, kim) == ["2027-03-02 time_off"]
    await practice.course(dana, kim, time="11:00")


async def test_time_off_that_is_taken_back_is_no_more_in_the_way(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    off = {"first_date": "2027-03-02", "last_date": "2027-03-02"}
    made = await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    gone = await practice.delete(f"/v1/time-off/{made['id']}")
    assert (gone.status, await gone.text()) == (204, "")
    await problem_of(await practice.delete(f"/v1/time-off/{made['id']}"), 404)
    await practice.course(dana, kim)


async def test_time_off_over_what_is_booked_is_accepted_and_cancels_nothing(
    practice: Practice,
) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim)
    off = {"first_date": "2027-02-16", "last_date": "2027-06-30"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    assert await (await practice.get(f"/v1/courses/{course['id']}")).json() == course


async def test_days_off_stay_the_same_dates_when_the_clinician_moves_to_another_zone(
    practice: Practice,
) -> None:
    dana = await practice.clinician()
    off = {"first_date": "2027-03-02", "last_date": "2027-03-02"}
    made = await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    await practice.patch(f"/v1/clinicians/{dana}", {"timezone": "America/Phoenix"})
    found = await (await practice.get(f"/v1/time-off/{made['id']}")).json()
    assert found["starts_at"] == "2027-03-02T07:00:00+00:00"
    assert found["first_date"] == "2027-03-02"


async def test_extra_hours_are_worked_too_and_touch_the_weekly_ones(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    late = {"first_date": "2027-02-16", "time": "17:30", "sessions": 2}
    both = ["2027-02-16 outside_working_hours", "2027-02-23 outside_working_hours"]
    assert await refused(practice, dana, kim, **late) == both
    extra = {"date": "2027-02-23", "start": "18:00", "end": "20:00"}
    made = await practice.made(f"/v1/clinicians/{dana}/extra-hours", extra)
    assert {name: made[name] for name in extra} == extra
    assert await refused(practice, dana, kim, **late) == both[:1]
    listed = await (await practice.get(f"/v1/clinicians/{dana}/extra-hours")).json()
    assert listed == {"extra_hours": [made], "next": None}
    assert (await practice.delete(f"/v1/extra-hours/{made['id']}")).status == 204
    assert await refused(practice, dana, kim, **late) == both


async def test_a_holiday_that_is_kept_is_in_the_way_and_others_are_not(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.put("/v1/practice", {"holidays": THANKSGIVING})
    assert await refused(practice, dana, kim, **THURSDAYS) == ["2027-11-25 holiday"]
    veterans_day = {"first_date": "2027-11-11", "time": "15:00", "sessions": 2}
    await practice.course(dana, kim, **veterans_day)


async def test_who_enters_extra_hours_on_a_holiday_works(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.put("/v1/practice", {"holidays": THANKSGIVING})
    extra = {"date": "2027-11-25", "start": "15:00", "end": "16:00"}
    await practice.made(f"/v1/clinicians/{dana}/extra-hours", extra)
    await practice.course(dana, kim, **THURSDAYS)
    assert await refused(practice, dana, kim, **THURSDAYS | {"time": "16:00"}) == [
        "2027-11-25 holiday"
    ]


async def test_hours_that_change_from_a_date_on(practice: Practice) -> None:
    until_march = {"weekday": "tuesday", "start": "09:00", "end": "18:00", "until": "2027-03-02"}
    mornings = {"weekday": "tuesday", "start": "09:00", "end": "12:00", "from": "2027-03-03"}
    dana = await practice.clinician(working_hours=[until_march, mornings])
    kim = await practice.person()
    assert await refused(practice, dana, kim, sessions=5) == [
        "2027-03-09 outside_working_hours",
        "2027-03-16 outside_working_hours",
    ]


async def test_a_buffer_lies_on_both_sides_of_a_session(practice: Practice) -> None:
    dana, kim, ana = await practice.clinician(), await practice.person(), await practice.person(ANA)
    await practice.put("/v1/practice", {"buffer_minutes": 15})
    await practice.consultation(dana, kim, "2027-02-23T15:00:00-05:00")
    for close in ("13:46", "16:14"):
        assert await refused(practice, dana, ana, time=close) == ["2027-02-23 buffer"]
    assert await refused(practice, dana, ana, time="15:30") == ["2027-02-23 clinician_busy"]
    await practice.course(dana, ana, time="16:15")
    await practice.course(dana, await practice.person(), time="13:45")


async def test_a_clinicians_own_buffer_comes_before_the_practices(practice: Practice) -> None:
    await practice.put("/v1/practice", {"buffer_minutes": 15})
    dana = await practice.clinician(buffer_minutes=0)
    ortiz = await practice.clinician(**ORTIZ | {"buffer_minutes": 30})
    kim, ana = await practice.person(), await practice.person(ANA)
    for each in (dana, ortiz):
        await practice.consultation(
            each, kim, f"2027-02-23T1{5 if each == dana else 6}:00:00-05:00"
        )
    await practice.course(dana, ana, time="16:00")
    assert await refused(practice, ortiz, ana, time="14:45") == ["2027-02-23 buffer"]


async def test_a_buffer_does_not_part_a_session_from_itself(practice: Practice) -> None:
    dana, kim = await practice.clinician(buffer_minutes=30), await practice.person()
    session = await practice.consultation(dana, kim, "2027-02-23T15:00:00-05:00")
    moved = await practice.post(
        f"/v1/sessions/{session['id']}/move", {"starts_at": "2027-02-23T16:15:00-05:00"}
    )
    assert moved.status == 200


async def test_the_first_hour_keeps_the_minimum_notice(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.put("/v1/practice", {"minimum_notice_minutes": 24 * 60})
    monday = {"first_date": "2026-11-23", "sessions": 3}
    assert await refused(practice, dana, kim, **monday) == ["2026-11-23 minimum_notice"]
    at_the_limit = {"first_date": "2026-11-24", "time": "09:00", "sessions": 3}
    await practice.course(dana, kim, **at_the_limit)
    own = await practice.clinician(**ORTIZ | {"minimum_notice_minutes": 0})
    await practice.course(own, await practice.person(ANA), **monday)


async def test_a_single_session_keeps_the_minimum_notice(practice: Practice) -> None:
    dana = await practice.clinician(minimum_notice_minutes=120)
    body: Body = {"kind": "consultation", "clinician_id": dana}
    body["client_ids"] = [await practice.person()]
    soon = await practice.post("/v1/sessions", body | {"starts_at": "2026-11-23T10:59:00-05:00"})
    assert (await problem_of(soon, 409))["conflicts"][0]["reason"] == "minimum_notice"
    await practice.made("/v1/sessions", body | {"starts_at": "2026-11-23T11:00:00-05:00"})


async def test_the_first_hour_lies_within_the_horizon_and_the_rest_may_go_on(
    practice: Practice,
) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.put("/v1/practice", {"horizon_weeks": 78})
    monday = {"time": "09:00", "sessions": 16}
    late = monday | {"first_date": "2028-05-29"}
    assert await refused(practice, dana, kim, **late) == ["2028-05-29 horizon"]
    await practice.course(dana, kim, **monday | {"first_date": "2028-05-15"})


async def test_a_move_respects_all_of_it(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.put("/v1/practice", {"holidays": THANKSGIVING, "minimum_notice_minutes": 60})
    session = await practice.consultation(dana, kim, "2027-02-23T15:00:00-05:00")
    off = {"first_date": "2027-03-02", "last_date": "2027-03-02"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    for moment, reason in (
        ("2027-11-25T15:00:00-05:00", "holiday"),
        ("2027-03-02T15:00:00-05:00", "time_off"),
        ("2026-11-23T09:30:00-05:00", "minimum_notice"),
    ):
        move = await practice.post(f"/v1/sessions/{session['id']}/move", {"starts_at": moment})
        assert (await problem_of(move, 409))["conflicts"][0]["reason"] == reason


async def test_a_clinicians_key_reaches_its_own_and_no_others(practice: Practice) -> None:
    dana, ortiz = await practice.clinician(), await practice.clinician(**ORTIZ)
    key = await practice.key("clinician", dana)
    day = {"first_date": "2027-03-02", "last_date": "2027-03-02"}
    extra = {"date": "2027-02-27", "start": "09:00", "end": "12:00"}
    for path, body in (("time-off", day), ("extra-hours", extra)):
        mine = await practice.post(f"/v1/clinicians/{dana}/{path}", body, key=key)
        assert mine.status == 201
        await problem_of(await practice.post(f"/v1/clinicians/{ortiz}/{path}", body, key=key), 404)
        await problem_of(await practice.get(f"/v1/clinicians/{ortiz}/{path}", key=key), 404)
        theirs = (await practice.made(f"/v1/clinicians/{ortiz}/{path}", body))["id"]
        await problem_of(await practice.get(f"/v1/{path}/{theirs}", key=key), 404)
        await problem_of(await practice.delete(f"/v1/{path}/{theirs}", key=key), 404)
        assert (await practice.get(f"/v1/{path}/{theirs}")).status == 200
        gone = await practice.delete(f"/v1/{path}/{(await mine.json())['id']}", key=key)
        assert gone.status == 204


async def test_nobody_has_no_time_off(practice: Practice) -> None:
    day = {"first_date": "2027-03-02", "last_date": "2027-03-02"}
    extra = {"date": "2027-02-27", "start": "09:00", "end": "12:00"}
    for path, body in (("time-off", day), ("extra-hours", extra)):
        await problem_of(await practice.post(f"/v1/clinicians/{NOBODY}/{path}", body), 404)
        await problem_of(await practice.get(f"/v1/clinicians/{NOBODY}/{path}"), 404)


INSTANTS: Final = {
    "starts_at": "2027-03-02T12:00:00-05:00",
    "ends_at": "2027-03-02T15:30:00-05:00",
}


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#"),
        (INSTANTS | {"first_date": "2027-03-02", "last_date": "2027-03-02"}, "#"),
        ({"starts_at": INSTANTS["starts_at"]}, "#/ends_at"),
        (INSTANTS | {"ends_at": INSTANTS["starts_at"]}, "#/ends_at"),
        (INSTANTS | {"ends_at": "2030-03-02T15:30:00-05:00"}, "#/ends_at"),
        ({"first_date": "2027-03-02"}, "#/last_date"),
        ({"first_date": "2027-03-02", "last_date": "2027-03-01"}, "#/last_date"),
        ({"first_date": "2027-03-02", "last_date": "2030-03-01"}, "#/last_date"),
        (INSTANTS | {"reason": "x" * 1001}, "#/reason"),
    ],
)
async def test_time_off_that_cannot_be_is_named(
    practice: Practice, body: Body, pointer: str
) -> None:
    dana = await practice.clinician()
    answer = await practice.post(f"/v1/clinicians/{dana}/time-off", body)
    assert (await problem_of(answer, 422))["errors"][0]["pointer"] == pointer
    assert DANA["name"] not in await answer.text()


@AT_THE_DOOR
async def test_why_someone_is_off_is_never_told(practice: Practice) -> None:
    dana = await practice.clinician()
    await practice.course(dana, await practice.person(KIM))
    off = INSTANTS | {"reason": "surgery"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    assert "surgery" not in str(await practice.events())
