"""What a feed was chosen to show is what it shows, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.calendar_feed.domain.entries import Kind
from services.calendar_feed.domain.feeds import Choices, Detail, Feed
from services.calendar_feed.use_cases.keeping import change_feed
from services.calendar_feed.use_cases.moving import move_window_once
from shared.events.data import ClientSaved, SessionBooked
from shared.store.database import Database
from tests.calendar_feed.diary import (
    COURSE_ID,
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
from tests.cast import ANA_ID, KIM_ID, LEE_ID, NEW_YORK
from tests.conftest import NOW

DAY = timedelta(days=1)
FOLLOW_UP_ID = UUID("f0110000-0000-4000-8000-000000000001")


@pytest.fixture(autouse=True)
async def diary(database: Database) -> None:
    """Dana's course with Kim, and a follow-up that is of no course."""
    follow_up = session(
        session_id=FOLLOW_UP_ID, kind="follow_up", course_id=None, starts_at=tuesday(0) + DAY
    )
    await learn(database, dana_saved(), course_booked(), SessionBooked(session=follow_up))


async def uids(subscriber: Subscriber) -> set[str]:
    return set(events_of((await subscriber.fetch()).plain.body))


@pytest.mark.parametrize(
    ("choices", "count"),
    [
        (Choices(), WEEKS + 1),
        (Choices(kinds=frozenset({Kind.COURSE})), WEEKS),
        (Choices(kinds=frozenset({Kind.FOLLOW_UP})), 1),
        (Choices(kinds=frozenset({Kind.CONSULTATION})), 0),
        (Choices(course_id=COURSE_ID), WEEKS),
        (Choices(course_id=uuid4()), 0),
        (Choices(ahead=(tuesday(2) - NOW).days * DAY), 4),
    ],
    ids=["all", "courses", "follow-ups", "consultations", "one course", "another", "two weeks"],
)
async def test_a_feed_shows_what_was_chosen(
    database: Database, choices: Choices, count: int
) -> None:
    assert len(await uids(await subscribe(database, choices=choices))) == count


async def test_another_choice_reaches_every_entry_at_the_same_address(database: Database) -> None:
    subscriber = await subscribe(database)
    before = events_of((await subscriber.fetch()).plain.body)
    await database.write(
        lambda conn: change_feed(conn, subscriber.feed, _without_links(subscriber), NOW + DAY)
    )
    after = events_of((await subscriber.fetch()).plain.body)
    assert set(after) == set(before)
    for uid, event in after.items():
        assert "URL" not in event
        assert event["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
        assert event["DTSTAMP"].dt == NOW + DAY


def _without_links(subscriber: Subscriber) -> Feed:
    return replace(subscriber.feed, choices=Choices(join_links=False))


async def test_what_was_cancelled_is_shown_for_thirty_days_more(database: Database) -> None:
    subscriber = await subscribe(database)
    await learn(database, cancelled(15), at=NOW)
    await move_window_once(database, NOW + 30 * DAY)
    shown = events_of((await subscriber.fetch()).plain.body)
    assert str(shown[str(session_id(15))]["STATUS"]) == "CANCELLED"
    await move_window_once(database, NOW + 31 * DAY)
    assert str(session_id(15)) not in await uids(subscriber)


async def test_initials_are_told_only_while_an_agreement_is_recorded(database: Database) -> None:
    await learn(database, kim_saved("Kim Park"))
    agreed = await subscribe(database, Detail.INITIALS, agreed=True)
    assert await summaries(agreed) == {"KP"}
    (code,) = await summaries(agreed.another_process(agreed=False))
    assert len(code) == 6


async def test_a_new_name_changes_the_initials_and_no_other_feed(database: Database) -> None:
    await learn(database, kim_saved("Kim Park"))
    told = await subscribe(database, Detail.INITIALS, agreed=True)
    busy = await subscribe(database)
    before, quiet = await told.fetch(), await busy.fetch()
    await learn(database, kim_saved("Kim Lind", revision=2), at=NOW + DAY)
    assert await summaries(told) == {"KL"}
    assert (await told.fetch()).plain.etag != before.plain.etag
    assert (await busy.fetch()).plain == quiet.plain


async def test_of_a_group_no_feed_tells_who_is_in_it(database: Database) -> None:
    await learn(database, kim_saved("Kim Park"), *_group())
    for detail in (Detail.CODE, Detail.INITIALS):
        subscriber = await subscribe(
            database, detail, agreed=True, choices=Choices(course_id=UUID(int=7))
        )
        assert await summaries(subscriber) == {"Group (3)"}


def _group() -> list[SessionBooked]:
    together = session(
        session_id=UUID(int=9),
        course_id=UUID(int=7),
        client_ids=(KIM_ID, ANA_ID, LEE_ID),
        starts_at=tuesday(0) + 2 * DAY,
    )
    return [SessionBooked(session=together)]


def kim_saved(name: str, **changes: Any) -> ClientSaved:
    values: dict[str, Any] = {
        "client_id": KIM_ID,
        "revision": 1,
        "name": name,
        "email": "kim@clients.example",
        "timezone": NEW_YORK,
        "locale": "en",
        "link_generation": 0,
    }
    return ClientSaved(**{**values, **changes})


async def summaries(subscriber: Subscriber) -> set[str]:
    shown = events_of((await subscriber.fetch()).plain.body)
    return {str(event["SUMMARY"]) for event in shown.values()}
