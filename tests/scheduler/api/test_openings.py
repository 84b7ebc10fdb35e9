"""Which hours are free every week, as the practice asks for them."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.cast import ANA, ORTIZ, Body
from tests.scheduler.practice import AT_THE_DOOR, Practice, problem_of

TUESDAY: Final = {"from": "2027-02-16", "until": "2027-02-16"}
AT_THREE: Final = TUESDAY | {"earliest": "15:00", "latest": "15:00"}


async def openings(practice: Practice, **asked: str) -> list[Any]:
    answer = await practice.get("/v1/openings", **asked)
    assert answer.status == 200, await answer.text()
    found: list[Any] = (await answer.json())["openings"]
    return found


def times(found: list[Any]) -> list[str]:
    return [each["time"] for each in found]


async def test_an_opening_is_free_in_each_of_its_weeks(practice: Practice) -> None:
    dana = await practice.clinician()
    [opening] = await openings(practice, sessions="5", **AT_THREE)
    assert opening == {
        "clinician_id": dana,
        "weekday": "tuesday",
        "time": "15:00",
        "timezone": "America/New_York",
        "clinician_timezone": "America/New_York",
        "first_date": "2027-02-16",
        "sessions": [
            {"starts_at": "2027-02-16T15:00:00-05:00"},
            {"starts_at": "2027-02-23T15:00:00-05:00"},
            {"starts_at": "2027-03-02T15:00:00-05:00"},
            {"starts_at": "2027-03-09T15:00:00-05:00"},
            {"starts_at": "2027-03-16T15:00:00-04:00"},
        ],
        "exceptions": [],
    }


async def test_all_of_a_working_week_is_open_until_it_is_booked(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    week = {"from": "2027-02-15", "until": "2027-02-21"}
    found = await openings(practice, **week)
    assert len(found) == 5 * 9
    assert all(len(each["sessions"]) == 16 for each in found)
    await practice.course(dana, kim)
    again = await openings(practice, **week)
    assert [each for each in found if each not in again] == [
        each for each in found if (each["weekday"], each["time"]) == ("tuesday", "15:00")
    ]


@pytest.mark.parametrize("timezone", ["America/New_York", "America/Phoenix", "Asia/Kolkata"])
async def test_what_is_listed_can_be_booked_and_what_is_not_is_refused(
    practice: Practice, timezone: str
) -> None:
    dana, kim = await practice.clinician(buffer_minutes=10), await practice.person()
    await practice.put("/v1/practice", {"holidays": {"country": "US", "kept": ["Labor Day"]}})
    await practice.consultation(dana, kim, "2027-03-09T12:30:00-05:00")
    off = {"starts_at": "2027-03-02T09:00:00-05:00", "ends_at": "2027-03-02T11:00:00-05:00"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    listed = await openings(practice, sessions="5", timezone=timezone, exceptions="4", **TUESDAY)
    by_time = {each["time"]: each for each in listed}
    assert any(each["exceptions"] for each in listed)
    for hour in [f"{n:02}:00" for n in range(24)]:
        wish: Body = {"clinician_id": dana, "client_ids": [await practice.person(ANA)]}
        wish |= {"first_date": "2027-02-16", "time": hour, "sessions": 5, "timezone": timezone}
        answer = await practice.post("/v1/courses", wish)
        if hour in by_time and not by_time[hour]["exceptions"]:
            assert answer.status == 201
            await practice.made(f"/v1/courses/{(await answer.json())['id']}/end", {})
            continue
        conflicts = (await problem_of(answer, 409))["conflicts"]
        if hour in by_time:
            dates = [each["date"] for each in by_time[hour]["exceptions"]]
            assert dates == [each["date"] for each in conflicts]
        else:
            assert len(conflicts) == 5


async def test_each_exception_has_its_reason_and_a_substitute(practice: Practice) -> None:
    dana, kim = await practice.clinician(buffer_minutes=5), await practice.person()
    kept = {"country": "US", "subdivision": "NY", "kept": ["Thanksgiving Day"]}
    await practice.put("/v1/practice", {"holidays": kept})
    await practice.consultation(dana, kim, "2027-11-04T15:00:00-04:00")
    await practice.consultation(dana, kim, "2027-11-11T16:00:00-05:00")
    off = {"first_date": "2027-11-18", "last_date": "2027-11-18"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    thursday = {"from": "2027-10-28", "until": "2027-10-28"}
    asked = thursday | {"earliest": "15:00", "latest": "15:00", "sessions": "6"}
    [opening] = await openings(practice, exceptions="4", **asked)
    assert opening["exceptions"] == [
        {
            "date": "2027-11-04",
            "reason": "taken",
            "substitute": "2027-11-03T15:00:00-04:00",
        },
        {
            "date": "2027-11-11",
            "reason": "buffer",
            "substitute": "2027-11-10T15:00:00-05:00",
        },
        {
            "date": "2027-11-18",
            "reason": "time_off",
            "substitute": "2027-11-17T15:00:00-05:00",
        },
        {
            "date": "2027-11-25",
            "reason": "holiday",
            "substitute": "2027-11-24T15:00:00-05:00",
        },
    ]
    assert len(opening["sessions"]) == 6, "the weeks with an exception are among them"
    assert await openings(practice, exceptions="3", **asked) == []


async def test_where_the_week_has_no_other_hour_a_week_is_added_at_the_end(
    practice: Practice,
) -> None:
    only = [{"weekday": "tuesday", "start": "15:00", "end": "16:00"}]
    dana = await practice.clinician(working_hours=only)
    for day in ("2027-02-23", "2027-03-09"):
        off = {"first_date": day, "last_date": day}
        await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    [opening] = await openings(practice, sessions="4", exceptions="2", **TUESDAY)
    assert [each["substitute"] for each in opening["exceptions"]] == [
        "2027-03-16T15:00:00-04:00",
        "2027-03-23T15:00:00-04:00",
    ]


async def test_an_hour_that_leaves_the_working_day_by_a_change_of_clocks_says_so(
    practice: Practice,
) -> None:
    """Phoenix keeps its clocks: its 15:00 is 17:00 in New York in winter, and then 18:00."""
    await practice.clinician()
    phoenix = AT_THREE | {"timezone": "America/Phoenix", "sessions": "5"}
    [opening] = await openings(practice, exceptions="2", **phoenix)
    assert opening["exceptions"] == [
        {
            "date": "2027-03-16",
            "reason": "clock_change",
            "substitute": "2027-03-16T14:00:00-07:00",
        }
    ]
    assert [each["clinician_starts_at"] for each in opening["sessions"][-2:]] == [
        "2027-03-09T17:00:00-05:00",
        "2027-03-16T18:00:00-04:00",
    ]
    assert await openings(practice, **phoenix) == []


async def test_an_hour_that_the_clocks_skip_is_an_exception(practice: Practice) -> None:
    nights = [{"weekday": "sunday", "start": "00:00", "end": "06:00"}]
    await practice.clinician(working_hours=nights)
    asked = {"from": "2027-03-07", "until": "2027-03-07", "sessions": "3"}
    at_two = asked | {"earliest": "02:00", "latest": "02:00"}
    [opening] = await openings(practice, exceptions="1", **at_two)
    [exception] = opening["exceptions"]
    assert (exception["date"], exception["reason"]) == ("2027-03-14", "clock_change")
    assert exception["substitute"] == "2027-03-28T02:00:00-04:00"
    assert times(await openings(practice, **asked)) == ["00:00", "01:00", "03:00", "04:00", "05:00"]


async def test_the_best_come_first(practice: Practice) -> None:
    dana = await practice.clinician()
    off = {"starts_at": "2027-02-23T09:00:00-05:00", "ends_at": "2027-02-23T10:00:00-05:00"}
    await practice.made(f"/v1/clinicians/{dana}/time-off", off)
    two_weeks = {"from": "2027-02-16", "until": "2027-02-24", "weekday": "tuesday,wednesday"}
    asked = two_weeks | {"latest": "10:00", "sessions": "3", "exceptions": "1"}
    found = await openings(practice, **asked)
    assert [(len(e["exceptions"]), e["first_date"], e["time"]) for e in found] == [
        (0, "2027-02-16", "10:00"),
        (0, "2027-02-17", "09:00"),
        (0, "2027-02-17", "10:00"),
        (0, "2027-02-23", "10:00"),
        (0, "2027-02-24", "09:00"),
        (0, "2027-02-24", "10:00"),
        (1, "2027-02-16", "09:00"),
        (1, "2027-02-23", "09:00"),
    ]
    assert await openings(practice, **asked, limit="2") == found[:2]


async def test_single_openings_are_hours_of_their_own(practice: Practice) -> None:
    dana, kim = await practice.clinician(), await practice.person()
    await practice.course(dana, kim)
    days = {"from": "2027-02-16", "until": "2027-02-17", "earliest": "14:00", "latest": "16:00"}
    found = await openings(practice, sessions="1", exceptions="5", **days)
    assert [each["sessions"][0]["starts_at"][:16] for each in found] == [
        "2027-02-16T14:00",
        "2027-02-16T16:00",
        "2027-02-17T14:00",
        "2027-02-17T15:00",
        "2027-02-17T16:00",
    ]


async def test_a_clients_own_diary_counts_if_the_client_is_named(practice: Practice) -> None:
    dana, ortiz = await practice.clinician(), await practice.clinician(**ORTIZ)
    kim = await practice.person()
    await practice.consultation(ortiz, kim, "2027-02-23T15:00:00-05:00")
    asked = AT_THREE | {"clinician_id": dana, "sessions": "2"}
    assert len(await openings(practice, **asked)) == 1
    assert await openings(practice, **asked, client_id=kim) == []
    [opening] = await openings(practice, **asked, client_id=kim, exceptions="1")
    assert opening["exceptions"][0]["reason"] == "taken"


async def test_an_hour_that_is_held_is_no_opening(practice: Practice) -> None:
    dana = await practice.clinician()
    hold = {"clinician_id": dana, "starts_at": ["2027-02-23T15:00:00-05:00"]}
    await practice.made("/v1/holds", hold)
    assert await openings(practice, sessions="2", **AT_THREE) == []
    [opening] = await openings(practice, sessions="2", exceptions="1", **AT_THREE)
    assert opening["exceptions"][0]["reason"] == "held"


async def test_what_has_begun_or_is_too_soon_is_no_opening(practice: Practice) -> None:
    await practice.clinician(minimum_notice_minutes=90)
    today = {"from": "2026-11-20", "until": "2026-11-23", "sessions": "1"}
    assert times(await openings(practice, **today))[:2] == ["11:00", "12:00"]
    assert await openings(practice, **today | {"until": "2026-11-22"}) == []


async def test_an_evening_hour_is_one_of_its_own_local_day(practice: Practice) -> None:
    """20:00 in New York is the next day already in UTC."""
    evenings = [{"weekday": "tuesday", "start": "18:00", "end": "24:00"}]
    dana, kim = await practice.clinician(working_hours=evenings), await practice.person()
    found = await openings(practice, **TUESDAY)
    assert times(found) == ["18:00", "19:00", "20:00", "21:00", "22:00", "23:00"]
    await practice.course(dana, kim, time="20:00")
    left = ["18:00", "19:00", "21:00", "22:00", "23:00"]
    assert times(await openings(practice, **TUESDAY)) == left


@AT_THE_DOOR
@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"sessions": "0"}, "sessions"),
        ({"sessions": "53"}, "sessions"),
        ({"exceptions": "11"}, "exceptions"),
        ({"weekday": "tuesday,someday"}, "weekday"),
        ({"from": "2027-02-16", "until": "2027-02-15"}, "until"),
        ({"from": "2027-02-16", "until": "2028-02-29"}, "until"),
        ({"earliest": "15:00", "latest": "14:59"}, "latest"),
        ({"timezone": "EST5"}, "timezone"),
        ({"limit": "0"}, "limit"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_what_cannot_be_asked_is_named(
    practice: Practice, asked: dict[str, str], parameter: str
) -> None:
    problem = await problem_of(await practice.get("/v1/openings", **asked), 422)
    assert problem["errors"][0]["parameter"] == parameter
