"""An appointment's link acts for one client, on what their page showed, once, and not too often."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from services.scheduler.jobs import forget_posts_by_link_once
from shared.links import Purpose, sign
from tests.cast import ANA, KIM, Body
from tests.scheduler.pages.visitor import (
    STARTS,
    booked,
    chosen,
    kim_with,
    link_of,
    now_of,
    same_but_revision,
    visitor,
)
from tests.scheduler.practice import Practice
from tests.shared.diary import SECRET

MINUTE = timedelta(minutes=1)


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


async def test_a_confirmed_member_comes_back_confirmed(practice: Practice) -> None:
    session, kim_id, _ = await group(practice)
    kim = visitor(practice, session, kim_id)
    practice.clock.moment = STARTS - timedelta(hours=2)
    await kim.press(await kim.look(), "confirm")
    asked = await kim.look("/cancel")
    assert asked.says("A cancellation now is a late cancellation.")
    await kim.press(await kim.press(asked, "cancel"), "undo")
    assert (await now_of(practice, session))["confirmed_by"] == [kim_id]


async def test_who_has_left_the_group_meanwhile_is_not_brought_back(practice: Practice) -> None:
    session, kim_id, ana_id = await group(practice)
    kim = visitor(practice, session, kim_id)
    done = await kim.press(await kim.look(), "cancel")
    await practice.made(f"/v1/courses/{session['course_id']}/members/{kim_id}/leave", {})
    assert (await kim.press(done, "undo")).says("Something has changed since")
    assert (await now_of(practice, session))["client_ids"] == [ana_id]


async def test_an_hour_that_staff_gave_away_does_not_come_back(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    done = await kim.press(await kim.look(), "cancel")
    taken = {
        "kind": "consultation",
        "clinician_id": session["clinician_id"],
        "client_ids": [await practice.person(ANA)],
        "starts_at": STARTS.isoformat(),
        "override": {"by": "Dr. Reyes", "reason": "an emergency"},
    }
    await practice.made("/v1/sessions", taken)
    page = await kim.press(done, "undo")
    assert page.status == 409
    assert page.says("This cannot be undone: the old time has been given away.")
    assert (await now_of(practice, session))["status"] == "cancelled"


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
    assert await forget_posts_by_link_once(practice.client.app) == 30


async def test_ten_clicks_at_once_do_it_once(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    for does, revision in (("confirm", 2), ("cancel", 3), ("undo", 4)):
        fields = (await kim.look()).forms[does].fields
        answers = await asyncio.gather(*(kim.send(does, fields) for _ in range(7)))
        assert Counter(answer.status for answer in answers) == {303: 7}
        assert (await now_of(practice, session))["revision"] == revision


async def test_of_two_who_choose_one_hour_at_once_one_gets_it(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    ana_id = await practice.person(ANA)
    starts_at = "2027-02-16T14:00:00-05:00"
    ana = visitor(practice, await practice.consultation(session["clinician_id"], ana_id, starts_at))
    pages = [await each.look("/times") for each in (kim, ana)]
    for _, wanted in pages[0].forms["hold"].buttons[:5]:
        answers = await asyncio.gather(
            *(
                each.send("hold", page.forms["hold"].fields | {"starts_at": wanted})
                for each, page in zip((kim, ana), pages, strict=True)
            )
        )
        assert sorted(answer.status for answer in answers) == [303, 409]


async def test_an_undo_and_a_booking_by_staff_never_both_get_the_hour(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    done = await kim.press(await kim.look(), "cancel")
    body = {
        "kind": "consultation",
        "clinician_id": session["clinician_id"],
        "client_ids": [await practice.person(ANA)],
        "starts_at": STARTS.isoformat(),
    }
    undone, taken = await asyncio.gather(
        kim.send("undo", done.forms["undo"].fields), practice.post("/v1/sessions", body)
    )
    assert (undone.status, taken.status) == (303, 409)
    assert same_but_revision(await now_of(practice, session), session)


async def test_what_a_client_did_is_in_the_audit_log_and_not_what_they_wrote(
    practice: Practice,
) -> None:
    kim, session = await kim_with(practice)
    await kim.press(await kim.look(), "confirm")
    await kim.press(await kim.look("/ask"), "ask", words="Mondays")
    await kim.press(await chosen(kim), "move")
    await kim.press(await kim.look(), "cancel")
    await kim.press(await kim.look(), "undo")
    client_id = session["client_ids"][0]
    answer = await (await practice.get("/v1/audit", actor=f"client:{client_id}")).json()
    assert [(each["action"], each["details"]) for each in answer["entries"]] == [
        ("appointment.confirm", {}),
        ("appointment.ask", {}),
        ("appointment.move", {}),
        ("appointment.cancel", {"late": False}),
        ("appointment.undo", {"act": "cancel"}),
    ]
    assert {tuple(each["subjects"]) for each in answer["entries"]} == {(session["id"], client_id)}
