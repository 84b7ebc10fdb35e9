"""The join page lets in whom it should, when it should, and a GET changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from aiohttp.client import ClientResponse

from services.scheduler.store.tables import clients, clinicians
from shared.links import Link, Purpose, sign
from shared.store.database import Database
from shared.web.keys import DATABASE
from tests.cast import ANA, DANA, KIM, Body
from tests.scheduler.practice import Practice
from tests.shared.diary import SECRET

STARTS = datetime(2027, 2, 16, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = STARTS + timedelta(days=60)


async def booked(practice: Practice, kim: Body = KIM, dana: Body = DANA) -> Body:
    clinician_id = (await practice.made("/v1/clinicians", dana))["id"]
    client_id = (await practice.made("/v1/clients", kim))["id"]
    return await practice.consultation(clinician_id, client_id, STARTS.isoformat())


def link_of(session: Body, person: str | None = None) -> Link:
    return Link(
        purpose=Purpose.JOIN,
        session_id=UUID(session["id"]),
        person_id=UUID(person or session["client_ids"][0]),
        generation=0,
        expires_at=END,
    )


async def look(practice: Practice, link: Link, secret: str = SECRET) -> ClientResponse:
    return await practice.client.get(f"/join/{sign(link, secret)}")


async def knock(practice: Practice, link: Link) -> ClientResponse:
    path = f"/join/{sign(link, SECRET)}"
    return await practice.client.post(path, allow_redirects=False)


async def test_the_page_shows_the_time_and_a_button_and_nothing_else(practice: Practice) -> None:
    session = await booked(practice)
    answer = await look(practice, link_of(session))
    page = await answer.text()
    assert answer.status == 200
    assert "Tuesday, February 16, 2027" in page
    assert "3:00 PM – 4:00 PM" in page  # noqa: RUF001 # a dash between times
    assert "Eastern Standard Time" in page
    assert "2:45 PM" in page
    assert '<form method="post">' in page
    for unsaid in ("Kim", "Dana", "consultation", "therapy", "rooms.example", "There:"):
        assert unsaid not in page


async def test_nothing_from_elsewhere_runs_on_the_page(practice: Practice) -> None:
    answer = await look(practice, link_of(await booked(practice)))
    csp = answer.headers["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self' https:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ):
        assert directive in csp
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    for name in ("join.css", "join.js"):
        assert (await practice.client.get(f"/static/{name}")).status == 200
    assert "submit" not in await (await practice.client.get("/static/join.js")).text()
    assert (await practice.client.get("/static/..%2fjoin.py")).status == 404


@pytest.mark.parametrize(
    ("now", "looked", "knocked"),
    [
        (STARTS - 90 * 24 * 60 * MINUTE, 200, 409),
        (STARTS - 16 * MINUTE, 200, 409),
        (STARTS - 15 * MINUTE, 200, 303),
        (STARTS, 200, 303),
        (STARTS + 75 * MINUTE, 200, 303),
        (STARTS + 76 * MINUTE, 410, 410),
    ],
    ids=["months before", "16 min before", "15 before", "at the start", "15 after", "16 after"],
)
async def test_the_door_by_the_clock(
    practice: Practice, now: datetime, looked: int, knocked: int
) -> None:
    link = link_of(await booked(practice))
    practice.clock.moment = now
    assert (await look(practice, link)).status == looked
    answer = await knock(practice, link)
    assert answer.status == knocked
    room = "https://rooms.example/dana" if knocked == 303 else None
    assert answer.headers.get("Location") == room
    assert "dana" not in await answer.text()


async def test_who_comes_early_is_told_when_to_come_back(practice: Practice) -> None:
    answer = await knock(practice, link_of(await booked(practice)))
    assert "come back on Tuesday, February 16, 2027, 2:45 PM" in await answer.text()


async def test_looking_changes_nothing(practice: Practice) -> None:
    link = link_of(await booked(practice))
    practice.clock.moment = STARTS
    told, path = await practice.told(), f"/join/{sign(link, SECRET)}"
    for _ in range(3):
        assert (await practice.client.get(path)).status == 200
        assert (await practice.client.head(path)).status == 200
    assert await practice.told() == told
    assert (await knock(practice, link)).status == 303


async def test_the_time_is_in_the_persons_zone_and_in_the_sessions(practice: Practice) -> None:
    session = await booked(practice, KIM | {"timezone": "Europe/Berlin"})
    page = await (await look(practice, link_of(session))).text()
    assert "9:00 PM – 10:00 PM" in page  # noqa: RUF001 # a dash between times
    assert "Central European Standard Time" in page
    assert "There: Tuesday, February 16, 2027, 3:00 PM" in page


@pytest.mark.parametrize("tag", ["es-US", "es"])
async def test_spanish_is_spoken_to_those_who_speak_it(practice: Practice, tag: str) -> None:
    link = link_of(await booked(practice, KIM | {"locale": tag}))
    page = await (await look(practice, link)).text()
    assert '<html lang="es-US">' in page
    assert "martes, 16 de febrero de 2027" in page
    assert "Entrar" in page
    assert "Vuelva el martes" in await (await knock(practice, link)).text()


async def test_a_language_that_is_not_spoken_becomes_english(practice: Practice) -> None:
    link = link_of(await booked(practice, KIM | {"locale": "fr"}))
    assert "Tuesday, February 16" in await (await look(practice, link)).text()


async def test_a_moved_session_keeps_its_link(practice: Practice) -> None:
    session = await booked(practice)
    later = STARTS + timedelta(days=1)
    move = {"starts_at": later.isoformat()}
    await practice.made(f"/v1/sessions/{session['id']}/move", move)
    practice.clock.moment = STARTS
    assert (await knock(practice, link_of(session))).status == 409
    practice.clock.moment = later
    assert (await knock(practice, link_of(session))).status == 303


async def test_a_cancelled_session_has_no_door(practice: Practice) -> None:
    session = await booked(practice)
    await practice.made(f"/v1/sessions/{session['id']}/cancel", {})
    practice.clock.moment = STARTS
    for answer in (
        await look(practice, link_of(session)),
        await knock(practice, link_of(session)),
    ):
        assert answer.status == 410
        assert "was cancelled" in await answer.text()


async def test_without_a_room_the_page_says_whom_to_call(practice: Practice) -> None:
    without = {name: value for name, value in DANA.items() if name != "room_url"}
    session = await booked(practice, dana=without)
    practice.clock.moment = STARTS
    answer = await knock(practice, link_of(session))
    assert (answer.status, answer.headers.get("Location")) == (409, None)
    assert "call the practice" in await answer.text()


async def test_the_clinician_has_a_door_too(practice: Practice) -> None:
    session = await booked(practice)
    practice.clock.moment = STARTS
    link = link_of(session, session["clinician_id"])
    assert (await knock(practice, link)).status == 303


async def raise_generation(practice: Practice) -> None:
    database: Database = practice.client.app[DATABASE]
    async with database.engine.begin() as conn:
        for table in (clients, clinicians):
            await conn.execute(table.update().values(link_generation=1))


async def test_every_bad_link_meets_the_same_page(practice: Practice) -> None:
    session = await booked(practice)
    ana = (await practice.made("/v1/clients", ANA))["id"]
    good = link_of(session)
    practice.clock.moment = STARTS
    pages = [
        await look(practice, replace(good, session_id=UUID(int=1))),
        await look(practice, replace(good, person_id=UUID(ana))),
        await look(practice, replace(good, generation=1)),
        await look(practice, replace(good, expires_at=STARTS)),
        await look(practice, good, secret="another secret of 32 characters!"),
        await practice.client.get("/join/x"),
        await practice.client.get(f"/join/{sign(good, SECRET)}x"),
        await practice.client.get("/join/%F0%9F%98%80"),
        await knock(practice, replace(good, generation=1)),
        await knock(practice, replace(good, expires_at=STARTS)),
    ]
    assert {page.status for page in pages} == {404}
    assert len({await page.text() for page in pages}) == 1
    assert (await look(practice, good)).status == 200


async def test_a_raised_generation_revokes_a_link(practice: Practice) -> None:
    session = await booked(practice)
    await raise_generation(practice)
    practice.clock.moment = STARTS
    for person in (session["client_ids"][0], session["clinician_id"]):
        link = link_of(session, person)
        assert (await knock(practice, link)).status == 404
        assert (await knock(practice, replace(link, generation=1))).status == 303


async def test_a_stranger_is_answered_in_the_language_they_ask_for(practice: Practice) -> None:
    headers = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.8"}
    page = await practice.client.get("/join/x", headers=headers)
    assert "Este enlace no funciona" in await page.text()


async def test_a_link_for_a_whole_course_opens_the_session_it_is_time_for(
    practice: Practice,
) -> None:
    clinician_id = (await practice.made("/v1/clinicians", DANA))["id"]
    client_id = (await practice.made("/v1/clients", KIM))["id"]
    course = await practice.made(
        "/v1/courses",
        {
            "clinician_id": clinician_id,
            "client_ids": [client_id],
            "first_date": "2027-02-16",
            "time": "15:00",
            "sessions": 12,
        },
    )
    link = replace(link_of({"id": course["id"], "client_ids": [clinician_id]}), expires_at=END)
    practice.clock.moment = STARTS - 20 * MINUTE
    assert "February 16, 2027" in await (await look(practice, link)).text()
    assert (await knock(practice, link)).status == 409
    practice.clock.moment = STARTS
    assert (await knock(practice, link)).status == 303
    practice.clock.moment = STARTS + 76 * MINUTE
    assert "February 23, 2027" in await (await look(practice, link)).text()
    stranger = replace(link, person_id=UUID(int=5))
    assert (await look(practice, stranger)).status == 404
    assert (await look(practice, replace(link, generation=1))).status == 404
