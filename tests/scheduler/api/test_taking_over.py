"""Who takes over a course must suit its clients as if they were paired anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from tests.cast import ANA, KIM, Body
from tests.scheduler.api.test_overrides import BY, entries
from tests.scheduler.practice import Practice, problem_of

BORN: Final = "2000-05-04"
NEW_YORK: Final = [{"state": "US-NY", "until": "2027-03-02"}]
LIMITS: Final[dict[str, tuple[Body, Body]]] = {
    "licensed elsewhere": (
        {"licenses": [{"state": "US-NJ"}]},
        {"limit": "license", "standing": "not_met", "cause": "not_licensed"},
    ),
    "licensed until the last but one date": (
        {"licenses": NEW_YORK},
        {
            "limit": "license",
            "standing": "not_met",
            "cause": "license_ends",
            "date": "2027-03-02",
        },
    ),
    "sees teens only": (
        {"age_groups": ["teen"]},
        {"limit": "age_group", "standing": "not_met", "cause": "other_age_group"},
    ),
    "takes nobody new": (
        {"accepting_clients": False},
        {"limit": "accepting", "standing": "not_met", "cause": "not_accepting"},
    ),
    "has no place": (
        {"capacity": 0},
        {"limit": "capacity", "standing": "not_met", "cause": "full"},
    ),
}


async def course_of_kim(practice: Practice) -> Body:
    """Dana sees Kim, who asked from New York, on four Tuesdays until 9 March."""
    dana, kim = await practice.clinician(), await practice.person(KIM, date_of_birth=BORN)
    await practice.made("/v1/requests", {"client_id": kim, "state": "US-NY"})
    return await practice.course(dana, kim, sessions=4)


def path_of(course: Body) -> str:
    return f"/v1/courses/{course['id']}/reassign"


async def ortiz_with(practice: Practice, **facts: object) -> str:
    return await practice.clinician(name="Marta Ortiz", **facts)


@pytest.mark.parametrize("limit", LIMITS)
async def test_each_limit_refuses_and_names_the_clinician(practice: Practice, limit: str) -> None:
    course = await course_of_kim(practice)
    facts, reason = LIMITS[limit]
    ortiz = await ortiz_with(practice, **facts)
    told = await practice.told()
    problem = await problem_of(await practice.post(path_of(course), {"clinician_id": ortiz}), 409)
    assert problem["type"] == "urn:standing-hour:problem:not-suitable"
    assert problem["errors"][0]["pointer"] == "#/clinician_id"
    assert problem["reasons"] == [reason]
    seen = await practice.made(path_of(course), {"clinician_id": ortiz, "preview": True})
    assert (seen["limits"], seen["conflicts"]) == ([reason], [])
    assert await practice.told() == told


@pytest.mark.parametrize("limit", LIMITS)
async def test_staff_pass_over_a_limit_by_name(practice: Practice, limit: str) -> None:
    course = await course_of_kim(practice)
    facts, reason = LIMITS[limit]
    body = {"clinician_id": await ortiz_with(practice, **facts), "override": BY}
    handed = await practice.made(path_of(course), body)
    assert handed["overridden"] == [reason]
    assert {each["clinician_id"] for each in handed["sessions"]} == {body["clinician_id"]}
    (entry,) = await entries(practice, "override")
    assert entry["details"] == BY | {"overridden": [reason]}
    assert {course["id"], body["clinician_id"]} <= set(entry["subjects"])


async def test_limits_and_hours_are_passed_over_together(practice: Practice) -> None:
    course = await course_of_kim(practice)
    ortiz = await ortiz_with(practice, accepting_clients=False)
    ana = await practice.person(ANA)
    await practice.consultation(ortiz, ana, "2027-03-09T15:00:00-05:00")
    body = {"clinician_id": ortiz, "override": BY}
    handed = await practice.made(path_of(course), body)
    first, second = handed["overridden"]
    assert (first["cause"], second["reason"]) == ("not_accepting", "clinician_busy")


async def test_who_meets_every_limit_takes_over(practice: Practice) -> None:
    course = await course_of_kim(practice)
    ortiz = await ortiz_with(
        practice, licenses=[{"state": "US-NY"}], age_groups=["adult"], capacity=1
    )
    seen = await practice.made(path_of(course), {"clinician_id": ortiz, "preview": True})
    assert seen["limits"] == []
    handed = await practice.made(path_of(course), {"clinician_id": ortiz})
    assert handed["clinician_id"] == ortiz
    assert "overridden" not in handed


async def test_only_the_dates_that_change_hands_are_asked(practice: Practice) -> None:
    course = await course_of_kim(practice)
    ortiz = await ortiz_with(practice, licenses=[{"state": "US-NY", "from": "2027-03-01"}])
    problem = await problem_of(await practice.post(path_of(course), {"clinician_id": ortiz}), 409)
    assert problem["reasons"][0]["cause"] == "license_starts"
    await practice.made(path_of(course), {"clinician_id": ortiz, "from": "2027-03-01"})


async def test_what_nobody_recorded_is_held_against_nobody(practice: Practice) -> None:
    """Nobody asked for Kim, so nobody knows where she lives or how old she is."""
    course = await practice.course(await practice.clinician(), await practice.person())
    ortiz = await ortiz_with(practice, licenses=[{"state": "US-NJ"}], age_groups=["teen"])
    await practice.made(path_of(course), {"clinician_id": ortiz})


async def test_where_someone_lives_is_what_they_said_last(practice: Practice) -> None:
    course = await course_of_kim(practice)
    kim = course["client_ids"][0]
    in_jersey = await ortiz_with(practice, licenses=[{"state": "US-NJ"}])
    await problem_of(await practice.post(path_of(course), {"clinician_id": in_jersey}), 409)
    for state in ("US-NJ", None):
        practice.clock.advance(timedelta(minutes=1))
        await practice.made("/v1/requests", {"client_id": kim, "state": state})
    in_new_york = await ortiz_with(practice, licenses=[{"state": "US-NY"}])
    await problem_of(await practice.post(path_of(course), {"clinician_id": in_new_york}), 409)
    await practice.made(path_of(course), {"clinician_id": in_jersey})


async def test_who_holds_a_part_of_it_takes_on_nobody_new(practice: Practice) -> None:
    course = await course_of_kim(practice)
    ortiz = await ortiz_with(practice, capacity=1)
    body = {"clinician_id": ortiz, "from": "2027-03-01"}
    await practice.made(path_of(course), body)
    await practice.patch(f"/v1/clinicians/{ortiz}", {"accepting_clients": False})
    await practice.made(path_of(course), {"clinician_id": ortiz})


async def test_a_follow_up_takes_no_place(practice: Practice) -> None:
    course = await course_of_kim(practice)
    body = {"sessions": 2, "every_weeks": 4, "first_date": "2027-04-06"}
    series = await practice.made(f"/v1/courses/{course['id']}/follow-ups", body)
    ortiz = await ortiz_with(practice, accepting_clients=False)
    await practice.made(path_of(series), {"clinician_id": ortiz})


async def test_of_a_group_every_member_is_asked_and_each_limit_told_once(
    practice: Practice,
) -> None:
    dana = await practice.clinician()
    ana, adult, other = [
        await practice.person(body, date_of_birth=born)
        for body, born in ((ANA, None), (KIM, BORN), (KIM, BORN))
    ]
    group = {"minimum": 1, "maximum": 4, "join_until": 4}
    course = await practice.course(dana, ana, adult, other, sessions=2, group=group)
    asked = {"client_id": ana, "state": "US-NY", "age_group": "teen"}
    await practice.made("/v1/requests", asked)
    ortiz = await ortiz_with(practice, licenses=[{"state": "US-NJ"}], age_groups=["teen"])
    problem = await problem_of(await practice.post(path_of(course), {"clinician_id": ortiz}), 409)
    assert [each["limit"] for each in problem["reasons"]] == ["license", "age_group"]
