"""A name that is planted everywhere is in no byte of what calendars are served."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.calendar_feed.domain.errors import DetailNotOffered
from services.calendar_feed.domain.feeds import Detail, Form
from services.calendar_feed.store.feeds import end_addresses
from shared.events.data import ClientSaved
from shared.store.database import Database
from tests.calendar_feed.diary import course_booked, dana_saved, learn, moved
from tests.calendar_feed.store.subscribing import subscribe
from tests.cast import ANA_ID, KIM_ID, NEW_YORK
from tests.conftest import NOW

CANARY = "Quetzalcoatl"


def saved(client_id: Any) -> ClientSaved:
    return ClientSaved(
        client_id=client_id,
        revision=1,
        name=f"{CANARY} {CANARY}",
        email=f"{CANARY.lower()}@clients.example",
        timezone=NEW_YORK,
        locale="en",
        link_generation=0,
    )


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("detail", [Detail.BUSY, Detail.CODE])
@pytest.mark.parametrize("clients", [(KIM_ID,), (KIM_ID, ANA_ID)], ids=["one", "group"])
async def test_no_name_reaches_a_calendar(
    database: Database, form: Form, detail: Detail, clients: tuple[Any, ...]
) -> None:
    dana = dana_saved(name=CANARY, email=f"{CANARY.lower()}@clinicians.example")
    await learn(database, dana, saved(KIM_ID), saved(ANA_ID), course_booked(clients), moved(0))
    try:
        subscriber = await subscribe(database, detail, form=form)
    except DetailNotOffered:
        assert (form, detail) == (Form.FREE_BUSY, Detail.CODE)
        return
    body = (await subscriber.fetch()).plain.body
    await database.write(
        lambda conn: end_addresses(conn, subscriber.feed.id, good_until=NOW - timedelta(days=1))
    )
    notice = (await subscriber.another_process().fetch()).plain.body
    for served in (body, notice):
        assert CANARY.lower().encode() not in served.lower()
        assert str(KIM_ID).encode() not in served
    assert body != notice
