"""Someone who presses a button while nobody gets to write reads a page, in their language."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from aiohttp.client import ClientResponse

from shared.links import sign
from shared.web.keys import DATABASE
from tests.cast import ANA, KIM, Body
from tests.scheduler.pages.test_join import STARTS, knock, link_of
from tests.scheduler.pages.test_offers import offered
from tests.scheduler.pages.test_offers import press as answer_offer
from tests.scheduler.pages.visitor import booked, visitor
from tests.scheduler.practice import Practice
from tests.scheduler.waiting import link_of as offer_link_of
from tests.shared.diary import SECRET

SPANISH = {"locale": "es-US"}


async def nobody_gets_to_write(practice: Practice) -> None:
    """Make the database refuse every change as it does when others are always first."""
    database = practice.client.app[DATABASE]
    async with database.engine.begin() as conn:
        tables = await conn.run_sync(lambda sync: sa.inspect(sync).get_table_names())
        if database.is_postgres:
            await conn.exec_driver_sql(
                "CREATE FUNCTION others_first() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE 'busy' USING ERRCODE = '40001'; END $$"
            )
        for table in tables:
            for change in ("INSERT", "UPDATE", "DELETE"):
                does = (
                    "EXECUTE FUNCTION others_first()"
                    if database.is_postgres
                    else "BEGIN SELECT RAISE(ABORT, 'database is busy'); END"
                )
                await conn.exec_driver_sql(
                    f"CREATE TRIGGER busy_{table}_{change} BEFORE {change} ON {table}"
                    f" FOR EACH ROW {does}"
                )


async def gently_said(answer: ClientResponse, *, lang: str, words: str, back: str) -> None:
    page = await answer.text()
    assert (answer.status, answer.content_type) == (503, "text/html"), page
    assert answer.headers["Retry-After"] == "1"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert f'<html lang="{lang}">' in page
    assert words in page
    assert f'href="{back}"' in page
    for unsaid in ("Kim", "Ana", "Dana", "consultation", "therapy"):
        assert unsaid not in page


@pytest.mark.parametrize(
    ("person", "lang", "words"),
    [
        (KIM, "en-US", "Please try again in a moment."),
        (KIM | SPANISH, "es-US", "Inténtelo de nuevo en un momento."),
    ],
    ids=["English", "Spanish"],
)
async def test_at_an_appointment(practice: Practice, person: Body, lang: str, words: str) -> None:
    kim = visitor(practice, await booked(practice, person))
    page = await kim.look()
    await nobody_gets_to_write(practice)
    answer = await kim.send("confirm", page.forms["confirm"].fields)
    await gently_said(answer, lang=lang, words=words, back=kim.path)
    assert (await kim.look()).offers == page.offers


async def test_at_the_door_of_the_room(practice: Practice) -> None:
    link = link_of(await booked(practice, KIM | SPANISH))
    practice.clock.moment = STARTS
    await nobody_gets_to_write(practice)
    answer = await knock(practice, link)
    back = f"/join/{sign(link, SECRET)}"
    await gently_said(answer, lang="es-US", words="Un momento, por favor", back=back)


@pytest.mark.parametrize("chosen", ["accept", "decline"])
async def test_at_an_offer(practice: Practice, chosen: str) -> None:
    link = offer_link_of(await offered(practice, ANA | SPANISH))
    await nobody_gets_to_write(practice)
    answer = await answer_offer(practice, link, chosen)
    back = f"/offers/{sign(link, SECRET)}"
    await gently_said(answer, lang="es-US", words="Un momento, por favor", back=back)


async def test_every_other_caller_still_gets_a_problem_document(practice: Practice) -> None:
    await nobody_gets_to_write(practice)
    answer = await practice.post("/v1/clients", KIM)
    assert (answer.status, answer.content_type) == (503, "application/problem+json")
