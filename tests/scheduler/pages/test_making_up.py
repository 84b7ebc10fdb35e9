"""If the practice wants it, a week that a client cancels too late is made up for at the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import Body
from tests.scheduler.pages.visitor import STARTS, visitor
from tests.scheduler.practice import Practice

TUESDAYS = ["02-16", "02-23", "03-02"]


async def cancelled_by_kim(practice: Practice, *, hours_before: int) -> tuple[Body, list[str]]:
    course = await practice.course(await practice.clinician(), await practice.person(), sessions=3)
    practice.clock.moment = STARTS - timedelta(hours=hours_before)
    kim = visitor(practice, course["sessions"][0])
    await kim.press(await kim.look("/cancel"), "cancel")
    after = await (await practice.get(f"/v1/courses/{course['id']}")).json()
    return after, [str(each["starts_at"])[5:10] for each in after["sessions"]]


@pytest.mark.parametrize(
    ("hours_before", "settled", "made_up"),
    [(23, True, True), (25, True, False), (23, False, False)],
)
async def test_only_a_late_cancel_is_made_up_for_and_only_if_that_is_settled(
    practice: Practice, hours_before: int, settled: bool, made_up: bool
) -> None:
    await practice.put("/v1/practice", {"missed_week_extends": settled})
    course, dates = await cancelled_by_kim(practice, hours_before=hours_before)
    assert dates == ([*TUESDAYS, "03-09"] if made_up else TUESDAYS)
    assert (course["counts"]["planned"], course["counts"]["remaining"]) == (3, 3 if made_up else 2)
    told = (await practice.told())[-2:]
    assert (told == ["session.cancelled.v1", "course.changed.v1"]) == made_up


async def test_a_cancel_that_is_undone_needs_no_making_up(practice: Practice) -> None:
    await practice.put("/v1/practice", {"missed_week_extends": True})
    course, _ = await cancelled_by_kim(practice, hours_before=23)
    kim = visitor(practice, course["sessions"][0])
    await kim.press(await kim.look(), "undo")
    after = await (await practice.get(f"/v1/courses/{course['id']}")).json()
    assert [each["status"] for each in after["sessions"]] == [*["scheduled"] * 3, "cancelled"]
    assert (after["status"], after["counts"]["remaining"]) == ("active", 3)
