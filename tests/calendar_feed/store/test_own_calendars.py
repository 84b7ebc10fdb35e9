"""A client's own calendar: all of their appointments, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.calendar_feed.domain.errors import UnknownFeed
from shared.events.data import ClientSaved, CourseChanged, SessionBooked
from shared.links import Link, Purpose, read, sign
from shared.store.database import Database
from tests.calendar_feed.diary import (
    COURSE_ID,
    HOUR,
    WEEKS,
    cancelled,
    course_booked,
    dana_saved,
    events_of,
    learn,
    session,
    session_id,
    tuesday,
)
from tests.calendar_feed.store.subscribing import Subscriber, subscribe
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK
from tests.conftest import NOW
from tests.shared.diary import SECRET

DAY = timedelta(days=1)
KIMS = Link(
    purpose=Purpose.CALENDAR,
    session_id=KIM_ID,
    person_id=KIM_ID,
    generation=0,
    expires_at=NOW + 200 * DAY,
)
OTHERS = session(
    session_id=UUID(int=21),
    course_id=UUID(int=22),
    client_ids=(ANA_ID, LEE_ID),
    starts_at=tuesday(0) + DAY,
)


@pytest.fixture
async def subscriber(database: Database) -> Subscriber:
    await learn(database, dana_saved(), saved(KIM_ID), saved(ANA_ID), course_booked())
    await learn(database, SessionBooked(session=OTHERS))
    return await subscribe(database)


def saved(client_id: UUID, **changes: Any) -> ClientSaved:
    values: dict[str, Any] = {
        "client_id": client_id,
        "revision": 1,
        "name": "Kim Park",
        "email": "kim@clients.example",
        "timezone": NEW_YORK,
        "locale": "en",
        "link_generation": 0,
    }
    return ClientSaved(**{**values, **changes})


async def fetched(subscriber: Subscriber, link: Link = KIMS) -> dict[str, Any]:
    served = await subscriber.feeds.serve(sign(link, SECRET))
    assert served.feed_id is None  # who reads it is noted nowhere
    return events_of(served.body.plain.body)


async def test_a_client_sees_their_own_appointments_and_nobody_elses(
    subscriber: Subscriber,
) -> None:
    kims = await fetched(subscriber)
    assert set(kims) == {str(session_id(number)) for number in range(WEEKS)}
    assert {str(each["SUMMARY"]) for each in kims.values()} == {"Appointment"}
    anas = await fetched(subscriber, replace(KIMS, session_id=ANA_ID, person_id=ANA_ID))
    assert set(anas) == {str(OTHERS.session_id)}
    assert b"Kim" not in b"".join(each.to_ical() for each in [*kims.values(), *anas.values()])


async def test_its_links_are_the_clients_own(subscriber: Subscriber) -> None:
    first = (await fetched(subscriber))[str(session_id(0))]
    link = read(str(first["URL"]).rpartition("/")[2], SECRET, purpose=Purpose.JOIN)
    assert (link.person_id, link.session_id) == (KIM_ID, session_id(0))
    assert link.person_id != DANA_ID


async def test_a_change_and_a_cancel_show(subscriber: Subscriber) -> None:
    await fetched(subscriber)
    later = session(0, revision=2, starts_at=tuesday(0) + HOUR)
    await learn(subscriber.database, SessionBooked(session=later), cancelled(1), at=NOW + DAY)
    shown = await fetched(subscriber)
    assert shown[str(session_id(0))]["DTSTART"].dt == tuesday(0) + HOUR
    assert str(shown[str(session_id(1))]["STATUS"]) == "CANCELLED"


async def test_who_leaves_a_group_sees_it_no_more(subscriber: Subscriber) -> None:
    anas = replace(KIMS, session_id=ANA_ID, person_id=ANA_ID)
    assert await fetched(subscriber, anas)
    without = OTHERS.model_copy(update={"revision": 2, "client_ids": (LEE_ID,)})
    left = CourseChanged(
        course_id=COURSE_ID,
        clinician_id=DANA_ID,
        client_ids=(LEE_ID,),
        timezone=NEW_YORK,
        sessions=(without,),
    )
    await learn(subscriber.database, left, at=NOW + DAY)
    assert await fetched(subscriber, anas) == {}


async def test_revoked_ended_damaged_and_unknown_addresses_open_nothing(
    subscriber: Subscriber,
) -> None:
    await fetched(subscriber)
    wrong = [
        sign(replace(KIMS, generation=1), SECRET),
        sign(replace(KIMS, expires_at=NOW), SECRET),
        sign(replace(KIMS, person_id=LEE_ID, session_id=LEE_ID), SECRET),
        sign(replace(KIMS, purpose=Purpose.JOIN), SECRET),
        sign(KIMS, "another secret of thirty-two characters"),
    ]
    await learn(subscriber.database, saved(ANA_ID, revision=2, link_generation=1))
    wrong.append(sign(replace(KIMS, person_id=ANA_ID, session_id=ANA_ID), SECRET))
    for token in wrong:
        with pytest.raises(UnknownFeed):
            await subscriber.feeds.serve(token)
