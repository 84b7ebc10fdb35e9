"""What the practice settles, and what it may keep of a calendar of holidays."""

from __future__ import annotations

from typing import Final

import pytest

from tests.cast import Body
from tests.scheduler.practice import AT_THE_DOOR, Practice, problem_of

UNSETTLED: Final[Body] = {
    "holidays": None,
    "buffer_minutes": 0,
    "minimum_notice_minutes": 0,
    "horizon_weeks": 104,
    "late_cancel_hours": 24,
    "missed_week_extends": False,
    "offer_hours": 24,
    "concerns": [],
    "mail": {
        "reminder_minutes": None,
        "quiet_hours": None,
        "staff_address": None,
        "follow_up_weeks": None,
    },
}


async def test_nothing_is_limited_until_it_is_settled(practice: Practice) -> None:
    assert await (await practice.get("/v1/practice")).json() == UNSETTLED


async def test_what_is_settled_stays_and_the_rest_too(practice: Practice) -> None:
    new_york = {"country": "US", "subdivision": "NY", "kept": ["Thanksgiving Day"]}
    first = await practice.put("/v1/practice", {"buffer_minutes": 10, "holidays": new_york})
    assert first.status == 200
    settled = UNSETTLED | {"buffer_minutes": 10, "holidays": new_york}
    assert await first.json() == settled
    second = {"concerns": ["sleep"], "missed_week_extends": True}
    assert await (await practice.put("/v1/practice", second)).json() == settled | second
    assert await (await practice.get("/v1/practice")).json() == settled | second
    unkept = await practice.put("/v1/practice", {"holidays": None})
    assert (await unkept.json())["holidays"] is None


async def test_all_of_a_calendar_may_be_kept(practice: Practice) -> None:
    answer = await practice.put("/v1/practice", {"holidays": {"country": "US"}})
    assert (await answer.json())["holidays"] == {
        "country": "US",
        "subdivision": None,
        "kept": "all",
    }


@AT_THE_DOOR
async def test_the_holidays_to_pick_from_are_shown(practice: Practice) -> None:
    answer = await practice.get(
        "/v1/practice/holidays", country="US", subdivision="NY", year="2027"
    )
    found = {each["date"]: each["names"] for each in (await answer.json())["holidays"]}
    assert found["2027-11-25"] == ["Thanksgiving Day"]
    assert found["2027-02-12"] == ["Lincoln's Birthday"]
    assert found["2027-07-05"] == ["Independence Day"], "a day observed has the name of its holiday"


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("buffer_minutes", -1, "#/buffer_minutes"),
        ("buffer_minutes", None, "#/buffer_minutes"),
        ("horizon_weeks", 77, "#/horizon_weeks"),
        ("horizon_weeks", 261, "#/horizon_weeks"),
        ("offer_hours", 0, "#/offer_hours"),
        ("missed_week_extends", "yes", "#/missed_week_extends"),
        ("concerns", ["sleep", "sleep"], "#/concerns"),
        ("holidays", {"country": "XX"}, "#/holidays/country"),
        ("holidays", {"country": "us"}, "#/holidays/country"),
        ("holidays", {"country": "US", "subdivision": "ZZ"}, "#/holidays/subdivision"),
        (
            "holidays",
            {"country": "US", "kept": ["Thanksgiving Day", "Pancake Day"]},
            "#/holidays/kept/1",
        ),
        ("colour", "blue", "#/colour"),
    ],
)
async def test_what_cannot_be_settled_is_named(
    practice: Practice, field: str, value: object, pointer: str
) -> None:
    answer = await practice.put("/v1/practice", {field: value, "late_cancel_hours": 48})
    problem = await problem_of(answer, 422)
    assert pointer in str(problem), problem
    assert await (await practice.get("/v1/practice")).json() == UNSETTLED


@AT_THE_DOOR
async def test_a_clinician_reads_but_does_not_settle(practice: Practice) -> None:
    key = await practice.key("clinician", await practice.clinician())
    assert (await practice.get("/v1/practice", key=key)).status == 200
    await problem_of(await practice.put("/v1/practice", {"buffer_minutes": 5}, key=key), 403)
