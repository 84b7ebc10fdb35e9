"""A client's own calendar: all of their appointments, and nobody else's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.calendar_feed.domain.errors import FeedGone, UnknownFeed
from services.calendar_feed.store.bodies import forget_unread
from services.calendar_feed.store.tables import feed_bodies
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
    moved,
    session,
    session_id,
    tuesday,
)
from tests.calendar_feed.store.subscribing import Subscriber, subscribe
from tests.calendar_feed.store.taking import Calendar
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK
from tests.conftest import NOW
from tests.shared.diary import SECRET

DAY = timedelta(days=1)
LAST = tuesday(WEEKS - 1) + HOUR
RENDERED = "feed_render_seconds_count"
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


async def test_damaged_and_unknown_addresses_open_nothing(subscriber: Subscriber) -> None:
    wrong = [
        sign(replace(KIMS, generation=1), SECRET),
        sign(replace(KIMS, person_id=LEE_ID, session_id=LEE_ID), SECRET),
        sign(replace(KIMS, purpose=Purpose.JOIN), SECRET),
        sign(KIMS, "another secret of thirty-two characters"),
        sign(KIMS, SECRET)[:-1],
    ]
    for token in wrong:
        with pytest.raises(UnknownFeed):
            await subscriber.feeds.serve(token)


async def test_it_lasts_as_long_as_there_are_appointments_whichever_page_led_to_it(
    subscriber: Subscriber,
) -> None:
    """As from the page of a consultation, whose link ends in the middle of the course."""
    early = replace(KIMS, expires_at=NOW + DAY)
    subscriber.clock.moment = LAST + 29 * DAY
    assert set(await fetched(subscriber, early)) == set(await fetched(subscriber))


async def test_thirty_days_after_the_last_appointment_it_says_that_it_has_ended(
    subscriber: Subscriber,
) -> None:
    await fetched(subscriber)
    subscriber.clock.moment = LAST + 30 * DAY
    assert await says(subscriber) == {"This calendar has ended"}
    subscriber.clock.moment = LAST + 60 * DAY
    with pytest.raises(FeedGone):
        await fetched(subscriber)


async def test_another_appointment_renews_it(subscriber: Subscriber) -> None:
    subscriber.clock.moment = LAST + 40 * DAY
    assert await says(subscriber) == {"This calendar has ended"}
    follow_up = session(
        session_id=UUID(int=23),
        kind="follow_up",
        course_id=None,
        starts_at=LAST + 50 * DAY,
    )
    await learn(subscriber.database, SessionBooked(session=follow_up), at=LAST + 40 * DAY)
    assert "This calendar has ended" not in await says(subscriber)


async def test_a_course_that_was_cancelled_is_shown_as_such_before_it_ends(
    subscriber: Subscriber,
) -> None:
    await learn(subscriber.database, *map(cancelled, range(WEEKS)), at=NOW + DAY)
    subscriber.clock.moment = NOW + 30 * DAY
    shown = await fetched(subscriber)
    assert {str(each["STATUS"]) for each in shown.values()} == {"CANCELLED"}
    subscriber.clock.moment = NOW + 31 * DAY
    assert await says(subscriber) == {"This calendar has ended"}


async def test_a_revoked_address_says_so_for_thirty_days(subscriber: Subscriber) -> None:
    await fetched(subscriber)
    revoked = saved(KIM_ID, revision=2, link_generation=1)
    await learn(subscriber.database, revoked, at=NOW + DAY)
    subscriber.clock.moment = NOW + 2 * DAY
    assert await says(subscriber) == {"This calendar has ended"}
    assert len(await fetched(subscriber, replace(KIMS, generation=1))) == WEEKS
    subscriber.clock.moment = NOW + 31 * DAY
    with pytest.raises(FeedGone):
        await fetched(subscriber)


async def says(subscriber: Subscriber) -> set[str]:
    return {str(each["SUMMARY"]) for each in (await fetched(subscriber)).values()}


async def test_twenty_addresses_of_one_client_are_written_once(subscriber: Subscriber) -> None:
    links = [replace(KIMS, expires_at=NOW + days * DAY) for days in range(20)]
    served = await asyncio.gather(*(subscriber.feeds.serve(sign(each, SECRET)) for each in links))
    assert len({each.body.plain.etag for each in served}) == 1
    assert f"{RENDERED} 1.0" in subscriber.metrics()


async def test_another_process_serves_what_was_written_and_writes_none(
    subscriber: Subscriber,
) -> None:
    token = sign(KIMS, SECRET)
    before = await subscriber.feeds.serve(token)
    await subscriber.write_all()
    later = subscriber.another_process()
    assert (await later.feeds.serve(token)).body == before.body
    assert f"{RENDERED} 0.0" in later.metrics()


async def test_what_nobody_asks_for_is_not_written(subscriber: Subscriber) -> None:
    await subscriber.write_all()
    assert await kept(subscriber) == {subscriber.feed.id}


@pytest.mark.parametrize("how", ["revoked", "unread"])
async def test_what_is_read_no_more_is_not_kept(subscriber: Subscriber, how: str) -> None:
    await fetched(subscriber)
    await subscriber.write_all()
    assert await kept(subscriber) == {subscriber.feed.id, KIM_ID}
    database = subscriber.database
    if how == "revoked":
        await learn(database, saved(KIM_ID, revision=2, link_generation=1), at=NOW + DAY)
    else:
        before = (NOW + DAY).date()
        assert await database.write(lambda conn: forget_unread(conn, before=before)) == 1
    assert await kept(subscriber) == {subscriber.feed.id}


async def kept(subscriber: Subscriber) -> set[UUID]:
    rows = await subscriber.database.read(
        lambda conn: conn.execute(sa.select(feed_bodies.c.feed_id))
    )
    return set(rows.scalars().all())


async def test_every_change_is_one_that_readers_take(subscriber: Subscriber) -> None:
    reader = Calendar(subscriber)
    reader.subscriber.token = sign(KIMS, SECRET)
    await reader.polls("booked")
    for number, what in enumerate((moved(0), cancelled(1), moved(0, revision=3), moved(2))):
        await learn(subscriber.database, what, at=NOW + (number - 2) * DAY)
        await reader.polls(f"change {number}")
    await subscriber.write_all()
    elsewhere = await subscriber.restarted(NOW + DAY, public_url="https://other.example")
    reader.subscriber = elsewhere
    events = await reader.polls("a start with another address")
    assert all(str(each["URL"]).startswith("https://other.example/") for each in events)
