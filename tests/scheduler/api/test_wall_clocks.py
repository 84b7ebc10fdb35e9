"""Whose clock on the wall a course follows is chosen and kept, and the others' are shown."""

from __future__ import annotations

import pytest

from tests.cast import KIM, Body
from tests.scheduler.practice import Practice

IN_PHOENIX: Body = KIM | {"timezone": "America/Phoenix"}
IN_LONDON: Body = {"timezone": "Europe/London", "working_hours": []}


@pytest.mark.parametrize(
    ("wish", "wall_clock", "timezone"),
    [
        ({}, "practice", "America/New_York"),
        ({"wall_clock": "practice"}, "practice", "America/New_York"),
        ({"wall_clock": "clinician"}, "clinician", "Europe/London"),
        ({"wall_clock": "client"}, "client", "America/Phoenix"),
        ({"timezone": "Asia/Kolkata"}, "named", "Asia/Kolkata"),
    ],
)
async def test_the_hour_holds_on_the_clock_that_was_chosen(
    practice: Practice, wish: Body, wall_clock: str, timezone: str
) -> None:
    dana, kim = await practice.clinician(**IN_LONDON), await practice.person(IN_PHOENIX)
    course = await practice.course(dana, kim, **wish)
    assert (course["wall_clock"], course["timezone"]) == (wall_clock, timezone)
    assert {each["starts_at"][11:16] for each in course["sessions"]} == {"15:00"}
    read = await (await practice.get(f"/v1/courses/{course['id']}")).json()
    assert read == course


async def test_another_clock_is_shown_where_it_differs_and_only_there(practice: Practice) -> None:
    denver: Body = KIM | {"timezone": "America/Denver"}  # an hour from Phoenix, but in summer
    dana = await practice.clinician(timezone="America/Phoenix", working_hours=[])
    kim = await practice.person(denver)
    course = await practice.course(dana, kim, wall_clock="clinician", sessions=6)
    shown = [each.get("local_times") for each in course["sessions"]]
    assert shown[:4] == [None] * 4  # both are seven hours behind UTC until 14 March
    assert shown[4] == [
        {
            "person_id": kim,
            "timezone": "America/Denver",
            "starts_at": "2027-03-16T16:00:00-06:00",
        }
    ]
    listed = await (await practice.get("/v1/sessions", client_id=kim)).json()
    assert [each.get("local_times") for each in listed["sessions"]] == shown


async def test_a_move_shows_both_clocks_too(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person(IN_PHOENIX)
    course = await practice.course(dana, kim, sessions=2)
    path = f"/v1/sessions/{course['sessions'][0]['id']}/move"
    body = {"starts_at": "2027-02-16T16:00:00-05:00", "scope": "all_remaining", "preview": True}
    seen = await practice.made(path, body)
    local = [each["local_times"][0]["starts_at"][11:16] for each in seen["sessions"]]
    assert local == ["14:00", "14:00"]
