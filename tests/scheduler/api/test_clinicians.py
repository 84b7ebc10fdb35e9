"""What is known of a clinician changes, and nobody's session with it."""

from __future__ import annotations

import pytest

from tests.cast import DANA
from tests.scheduler.practice import AT_THE_DOOR, NOBODY, Practice, problem_of

FACTS = {
    "licenses": [
        {"state": "US-NY", "from": "2020-01-01", "until": None},
        {"state": "US-NJ", "from": None, "until": "2027-06-30"},
    ],
    "languages": ["en", "es-US"],
    "accepting_clients": False,
    "capacity": 12,
    "buffer_minutes": 10,
    "minimum_notice_minutes": 120,
}


async def test_a_clinician_is_entered_with_all_that_pairing_asks(practice: Practice) -> None:
    dana = await practice.made("/v1/clinicians", DANA | FACTS)
    assert {name: dana[name] for name in FACTS} == FACTS
    assert await (await practice.get(f"/v1/clinicians/{dana['id']}")).json() == dana


async def test_what_nobody_said_limits_nothing(practice: Practice) -> None:
    dana = await practice.made("/v1/clinicians", DANA)
    assert {name: dana[name] for name in FACTS} == {
        "licenses": [],
        "languages": [],
        "accepting_clients": True,
        "capacity": None,
        "buffer_minutes": None,
        "minimum_notice_minutes": None,
    }


async def test_a_change_is_told_with_a_higher_revision_and_keeps_the_rest(
    practice: Practice,
) -> None:
    dana = await practice.made("/v1/clinicians", DANA | FACTS)
    path = f"/v1/clinicians/{dana['id']}"
    changed = await practice.patch(path, {"name": "Dana Reyes-Cole", "capacity": None})
    assert changed.status == 200
    expected = dana | {"revision": 2, "name": "Dana Reyes-Cole", "capacity": None}
    assert await changed.json() == expected
    assert await (await practice.get(path)).json() == expected
    told = (await practice.events())[-1]
    assert told["type"] == "clinician.saved.v1"
    assert (told["data"]["revision"], told["data"]["name"]) == (2, "Dana Reyes-Cole")
    assert "US-NJ" not in str(told["data"])


async def test_other_working_hours_are_told_with_the_days_they_hold_for(practice: Practice) -> None:
    dana = await practice.clinician()
    hours = [
        {"weekday": "monday", "start": "09:00", "end": "18:00"},
        {"weekday": "wednesday", "start": "14:00", "end": "24:00", "from": "2027-02-01"},
    ]
    answer = await practice.patch(f"/v1/clinicians/{dana}", {"working_hours": hours})
    assert answer.status == 200, await answer.text()
    told = (await practice.events())[-1]["data"]["working_hours"]
    always = {"since": None, "until": None}
    assert told == [
        {"weekday": 0, "start": 540, "end": 1080, **always},
        {"weekday": 2, "start": 840, "end": 1440, **always, "since": "2027-02-01"},
    ]


async def test_hours_may_be_worked_between_two_dates(practice: Practice) -> None:
    hours = [
        {"weekday": "tuesday", "start": "09:00", "end": "17:00", "until": "2027-02-28"},
        {"weekday": "tuesday", "start": "12:00", "end": "20:00", "from": "2027-03-01"},
    ]
    dana = await practice.clinician()
    answer = await practice.patch(f"/v1/clinicians/{dana}", {"working_hours": hours})
    assert (await answer.json())["working_hours"] == hours


async def test_a_change_of_hours_cancels_nothing(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    course = await practice.course(dana, kim)
    mornings = [{"weekday": "friday", "start": "09:00", "end": "12:00"}]
    before = await practice.told()
    await practice.patch(f"/v1/clinicians/{dana}", {"working_hours": mornings})
    assert await (await practice.get(f"/v1/courses/{course['id']}")).json() == course
    assert await practice.told() == [*before, "clinician.saved.v1"]


async def test_nobody_changes_an_unknown_clinician(practice: Practice) -> None:
    await problem_of(await practice.patch(f"/v1/clinicians/{NOBODY}", {"capacity": 3}), 404)


HOURS = {"weekday": "tuesday", "start": "09:00", "end": "17:00"}


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("name", None, "#/name"),
        ("timezone", "", "#/timezone"),
        ("accepting_clients", 1, "#/accepting_clients"),
        ("capacity", -1, "#/capacity"),
        ("buffer_minutes", 241, "#/buffer_minutes"),
        ("languages", ["klingon"], "#/languages/0"),
        ("licenses", [{"state": "New York"}], "#/licenses/0/state"),
        (
            "licenses",
            [{"state": "US-NY", "from": "2027-01-02", "until": "2027-01-01"}],
            "#/licenses/0/until",
        ),
        (
            "working_hours",
            [HOURS | {"from": "2027-01-02", "until": "2027-01-01"}],
            "#/working_hours/0/until",
        ),
        ("working_hours", [HOURS | {"from": "next week"}], "#/working_hours/0/from"),
        ("revision", 7, "#/revision"),
    ],
)
async def test_a_wrong_change_is_named(
    practice: Practice, field: str, value: object, pointer: str
) -> None:
    dana = await practice.clinician()
    answer = await practice.patch(f"/v1/clinicians/{dana}", {"capacity": 3, field: value})
    problem = await problem_of(answer, 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert (await (await practice.get(f"/v1/clinicians/{dana}")).json())["revision"] == 1
