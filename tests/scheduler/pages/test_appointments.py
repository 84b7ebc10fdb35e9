"""A client confirms, cancels, moves and asks by link, and can take each of it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.links import Purpose, sign
from tests.cast import ANA, DANA, KIM, ORTIZ, Body
from tests.scheduler.pages.visitor import STARTS, Visitor, link_of, visitor
from tests.scheduler.practice import Practice
from tests.shared.diary import SECRET

MINUTE = timedelta(minutes=1)
UNSAID = ("Kim", "Dana", "onsultation", "herap", "rooms.example", "session", "course")


async def booked(practice: Practice, kim: Body = KIM, dana: Body = DANA) -> Body:
    clinician_id = (await practice.made("/v1/clinicians", dana))["id"]
    client_id = (await practice.made("/v1/clients", kim))["id"]
    return await practice.consultation(clinician_id, client_id, STARTS.isoformat())


async def kim_with(practice: Practice, **kim: object) -> tuple[Visitor, Body]:
    session = await booked(practice, KIM | kim)
    return visitor(practice, session), session


async def now_of(practice: Practice, session: Body) -> Body:
    found: Body = await (await practice.get(f"/v1/sessions/{session['id']}")).json()
    return found


def same_but_revision(one: Body, other: Body) -> bool:
    return {**one, "revision": 0} == {**other, "revision": 0}


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


async def chosen(kim: Visitor, starts_at: str | None = None) -> Any:
    """Go to the times and choose one: the first if not said."""
    times = await kim.look("/times")
    name, value = times.forms["hold"].buttons[0]
    return await kim.press(times, "hold", **{name: starts_at or value})


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


async def test_a_page_of_yesterday_does_nothing(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    old = await kim.look()
    path, moved = f"/v1/sessions/{session['id']}", "2027-02-17T15:00:00-05:00"
    await practice.made(f"{path}/move", {"starts_at": moved})
    told = await practice.told()
    for does in ("confirm", "cancel"):
        page = await kim.press(old, does)
        assert page.status == 409
        assert page.says("Something has changed since you opened this page", "February 17")
    assert (await kim.press(page, "confirm")).status == 200
    assert len(await practice.told()) == len(told) + 1


@pytest.mark.parametrize("does", ["confirm", "cancel"])
async def test_a_second_click_does_nothing_more(practice: Practice, does: str) -> None:
    kim, session = await kim_with(practice)
    fields = (await kim.look()).forms[does].fields
    for _ in range(2):
        answer = await kim.send(does, fields)
        assert (answer.status, answer.headers["Location"]) == (303, kim.path)
    assert (await now_of(practice, session))["revision"] == 2
    undo = (await kim.look()).forms["undo"].fields
    for _ in range(2):
        assert (await kim.send("undo", undo)).status == 303
    assert (await now_of(practice, session))["revision"] == 3
    assert (await kim.send(does, fields)).status == 409


async def test_an_undo_is_of_the_last_thing_only_and_of_nothing_that_changed_since(
    practice: Practice,
) -> None:
    kim, session = await kim_with(practice)
    confirmed = await kim.press(await kim.look(), "confirm")
    done = await chosen(kim)
    moved = await kim.press(done, "move")
    assert (await kim.press(confirmed, "undo")).says("Something has changed since")
    await practice.made(
        f"/v1/sessions/{session['id']}/move", {"starts_at": "2027-02-17T15:00:00-05:00"}
    )
    assert (await kim.press(moved, "undo")).says("Something has changed since")
    assert (await now_of(practice, session))["starts_at"] == "2027-02-17T15:00:00-05:00"


async def test_a_confirmation_comes_back_with_an_undone_cancel(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    page = await kim.press(await kim.look(), "confirm")
    await kim.press(await kim.press(page, "cancel"), "undo")
    assert (await now_of(practice, session))["confirmed_by"] == session["client_ids"]
    assert (await kim.look()).says("You have confirmed this appointment.")


async def group(practice: Practice) -> tuple[Body, str, str]:
    dana = await practice.clinician()
    kim, ana = await practice.person(KIM), await practice.person(ANA)
    course = await practice.course(dana, kim, ana, sessions=3)
    return course["sessions"][0], kim, ana


async def test_in_a_group_one_is_absent_and_nobody_elses_session_changes(
    practice: Practice,
) -> None:
    session, kim_id, ana_id = await group(practice)
    kim, ana = visitor(practice, session, kim_id), visitor(practice, session, ana_id)
    page, anas = await kim.look(), await ana.look()
    assert page.offers == {"confirm", "cancel", "ask"}
    assert page.says("I cannot come")
    done = await kim.press(page, "cancel")
    assert done.says("You have said that you cannot come.")
    now = await now_of(practice, session)
    assert (now["status"], now["client_ids"]) == ("scheduled", [ana_id])
    assert (await ana.look()).html == anas.html
    assert (await ana.press(anas, "confirm")).says("You have confirmed")
    assert (await kim.press(done, "undo")).says("Undone.")
    now = await now_of(practice, session)
    assert set(now["client_ids"]) == {kim_id, ana_id}
    assert now["confirmed_by"] == [ana_id]
    assert (await kim.look()).offers == {"confirm", "cancel", "ask"}


async def test_in_a_group_nobody_moves_the_others(practice: Practice) -> None:
    session, kim_id, _ = await group(practice)
    kim = visitor(practice, session, kim_id)
    fields = {"seen": (await kim.look()).forms["confirm"].fields["seen"]}
    for does in ("hold", "move"):
        fields["starts_at"] = "2027-02-17T15:00:00-05:00"
        assert (await kim.send(does, fields)).status == 409
    assert "hold" not in (await kim.look("/times")).forms
    assert await now_of(practice, session) == session


async def test_when_it_has_begun_nothing_can_be_done(practice: Practice) -> None:
    kim, _ = await kim_with(practice)
    early = await kim.look()
    practice.clock.moment = STARTS
    page = await kim.look()
    assert (page.status, page.offers) == (200, set())
    assert page.says("This appointment has begun.")
    assert (await kim.press(early, "cancel")).status == 409
    practice.clock.moment = STARTS + 60 * MINUTE
    page = await kim.look()
    assert (page.status, page.offers) == (410, set())
    assert page.says("This appointment is over.")


async def test_every_bad_link_gets_the_same_page(practice: Practice) -> None:
    session = await booked(practice)
    link = link_of(session)
    bad = [
        "nonsense",
        sign(replace(link, purpose=Purpose.JOIN), SECRET),
        sign(replace(link, generation=1), SECRET),
        sign(replace(link, expires_at=practice.clock.now()), SECRET),
        sign(replace(link, session_id=link.person_id), SECRET),
        sign(link_of(session, session["clinician_id"]), SECRET),
        sign(link, "another secret, which is long enough too"),
    ]
    same = await (await practice.client.get("/join/nonsense")).text()
    for token in bad:
        for below in ("", "/times", "/move", "/ask", "/cancel"):
            answer = await practice.client.get(f"/appointments/{token}{below}")
            assert (answer.status, await answer.text()) == (404, same)
        for does in ("confirm", "cancel", "hold", "move", "release", "ask", "undo"):
            answer = await practice.client.post(f"/appointments/{token}/{does}")
            assert (answer.status, await answer.text()) == (404, same)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
    ids=["cross-site", "same-site", "other origin", "own form", "private form", "no browser"],
)
async def test_only_our_own_form_is_taken(
    practice: Practice, headers: dict[str, str], status: int
) -> None:
    kim, session = await kim_with(practice)
    fields = (await kim.look()).forms["confirm"].fields
    assert (await kim.send("confirm", fields, **headers)).status == status
    assert (await now_of(practice, session))["revision"] == (2 if status == 303 else 1)


async def test_more_than_thirty_posts_in_an_hour_are_too_many(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    for _ in range(30):
        assert (await kim.send("confirm", {"seen": "old"})).status == 409
    answer = await kim.send("confirm", (await kim.look()).forms["confirm"].fields)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "3600")
    assert "Please try again in an hour" in await answer.text()
    assert (await now_of(practice, session))["revision"] == 1
    practice.clock.advance(60 * MINUTE)
    assert (await kim.press(await kim.look(), "confirm")).says("You have confirmed")
