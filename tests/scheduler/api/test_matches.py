"""GET /v1/requests/{id}/matches: who suits, in points, and who does not, with every reason."""

from __future__ import annotations

from tests.cast import ANA, ORTIZ, Body
from tests.scheduler.asking import (
    FIRST_MEETING,
    MONDAYS,
    matches,
    request,
)
from tests.scheduler.practice import Practice, problem_of


async def test_the_reasons_for_and_against_each_clinician(practice: Practice) -> None:
    dana = await practice.clinician(
        licenses=[{"state": "US-NY"}],
        age_groups=["teens"],
        languages=["es", "en"],
        concerns=["grief_and_loss"],
        capacity=2,
    )
    out = await practice.clinician(
        **(ORTIZ | {"working_hours": MONDAYS}),
        licenses=[{"state": "US-NY", "until": "2027-05-31"}],
        age_groups=["adult"],
        accepting_clients=False,
        capacity=0,
    )
    found = await matches(practice, await request(practice))
    [best] = found["matches"]
    assert best["clinician_id"] == dana
    assert best["score"] == sum(part["points"] for part in best["parts"]) == 40 + 25 + 8 + 15
    assert {each["standing"] for each in best["limits"]} == {"met"}
    [ruled_out] = found["out"]
    assert ruled_out["clinician_id"] == out
    assert [each.get("cause") for each in ruled_out["limits"]] == [
        "license_ends",
        "other_age_group",
        "not_accepting",
        "full",
        "no_hours",
    ]
    assert ruled_out["limits"][0]["date"] == "2027-05-31"


async def test_what_nobody_recorded_is_unknown_and_rules_nobody_out(practice: Practice) -> None:
    await practice.clinician()
    [match] = (await matches(practice, await request(practice)))["matches"]
    standing = {each["limit"]: each["standing"] for each in match["limits"]}
    assert standing == {
        "license": "unknown",
        "age_group": "unknown",
        "accepting": "met",
        "capacity": "unknown",
        "hours": "met",
    }


async def test_the_same_facts_give_the_same_order(practice: Practice) -> None:
    ids = sorted([await practice.clinician() for _ in range(3)])
    made = await request(practice)
    for _ in range(2):
        found = await matches(practice, made)
        assert [each["clinician_id"] for each in found["matches"]] == ids


async def test_hours_that_are_taken_on_one_date_are_no_hours(practice: Practice) -> None:
    dana, ana = await practice.clinician(), await practice.person(ANA)
    await practice.consultation(dana, ana, "2027-05-04T15:00:00-04:00")
    [match] = (await matches(practice, await request(practice)))["matches"]
    assert [each["time"] for each in match["openings"]] == ["16:00"]


async def test_courses_that_are_held_count_against_the_capacity(practice: Practice) -> None:
    dana, ana = await practice.clinician(capacity=1), await practice.person(ANA)
    made = await request(practice)
    assert (await matches(practice, made))["out"] == []
    await practice.course(dana, ana, time="10:00")
    [full] = (await matches(practice, made))["out"]
    assert [each["cause"] for each in full["limits"] if "cause" in each] == ["full"]
    await consultation_refused(practice, made, dana, "full")


async def consultation_refused(
    practice: Practice, made: Body, clinician_id: str, cause: str
) -> None:
    body = {"clinician_id": clinician_id, "starts_at": FIRST_MEETING}
    answer = await practice.post(f"/v1/requests/{made['id']}/consultation", body)
    problem = await problem_of(answer, 409)
    assert problem["type"] == "urn:standing-hour:problem:not-suitable"
    assert [each["cause"] for each in problem["reasons"]] == [cause]
