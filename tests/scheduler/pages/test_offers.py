"""The page of an offer shows an hour and two buttons, and only a button changes anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from aiohttp.client import ClientResponse

from services.scheduler.store.tables import clients
from shared.links import Link, Purpose, sign
from shared.store.database import Database
from shared.web.keys import DATABASE
from tests.cast import ANA, LEE, Body
from tests.scheduler.practice import Practice
from tests.scheduler.waiting import DAY, ONE_HOUR, answers, link_of, offers, tick, waits
from tests.shared.diary import SECRET


async def offered(practice: Practice, person: Body = ANA, **wish: object) -> Body:
    """Offer Ana an hour a week, Tuesdays at three, from tomorrow on."""
    await practice.clinician(working_hours=ONE_HOUR)
    await waits(practice, await practice.person(person), **wish)
    assert await tick(practice) == 1
    return (await offers(practice))[0]


async def look(practice: Practice, link: Link, secret: str = SECRET) -> ClientResponse:
    return await practice.client.get(f"/offers/{sign(link, secret)}")


async def press(
    practice: Practice, link: Link, chosen: str, headers: Body | None = None
) -> ClientResponse:
    path = f"/offers/{sign(link, SECRET)}"
    return await practice.client.post(path, data={"answer": chosen}, headers=headers)


async def test_the_page_shows_the_hour_and_how_long_it_is_theirs(practice: Practice) -> None:
    answer = await look(practice, link_of(await offered(practice)))
    page = await answer.text()
    assert answer.status == 200
    assert "Every Tuesday" in page
    assert "3:00 PM – 4:00 PM" in page  # noqa: RUF001 # a dash between times
    assert "Eastern Standard Time" in page
    assert "From Tuesday, November 24, 2026 on" in page
    assert "Until Tuesday, November 24, 2026, 9:00 AM" in page
    assert page.count('name="answer"') == 2
    for unsaid in ("Ana", "Dana", "16", "course", "therapy", "consultation", "There:"):
        assert unsaid not in page.replace("2016", "")


async def test_a_single_hour_is_shown_as_one(practice: Practice) -> None:
    page = await (await look(practice, link_of(await offered(practice, kind="follow_up")))).text()
    assert "Every" not in page
    assert '<p class="day">Tuesday, November 24, 2026</p>' in page
    assert "follow" not in page


async def test_nothing_from_elsewhere_runs_on_the_page(practice: Practice) -> None:
    answer = await look(practice, link_of(await offered(practice)))
    csp = answer.headers["Content-Security-Policy"]
    for directive in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert directive in csp
    assert "https:" not in csp
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_looking_changes_nothing(practice: Practice) -> None:
    offer = await offered(practice)
    told, path = await practice.told(), f"/offers/{sign(link_of(offer), SECRET)}"
    for _ in range(3):
        assert (await practice.client.get(path)).status == 200
        assert (await practice.client.head(path)).status == 200
    assert await practice.told() == told
    assert await offers(practice) == [offer]


async def test_taking_it_leads_to_a_page_that_says_so(practice: Practice) -> None:
    link = link_of(await offered(practice))
    answer = await press(practice, link, "accept")
    assert (answer.status, answer.method) == (200, "GET")
    assert "This time is yours" in await answer.text()
    assert (await practice.told()).count("course.booked.v1") == 1
    assert "This time is yours" in await (await look(practice, link)).text()


async def test_letting_it_go_is_over_at_once(practice: Practice) -> None:
    link = link_of(await offered(practice))
    answer = await press(practice, link, "decline")
    assert answer.status == 200
    assert "You keep your place" in await answer.text()
    for again in (
        await look(practice, link),
        await press(practice, link, "accept"),
        await press(practice, link, "decline"),
    ):
        assert again.status == 410
        assert "not kept for you any more" in await again.text()
    assert "course.booked.v1" not in await practice.told()


async def test_an_offer_that_ran_out_is_over_before_anyone_looked(practice: Practice) -> None:
    offer = await offered(practice)
    link = link_of(offer)
    practice.clock.moment = datetime.fromisoformat(offer["expires_at"]) - timedelta(seconds=1)
    assert (await look(practice, link)).status == 200
    practice.clock.advance(timedelta(seconds=1))
    assert (await look(practice, link)).status == 410
    for chosen in ("accept", "decline"):
        assert (await press(practice, link, chosen)).status == 410
    practice.clock.advance(29 * DAY)
    assert (await look(practice, link)).status == 410
    practice.clock.advance(DAY)
    assert (await look(practice, link)).status == 404


async def test_a_button_of_another_site_changes_nothing(practice: Practice) -> None:
    offer = await offered(practice)
    link = link_of(offer)
    for site in ("cross-site", "same-site"):
        answer = await press(practice, link, "accept", {"Sec-Fetch-Site": site})
        assert answer.status == 403
    assert await offers(practice) == [offer]
    assert (await press(practice, link, "accept", {"Sec-Fetch-Site": "same-origin"})).status == 200


@pytest.mark.parametrize("chosen", ["", "maybe", "accept\x00"])
async def test_only_the_two_buttons_count(practice: Practice, chosen: str) -> None:
    offer = await offered(practice)
    answer = await press(practice, link_of(offer), chosen)
    assert answer.status == 400
    assert await offers(practice) == [offer]


async def test_the_hour_is_in_the_persons_zone_and_language(practice: Practice) -> None:
    """Three in New York is nine in the evening in Madrid, also in the weeks between."""
    madrid = ANA | {"timezone": "Europe/Madrid", "locale": "es"}
    await practice.clinician(working_hours=ONE_HOUR)
    body = {"client_id": await practice.person(madrid), "sessions": 12}
    await practice.made("/v1/waiting-list", body)
    await tick(practice)
    [offer] = await offers(practice)
    page = await (await look(practice, link_of(offer))).text()
    assert '<html lang="es-US">' in page
    assert "Cada martes" in page
    assert "9:00 p.m. – 10:00 p.m." in page  # noqa: RUF001 # a dash between times
    assert "Allí: martes, 24 de noviembre de 2026, 3:00 p.m." in page
    assert "Aceptar esta hora" in page


async def test_every_bad_link_meets_the_same_page(practice: Practice) -> None:
    offer = await offered(practice)
    lee = await practice.person(LEE)
    good = link_of(offer)
    pages = [
        await look(practice, replace(good, session_id=UUID(int=1))),
        await look(practice, replace(good, person_id=UUID(lee))),
        await look(practice, replace(good, generation=1)),
        await look(practice, replace(good, purpose=Purpose.APPOINTMENT)),
        await look(practice, replace(good, purpose=Purpose.JOIN)),
        await look(practice, good, secret="another secret of 32 characters!"),
        await practice.client.get("/offers/x"),
        await practice.client.get("/offers/%F0%9F%98%80"),
        await press(practice, replace(good, generation=1), "accept"),
    ]
    assert {page.status for page in pages} == {404}
    assert len({await page.text() for page in pages}) == 1
    assert (await look(practice, good)).status == 200


async def test_a_raised_generation_revokes_a_link(practice: Practice) -> None:
    offer = await offered(practice)
    database: Database = practice.client.app[DATABASE]
    async with database.engine.begin() as conn:
        await conn.execute(clients.update().values(link_generation=1))
    assert await answers(practice, offer, "accept") == 404
    again = replace(link_of(offer), generation=1)
    assert (await press(practice, again, "accept")).status == 200


async def test_what_someone_did_by_link_is_in_the_audit_log(practice: Practice) -> None:
    offer = await offered(practice)
    await press(practice, link_of(offer), "accept")
    listed = await (await practice.get("/v1/audit")).json()
    found = [each for each in listed["entries"] if each["action"] == "offer.accept"]
    assert [each["actor"] for each in found] == [f"client:{offer['client_id']}"]
