"""A client picks another time, or asks for one, by link."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import ANA, ORTIZ
from tests.scheduler.pages.visitor import STARTS, chosen, kim_with, now_of, same_but_revision
from tests.scheduler.practice import Practice

MINUTE = timedelta(minutes=1)


async def test_kim_picks_another_time_and_takes_it_back(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    times = await kim.look("/times")
    assert times.says("Monday, February 15, 2027", "9:00 AM", "Friday, February 19, 2027")
    offered = [value for _, value in times.forms["hold"].buttons]
    assert len(offered) == 5 * 9 - 1  # the clinician's week, without the hour that Kim has
    assert STARTS.isoformat() not in offered
    decide = await kim.press(times, "hold", starts_at=offered[1])
    assert decide.says("Monday, February 15, 2027", "10:00 AM", "kept for you until 9:10 AM")
    assert decide.says("Instead of Tuesday, February 16, 2027, 3:00 PM")
    assert (await now_of(practice, session)) == session
    done = await kim.press(decide, "move")
    assert done.says("Your appointment has a new time.", "Monday, February 15, 2027", "10:00 AM")
    moved = await now_of(practice, session)
    assert moved["starts_at"] == "2027-02-15T10:00:00-05:00"
    await kim.press(done, "undo")
    assert same_but_revision(await now_of(practice, session), session)
    last = (await practice.events())[-1]
    assert (last["type"], last["data"]["previous_starts_at"]) == (
        "session.moved.v1",
        "2027-02-15T15:00:00Z",
    )


async def test_only_what_a_move_would_be_granted_is_offered(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    dana, ana = session["clinician_id"], await practice.person(ANA)
    ortiz = (await practice.made("/v1/clinicians", ORTIZ))["id"]
    own = session["client_ids"][0]
    await practice.consultation(dana, ana, "2027-02-15T09:00:00-05:00")
    await practice.consultation(ortiz, own, "2027-02-15T10:00:00-05:00")
    await practice.made(
        "/v1/holds", {"clinician_id": dana, "starts_at": ["2027-02-15T11:00:00-05:00"]}
    )
    await practice.made(
        f"/v1/clinicians/{dana}/time-off",
        {"starts_at": "2027-02-15T12:00:00-05:00", "ends_at": "2027-02-15T16:00:00-05:00"},
    )
    times = await kim.look("/times")
    monday = [v for _, v in times.forms["hold"].buttons if v.startswith("2027-02-15")]
    assert monday == ["2027-02-15T21:00:00+00:00", "2027-02-15T22:00:00+00:00"]


async def test_weeks_go_from_this_one_to_four_after_the_appointments(practice: Practice) -> None:
    kim, _ = await kim_with(practice)
    for asked, first in (
        ("1999-01-01", "2026-11-23"),
        ("9999-12-31", "2027-03-15"),
        ("rubbish", "2027-02-15"),
    ):
        times = await kim.look(f"/times?week={asked}")
        assert min(v for _, v in times.forms["hold"].buttons)[:10] == first
    assert (await kim.look("/times?week=1999-01-01")).html.count("/times?week=") == 1
    assert "week=2027-02-08" in (await kim.look("/times")).html
    assert "week=2027-02-22" in (await kim.look("/times")).html


@pytest.mark.parametrize(
    "starts_at",
    [
        "2027-02-15T10:30:00-05:00",
        "2027-02-15T20:00:00-05:00",
        "2027-02-20T10:00:00-05:00",
        "2027-05-18T10:00:00-04:00",
        "2026-11-23T08:00:00-05:00",
        "2027-02-16T15:00:00-05:00",
    ],
    ids=["half past", "evening", "saturday", "months later", "past", "the same"],
)
async def test_what_is_not_offered_cannot_be_had(practice: Practice, starts_at: str) -> None:
    kim, session = await kim_with(practice)
    page = await chosen(kim, starts_at)
    assert page.status == 409
    assert page.says("That time has just been taken.")
    seen = (await kim.look("/times")).forms["hold"].fields["seen"]
    answer = await kim.send("move", {"seen": seen, "starts_at": starts_at})
    assert answer.status == 409
    assert await now_of(practice, session) == session


async def test_when_someone_takes_it_meanwhile_there_are_fresh_times(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    times = await kim.look("/times")
    wanted = times.forms["hold"].buttons[0][1]
    await practice.consultation(session["clinician_id"], await practice.person(ANA), wanted)
    page = await kim.press(times, "hold", starts_at=wanted)
    assert page.status == 409
    assert page.says("That time has just been taken. These are the times that are free now.")
    assert wanted not in page.html
    assert len(page.forms["hold"].buttons) == 43


async def test_the_chosen_hour_is_kept_from_others_while_kim_decides(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    wanted = (await kim.look("/times")).forms["hold"].buttons[0][1]
    await chosen(kim, wanted)
    body = {"clinician_id": session["clinician_id"], "starts_at": [wanted]}
    assert (await practice.post("/v1/holds", body)).status == 409
    assert wanted in (await kim.look("/times")).html
    other = (await kim.look("/times")).forms["hold"].buttons[1][1]
    await chosen(kim, other)
    await practice.made("/v1/holds", body)
    await kim.press(await kim.look("/move"), "release")
    await practice.made("/v1/holds", body | {"starts_at": [other]})


async def test_after_ten_minutes_an_hour_that_is_still_free_can_still_be_taken(
    practice: Practice,
) -> None:
    kim, session = await kim_with(practice)
    decide = await chosen(kim)
    practice.clock.advance(10 * MINUTE)
    again = await kim.look("/move")
    assert again.says("The time is no longer kept for you. Please choose again.")
    assert "hold" in again.forms
    assert (await kim.press(decide, "move")).says("Your appointment has a new time.")
    assert (await now_of(practice, session))["starts_at"] == "2027-02-15T09:00:00-05:00"


async def test_kim_asks_for_another_time_and_takes_it_back(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    done = await kim.press(await kim.look("/ask"), "ask", words="Mondays\r\nafter  5 \x00 please")
    assert done.says("Your message has been passed on.")
    [task] = (await (await practice.get("/v1/tasks")).json())["tasks"]
    assert (task["kind"], task["subject_id"]) == ("asks_for_time", session["id"])
    line = f"client {session['client_ids'][0]}: Mondays after 5 please"
    assert task["note"] == line
    assert "Mondays" not in repr(await practice.events())
    assert "Mondays" not in await (await practice.get("/v1/audit")).text()
    await kim.press(await kim.look("/ask"), "ask", words="or Friday")
    [task] = (await (await practice.get("/v1/tasks")).json())["tasks"]
    assert task["note"].split("\n") == [line, line.replace("Mondays after 5 please", "or Friday")]
    undone = await kim.press(await kim.look(), "undo")
    assert undone.says("Undone.")
    [task] = (await (await practice.get("/v1/tasks")).json())["tasks"]
    assert task["note"] == line
    assert await now_of(practice, session) == session


async def test_taking_back_the_only_question_leaves_no_task(practice: Practice) -> None:
    kim, _ = await kim_with(practice)
    await kim.press(await kim.press(await kim.look("/ask"), "ask", words="Mondays"), "undo")
    text = await (await practice.get("/v1/tasks")).text()
    assert "Mondays" not in text


async def test_too_long_a_text_comes_back_as_it_was_written(practice: Practice) -> None:
    kim, _ = await kim_with(practice)
    words = "<b>" + "m" * 498
    page = await kim.press(await kim.look("/ask"), "ask", words=words)
    assert page.status == 422
    assert page.says("Please use at most 500 characters.", words)
    assert "<b>" not in page.html
    assert (await kim.press(page, "ask", words=words[:500])).says("has been passed on")
