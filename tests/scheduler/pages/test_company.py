"""The page says who has come, without any name, and asking changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp.client import ClientResponse

from services.scheduler.store.tables import session_arrivals
from shared.links import sign
from shared.web.keys import DATABASE
from tests.cast import ANA, KIM, LEE, Body
from tests.scheduler.pages.test_join import MINUTE, STARTS, booked, knock, link_of, look
from tests.scheduler.practice import Practice
from tests.shared.diary import SECRET


async def state(practice: Practice, session: Body, person: str | None = None) -> ClientResponse:
    path = f"/join/{sign(link_of(session, person), SECRET)}/state"
    return await practice.client.get(path)


async def said(practice: Practice, session: Body, person: str | None = None) -> str:
    answer = await state(practice, session, person)
    assert answer.status == 200
    found: str = (await answer.json())["said"]
    page = await (await look(practice, link_of(session, person))).text()
    assert f'role="status">{found}</p>' in page
    return found


async def arrivals(practice: Practice) -> list[Any]:
    async with practice.client.app[DATABASE].engine.connect() as conn:
        return list((await conn.execute(sa.select(session_arrivals))).all())


async def test_the_clinician_sees_that_someone_is_waiting(practice: Practice) -> None:
    session = await booked(practice)
    dana = session["clinician_id"]
    practice.clock.moment = STARTS - 10 * MINUTE
    assert await said(practice, session, dana) == "Nobody is waiting yet."
    assert (await knock(practice, link_of(session))).status == 303
    assert await said(practice, session, dana) == "Someone is waiting."
    page = await (await look(practice, link_of(session, dana))).text()
    assert "Kim" not in page


async def test_the_client_sees_that_the_clinician_is_there(practice: Practice) -> None:
    session = await booked(practice, KIM | {"locale": "es"})
    practice.clock.moment = STARTS
    assert await said(practice, session) == ""
    assert (await knock(practice, link_of(session, session["clinician_id"]))).status == 303
    assert await said(practice, session) == "Le esperan: la otra parte ya está ahí."


async def test_of_a_group_the_clinician_sees_how_many_and_a_member_sees_no_other(
    practice: Practice,
) -> None:
    dana = await practice.clinician()
    people = [await practice.person(body) for body in (KIM, ANA, LEE)]
    body = {"kind": "follow_up", "clinician_id": dana, "client_ids": people}
    session = await practice.made("/v1/sessions", body | {"starts_at": STARTS.isoformat()})
    practice.clock.moment = STARTS
    for person in people[:2]:
        await knock(practice, link_of(session, person))
    assert await said(practice, session, dana) == "2 of 3 are waiting."
    assert await said(practice, session, people[2]) == ""
    answer = await (await state(practice, session, people[2])).json()
    assert set(answer) == {"door", "starts_at", "said"}


async def test_looking_and_asking_record_nothing(practice: Practice) -> None:
    session = await booked(practice)
    practice.clock.moment = STARTS
    for _ in range(2):
        await look(practice, link_of(session))
        await state(practice, session)
        path = f"/join/{sign(link_of(session), SECRET)}/state"
        assert (await practice.client.head(path)).status == 200
    assert await arrivals(practice) == []
    await knock(practice, link_of(session))
    await knock(practice, link_of(session))
    (row,) = await arrivals(practice)
    assert str(row.person_id) == session["client_ids"][0]


async def test_whoever_knocks_too_early_has_not_come(practice: Practice) -> None:
    session = await booked(practice)
    practice.clock.moment = STARTS - 16 * MINUTE
    assert (await knock(practice, link_of(session))).status == 409
    assert await arrivals(practice) == []


async def test_who_came_for_the_old_time_is_not_waiting_at_the_new_one(practice: Practice) -> None:
    session = await booked(practice)
    practice.clock.moment = STARTS
    await knock(practice, link_of(session))
    later = STARTS + timedelta(days=1)
    move = {"starts_at": later.isoformat()}
    await practice.made(f"/v1/sessions/{session['id']}/move", move)
    practice.clock.moment = later
    assert await said(practice, session, session["clinician_id"]) == "Nobody is waiting yet."


@pytest.mark.parametrize(
    ("minutes", "door"), [(-16, "early"), (-15, "open"), (75, "open"), (76, "over")]
)
async def test_the_state_says_how_the_door_stands(
    practice: Practice, minutes: int, door: str
) -> None:
    session = await booked(practice)
    practice.clock.moment = STARTS + minutes * MINUTE
    found = await (await state(practice, session)).json()
    assert found == {"door": door, "starts_at": "2027-02-16T20:00:00+00:00", "said": ""}


async def test_a_bad_link_has_no_state(practice: Practice) -> None:
    session = await booked(practice)
    other = await practice.person(ANA)
    assert (await state(practice, session, other)).status == 404
    assert (await practice.client.get("/join/x/state")).status == 404


async def test_the_page_looks_again_by_itself_and_asks_nobody_else(practice: Practice) -> None:
    session = await booked(practice)
    practice.clock.moment = STARTS
    answer = await look(practice, link_of(session))
    page = await answer.text()
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "http" not in page.replace("http-equiv", "")
    script = await (await practice.client.get("/static/join.js")).text()
    assert "/state" in script
    assert "//" not in "".join(line.split("// ")[0] for line in script.splitlines())


async def test_each_arrival_is_in_the_audit_log(practice: Practice) -> None:
    session = await booked(practice)
    practice.clock.moment = STARTS
    kim, dana = session["client_ids"][0], session["clinician_id"]
    for person in (kim, dana):
        await knock(practice, link_of(session, person))
    answer = await practice.get("/v1/audit", subject=session["id"])
    entries = [each for each in (await answer.json())["entries"] if "join" in each["action"]]
    assert [(each["actor"], each["action"]) for each in entries] == [
        (f"client:{kim}", "session.join"),
        (f"clinician:{dana}", "session.join"),
    ]
    assert [each["subjects"][1] for each in entries] == [kim, dana]
