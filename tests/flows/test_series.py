"""From first contact to a series that moves: three real processes, and a client with a mailbox."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from demo.processes import NAMES, Services
from tests.flows.conftest import Start
from tests.flows.stranger import ALWAYS, Json, Stranger, instant, now, soon
from tests.flows.test_story import the_feed_shows

pytestmark = pytest.mark.flow
Meet = Callable[[Services], Stranger]
CHANGE = re.compile(r"http://[^\s\"<>]+/appointments/[\w-]+")
UNDO_WINDOW = {"NOTICE_GRACE": "PT6S"}
CONCERN = "role_transition"
FREE_TEXT = "Quixotic worries about a move"


async def test_from_first_contact_to_a_series_that_moves(
    start: Start, meet: Meet, databases: dict[str, str]
) -> None:
    services = start(databases)
    staff = meet(services)
    dana = await staff.clinician(
        working_hours=ALWAYS, licenses=[{"state": "US-NY"}], concerns=[CONCERN]
    )
    wanted = await staff.post("/requests", request_body())
    matches = await staff.get(f"/requests/{wanted['id']}/matches")
    assert [match["clinician_id"] for match in matches["matches"]] == [dana]
    consultation = await staff.post(
        f"/requests/{wanted['id']}/consultation",
        {"clinician_id": dana, "starts_at": in_two_days(9)},
    )
    (kim,) = consultation["client_ids"]
    course = await the_best_opening_becomes_a_course(staff, wanted["id"], dana, kim)
    url = await staff.feed(dana)
    await the_series_moves_and_one_mail_says_so(staff, course, url, consultation)
    for name in NAMES:
        written = services.log(name).read_text()
        for canary in (CONCERN, "Quixotic", "kim@", "/appointments/AQ", "Kim Park"):
            assert canary not in written


def request_body() -> Json:
    return {
        "name": "Kim Park",
        "email": "kim@clients.example",
        "timezone": "America/New_York",
        "age_group": "adult",
        "concerns": [CONCERN],
        "note": FREE_TEXT,
        "state": "US-NY",
    }


def in_two_days(hour: int) -> str:
    day = (now() + timedelta(days=2)).date()
    return f"{day.isoformat()}T{hour:02}:00:00-05:00"


async def the_best_opening_becomes_a_course(
    staff: Stranger, request: str, dana: str, kim: str
) -> Json:
    found = await staff.get(
        f"/openings?clinician_id={dana}&client_id={kim}&sessions=8&exceptions=0"
    )
    best = found["openings"][0]
    assert len(best["sessions"]) == 8
    assert best["exceptions"] == []
    body = {key: best[key] for key in ("clinician_id", "first_date", "time", "timezone")}
    course = await staff.post(f"/requests/{request}/course", {**body, "sessions": 8})
    starts = [session["starts_at"] for session in course["sessions"]]
    assert [instant(s) for s in starts] == [instant(s["starts_at"]) for s in best["sessions"]]
    return course


async def the_series_moves_and_one_mail_says_so(
    staff: Stranger, course: Json, url: str, consultation: Json
) -> None:
    await soon(lambda: staff.mails_that_say("Your appointments are booked"))
    third = course["sessions"][2]
    later = (instant(third["starts_at"]) + timedelta(days=1)).isoformat()
    body = {"starts_at": later, "scope": "this_and_following"}
    path = f"/sessions/{third['id']}/move"
    before = await staff.get(f"/courses/{course['id']}")
    preview = await staff.post(path, {**body, "preview": True}, status=200)
    assert len(preview["sessions"]) == 6
    assert await staff.get(f"/courses/{course['id']}") == before
    await staff.post(path, body, status=200)
    (mail,) = await soon(lambda: staff.mails_that_say("Your appointments have changed"))
    assert mail.count("It was on:") % 6 == 0
    after = await staff.get(f"/courses/{course['id']}")
    assert [session["ordinal"] for session in after["sessions"]] == list(range(1, 9))
    await the_feed_shows(staff, url, [consultation, *after["sessions"]])
    await asyncio.sleep(1)
    assert len(await staff.mails_that_say("Your appointments have changed")) == 1


async def test_a_client_cancels_by_link_and_thinks_better_of_it(
    start: Start, meet: Meet, databases: dict[str, str]
) -> None:
    services = start(databases, **UNDO_WINDOW)
    staff = meet(services)
    dana = await staff.clinician(working_hours=ALWAYS)
    kim = await staff.client()
    starts_at = (now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
    session = await staff.consultation(dana, kim, starts_at)
    mail = (await soon(lambda: staff.mails_that_say("kim@clients.example")))[0]
    page = CHANGE.findall(mail)[0]
    assert "therap" not in (await look(staff, page)).lower()
    await press(staff, page, "confirm")
    assert (await staff.get(f"/sessions/{session['id']}"))["confirmed_by"] == [kim]
    await press(staff, page, "cancel")
    assert (await staff.get(f"/sessions/{session['id']}"))["status"] == "cancelled"
    await press(staff, page, "undo")
    assert (await staff.get(f"/sessions/{session['id']}"))["status"] == "scheduled"
    await asyncio.sleep(8)
    assert len(await staff.mails_that_say("kim@clients.example")) == 1, "an undo makes no mail"
    reminders = await staff.reminders(session["id"])
    planned = [r for r in reminders if r["kind"] == "reminder" and r["state"] == "planned"]
    assert len(planned) == 2


async def look(staff: Stranger, page: str) -> str:
    async with staff.http.get(page) as answer:
        assert answer.status == 200
        return await answer.text()


async def press(staff: Stranger, page: str, button: str) -> None:
    """Press a button as a browser does: with what its form holds, from the page's own origin."""
    form = await form_of(staff, page, button)
    origin = "/".join(page.split("/")[:3])
    async with staff.http.post(
        f"{page}/{button}", data=form, headers={"Origin": origin}, allow_redirects=True
    ) as answer:
        assert answer.status == 200, await answer.text()


async def form_of(staff: Stranger, page: str, button: str) -> dict[str, str]:
    text = await look(staff, page)
    (form,) = re.findall(rf'<form[^>]*action="[^"]*{button}"[^>]*>(.*?)</form>', text, re.DOTALL)
    inputs = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form)
    return dict(inputs)
