"""A course whose weeks clash is booked with those weeks at its end, and keeps all its sessions."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from tests.cast import ANA, KIM, LEE, Body
from tests.scheduler.practice import AT_THE_DOOR, TUESDAYS, Practice, problem_of

POSTPONE: Body = {"on_conflict": "postpone"}


def dates(sessions: list[Body]) -> list[str]:
    return [str(each["starts_at"])[5:10] for each in sessions]


async def wish(practice: Practice, dana: str, body: Body = KIM, **other: object) -> Body:
    people = {"clinician_id": dana, "client_ids": [await practice.person(body)]}
    return TUESDAYS | people | POSTPONE | other


async def test_clashing_weeks_go_to_the_end_and_are_told_with_their_reason(
    practice: Practice,
) -> None:
    dana, ana = await practice.clinician(), await practice.person(ANA)
    await practice.consultation(dana, ana, "2027-02-23T15:30:00-05:00")
    week_off = {"first_date": "2027-03-08", "last_date": "2027-03-12"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", week_off)
    course = await practice.made("/v1/courses", await wish(practice, dana, sessions=4))
    assert dates(course["sessions"]) == ["02-16", "03-02", "03-16", "03-23"]
    assert [each["ordinal"] for each in course["sessions"]] == [1, 2, 3, 4]
    put_off = [(each["date"], each["reason"]) for each in course["postponed"]]
    assert put_off == [("2027-02-23", "clinician_busy"), ("2027-03-09", "time_off")]
    event = (await practice.events())[-1]
    assert event["type"] == "course.booked.v1"
    told = [each["starts_at"][5:10] for each in event["data"]["sessions"]]
    assert told == dates(course["sessions"])


async def test_a_course_without_a_clash_says_that_nothing_was_put_off(practice: Practice) -> None:
    course = await practice.made("/v1/courses", await wish(practice, await practice.clinician()))
    assert (len(course["sessions"]), course["postponed"]) == (16, [])


async def test_an_hour_that_is_taken_for_weeks_is_refused(practice: Practice) -> None:
    dana = await practice.clinician()
    await practice.course(dana, await practice.person(ANA), sessions=6, first_date="2027-03-02")
    wanted = await wish(practice, dana)
    told = await practice.told()
    answer = await practice.post("/v1/courses", wanted)
    problem = await problem_of(answer, 409)
    assert dates(problem["conflicts"]) == ["03-02", "03-09", "03-16", "03-23", "03-30"]
    assert await practice.told() == told
    listed = await (await practice.get("/v1/sessions")).json()
    assert len(listed["sessions"]) == 6


async def test_nothing_is_put_off_past_the_horizon(practice: Practice) -> None:
    assert (await practice.put("/v1/practice", {"horizon_weeks": 78})).status == 200
    dana, ana = await practice.clinician(), await practice.person(ANA)
    last: Body = {"first_date": "2028-05-09", "sessions": 2}  # the horizon is 22 May
    await practice.consultation(dana, ana, "2028-05-09T15:00:00-04:00")
    body = await wish(practice, dana, **last)
    at_the_edge = await practice.made("/v1/courses", body | {"sessions": 1})
    assert dates(at_the_edge["sessions"]) == ["05-16"]
    path = f"/v1/sessions/{at_the_edge['sessions'][0]['id']}/cancel"
    await practice.made(path, {})
    problem = await problem_of(await practice.post("/v1/courses", body), 409)
    assert dates(problem["conflicts"]) == ["05-09"]


@pytest.mark.parametrize("first", ["2027-02-02", "2027-05-04"])
async def test_courses_put_off_at_once_never_overlap(practice: Practice, first: str) -> None:
    dana = await practice.clinician()
    ortiz = await practice.clinician(name="Marta Ortiz")
    day: Body = {"first_date": first, "sessions": 3}
    wishes = [await wish(practice, dana, body, **day) for body in (KIM, ANA, LEE)]
    late = {"time": "15:30", "clinician_id": ortiz}
    wishes.append(wishes[0] | late)  # Kim again, half an hour on
    answers = await asyncio.gather(*(practice.post("/v1/courses", each) for each in wishes))
    booked = [await each.json() for each in answers if each.status == 201]
    assert {each.status for each in answers} <= {201, 409}
    # Two of them fit one after the other with Dana; a third would wait for six weeks.
    assert 2 <= len(booked) <= 3
    assert [len(course["sessions"]) for course in booked] == [3] * len(booked)
    await nobody_is_in_two_places(practice)


async def nobody_is_in_two_places(practice: Practice) -> None:
    listed = await (await practice.get("/v1/sessions", limit="1000")).json()
    for session in listed["sessions"]:
        session["people"] = {session["clinician_id"], *session["client_ids"]}
    in_time = sorted(listed["sessions"], key=lambda each: str(each["starts_at"]))
    people = {id for session in in_time for id in session["people"]}
    for person in people:
        theirs = [session for session in in_time if person in session["people"]]
        for one, next_one in pairwise(theirs):
            assert one["ends_at"] <= next_one["starts_at"]


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"wall_clock": "client", "timezone": "Europe/Berlin"}, "#/timezone"),
        ({"wall_clock": "named"}, "#/wall_clock"),
        ({"group": {"minimum": 3, "maximum": 2, "join_until": 1}}, "#/group/maximum"),
        ({"group": {"minimum": 2, "maximum": 6, "join_until": 4}}, "#/client_ids"),
    ],
)
async def test_a_wish_that_contradicts_itself_is_named(
    practice: Practice, body: Body, pointer: str
) -> None:
    wanted = await wish(practice, await practice.clinician(), **body)
    problem = await problem_of(await practice.post("/v1/courses", wanted), 422)
    assert problem["errors"][0]["pointer"] == pointer
