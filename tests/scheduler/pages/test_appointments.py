"""A client confirms or cancels by link, and can take it back for three minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import ANA
from tests.scheduler.pages.visitor import STARTS, kim_with, now_of, same_but_revision, visitor
from tests.scheduler.practice import Practice

MINUTE = timedelta(minutes=1)
UNSAID = ("Kim", "Dana", "onsultation", "herap", "rooms.example", "session", "course")


async def test_the_page_shows_the_time_and_what_can_be_done_and_nothing_else(
    practice: Practice,
) -> None:
    kim, _ = await kim_with(practice)
    page = await kim.look()
    assert page.status == 200
    assert page.says("Tuesday, February 16, 2027", "3:00 PM", "4:00 PM", "Eastern Standard Time")
    assert page.offers == {"confirm", "cancel", "times", "ask"}
    for unsaid in (*UNSAID, "There:"):
        assert unsaid not in page.html


async def test_times_are_the_persons_and_where_they_differ_the_sessions_too(
    practice: Practice,
) -> None:
    kim, _ = await kim_with(practice, timezone="Europe/Berlin")
    page = await kim.look()
    assert page.says("9:00 PM", "Central European Standard Time")
    assert page.says("There: Tuesday, February 16, 2027, 3:00 PM")
    times = await kim.look("/times")
    assert times.says("Central European Standard Time", "Wednesday, February 17, 2027", "10:00 PM")


@pytest.mark.parametrize("below", ["", "/cancel", "/times", "/ask", "/move"])
async def test_nothing_from_elsewhere_runs_and_nothing_is_kept(
    practice: Practice, below: str
) -> None:
    kim, _ = await kim_with(practice)
    answer = await practice.client.get(f"{kim.path}{below}")
    csp = answer.headers["Content-Security-Policy"]
    for directive in ("default-src 'none'", "form-action 'self';", "frame-ancestors 'none'"):
        assert directive in csp
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    for name in ("appointments.css", "appointments.js"):
        assert (await practice.client.get(f"/static/{name}")).status == 200
    script = await (await practice.client.get("/static/appointments.js")).text()
    assert "submit" not in script
    assert "fetch" not in script


async def test_spanish_is_spoken_to_those_who_speak_it(practice: Practice) -> None:
    kim, _ = await kim_with(practice, locale="es-US")
    page = await kim.look()
    assert '<html lang="es-US">' in page.html
    assert page.says("martes, 16 de febrero de 2027", "Asistiré", "Cancelar esta cita")
    assert (await kim.press(page, "confirm")).says("Gracias. Ha confirmado su cita.", "Deshacer")


async def test_kim_confirms_and_takes_it_back(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    done = await kim.press(await kim.look(), "confirm")
    assert done.says("Thank you. You have confirmed.", "You can undo this until 9:03 AM.")
    assert "confirm" not in done.offers
    assert (await now_of(practice, session))["confirmed_by"] == session["client_ids"]
    told = (await practice.events())[-1]
    assert told["type"] == "session.booked.v1"
    assert told["data"]["session"]["confirmed_by"] == session["client_ids"]
    undone = await kim.press(done, "undo")
    assert undone.says("Undone. Everything is as it was before.")
    assert "confirm" in undone.offers
    after = await now_of(practice, session)
    assert same_but_revision(after, session)
    assert after["revision"] == 3


async def test_kim_cancels_in_time_and_takes_it_back(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    page = await kim.look()
    assert page.says("A cancellation less than 24 hours before the start is a late cancellation.")
    done = await kim.press(page, "cancel")
    assert done.status == 200
    assert done.says("Your appointment is cancelled.", "You can undo this until 9:03 AM.")
    assert not done.says("late")
    cancelled = await now_of(practice, session)
    assert (cancelled["status"], "cancelled_late" in cancelled) == ("cancelled", False)
    assert await practice.told() == [
        "clinician.saved.v1",
        "client.saved.v1",
        "session.booked.v1",
        "session.cancelled.v1",
    ]
    undone = await kim.press(done, "undo")
    assert undone.says("Undone.")
    assert same_but_revision(await now_of(practice, session), session)
    last = (await practice.events())[-1]
    assert (last["type"], last["data"]["session"]["revision"]) == ("session.booked.v1", 3)


async def test_a_session_of_a_course_comes_back_as_a_change_of_the_course(
    practice: Practice,
) -> None:
    course = await practice.course(await practice.clinician(), await practice.person())
    session = course["sessions"][3]
    kim = visitor(practice, session)
    await kim.press(await kim.press(await kim.look(), "cancel"), "undo")
    last = (await practice.events())[-1]
    assert last["type"] == "course.changed.v1"
    assert [(each["session_id"], each["status"]) for each in last["data"]["sessions"]] == [
        (session["id"], "scheduled")
    ]
    after = await (await practice.get(f"/v1/courses/{course['id']}")).json()
    assert [s | {"revision": 1} for s in after["sessions"]] == course["sessions"]


async def test_a_late_cancel_is_asked_about_on_a_page_of_its_own(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    early = await kim.look()
    practice.clock.moment = STARTS - timedelta(hours=24) + MINUTE
    asked = await kim.press(early, "cancel")
    assert asked.status == 409
    assert asked.says("It starts in less than 24 hours. A cancellation now is a late cancellation.")
    assert (await now_of(practice, session))["status"] == "scheduled"
    page = await kim.look()
    assert page.says("A cancellation now is a late cancellation.")
    assert "cancel" not in page.forms
    own = await kim.look("/cancel")
    assert own.html.index("A cancellation now is a late") < own.html.index("<button")
    done = await kim.press(own, "cancel")
    assert done.says("Your appointment is cancelled. This was a late cancellation.")
    assert (await now_of(practice, session))["cancelled_late"] is True
    await kim.press(done, "undo")
    assert same_but_revision(await now_of(practice, session), session)


async def test_exactly_at_the_limit_it_is_not_late_yet(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    practice.clock.moment = STARTS - timedelta(hours=24)
    await kim.press(await kim.look(), "cancel")
    cancelled = await now_of(practice, session)
    assert (cancelled["status"], "cancelled_late" in cancelled) == ("cancelled", False)


async def test_the_practice_settles_what_is_late(practice: Practice) -> None:
    kim, _ = await kim_with(practice)
    answer = await practice.client.put(
        "/v1/practice",
        json={"late_cancel_hours": 48},
        headers={"Authorization": f"Bearer {await practice.key('admin')}"},
    )
    assert answer.status == 200
    practice.clock.moment = STARTS - timedelta(hours=47)
    page = await kim.look()
    assert page.says("It starts in less than 48 hours.")
    assert {"times", "move"}.isdisjoint(page.offers)


async def test_a_freed_hour_is_nobody_elses_as_long_as_it_can_be_undone(
    practice: Practice,
) -> None:
    kim, session = await kim_with(practice)
    ana = await practice.person(ANA)
    body = {"kind": "consultation", "client_ids": [ana], "starts_at": STARTS.isoformat()}
    body["clinician_id"] = session["clinician_id"]
    await kim.press(await kim.look(), "cancel")
    practice.clock.advance(3 * MINUTE - timedelta(seconds=1))
    refused = await (await practice.post("/v1/sessions", body)).json()
    assert [each["reason"] for each in refused["conflicts"]] == ["held"]
    practice.clock.advance(timedelta(seconds=1))
    await practice.made("/v1/sessions", body)


async def test_after_three_minutes_nothing_is_undone_and_the_page_says_so(
    practice: Practice,
) -> None:
    kim, session = await kim_with(practice)
    done = await kim.press(await kim.look(), "cancel")
    practice.clock.advance(3 * MINUTE)
    late = await kim.press(done, "undo")
    assert late.status == 409
    assert late.says("This can no longer be undone.")
    assert (await now_of(practice, session))["status"] == "cancelled"
    page = await kim.look()
    assert page.status == 410
    assert page.says("Your appointment is cancelled.", "This can no longer be undone here.")
    assert page.offers == {"ask"}
