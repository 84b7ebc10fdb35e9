"""A feed is written when its state changes, and not when it is asked for."""

from __future__ import annotations

import gzip
import hashlib
from datetime import timedelta

import pytest

from services.calendar_feed.domain.feeds import Choices
from services.calendar_feed.store.bodies import Packed
from services.calendar_feed.use_cases.keeping import revoke_feed
from services.calendar_feed.use_cases.moving import move_window_once
from shared.store.database import Database
from tests.calendar_feed.diary import course_booked, dana_saved, learn, moved
from tests.calendar_feed.store.subscribing import Subscriber, subscribe
from tests.conftest import NOW

DAY = timedelta(days=1)
RENDERED = "feed_render_seconds_count"


@pytest.fixture
async def subscriber(database: Database) -> Subscriber:
    await learn(database, dana_saved(), course_booked())
    return await subscribe(database)


async def test_what_was_written_is_served_by_every_process_and_rendered_by_none(
    subscriber: Subscriber,
) -> None:
    assert await subscriber.write_all() == 1
    written = await subscriber.fetch()
    later = subscriber.another_process()
    assert await later.fetch() == written
    assert f"{RENDERED} 0.0" in later.metrics()


@pytest.mark.parametrize("change", ["a move", "the next day"])
async def test_a_change_is_written_once(subscriber: Subscriber, change: str) -> None:
    await subscriber.write_all()
    before = await subscriber.fetch()
    if change == "a move":
        await learn(subscriber.database, moved(0), at=NOW + DAY)
    else:
        await move_window_once(subscriber.database, NOW + DAY)
    assert await subscriber.write_all() == 1
    assert await subscriber.write_all() == 0
    after = await subscriber.fetch()
    assert f"{RENDERED} 2.0" in subscriber.metrics()
    assert (after.plain.etag == before.plain.etag) is (change == "the next day")


async def test_a_feed_that_looks_back_otherwise_is_written_once_too(database: Database) -> None:
    await learn(database, dana_saved(), course_booked())
    subscriber = await subscribe(database, choices=Choices(back=7 * DAY))
    assert [await subscriber.writer.write_once() for _ in range(2)] == [1, 0]


async def test_a_change_that_is_not_written_yet_is_served_all_the_same(
    subscriber: Subscriber,
) -> None:
    await subscriber.write_all()
    before = await subscriber.fetch()
    await learn(subscriber.database, moved(0), at=NOW + DAY)
    assert (await subscriber.fetch()).plain.etag != before.plain.etag


async def test_two_processes_that_write_at_once_write_the_same(subscriber: Subscriber) -> None:
    other = subscriber.another_process()
    await subscriber.write_all()
    await other.write_all()
    assert await subscriber.another_process().fetch() == await other.fetch()


async def test_many_feeds_are_all_written(subscriber: Subscriber) -> None:
    for _ in range(5):
        await subscribe(subscriber.database)
    assert await subscriber.write_all() == 6


async def test_a_feed_that_is_over_is_written_no_more(subscriber: Subscriber) -> None:
    await subscriber.write_all()
    feed = subscriber.feed
    await subscriber.database.write(lambda conn: revoke_feed(conn, feed.id, own=None, now=NOW))
    ended = await subscribe(subscriber.database, ends_on=(NOW - DAY).date())
    await learn(subscriber.database, moved(0), at=NOW + DAY)
    assert await ended.write_all() == 0


async def test_another_secret_or_address_makes_other_bytes(subscriber: Subscriber) -> None:
    """What is kept in the database was written with them, and is not served without."""
    await subscriber.write_all()
    agreed = Subscriber(subscriber.database, subscriber.feed, subscriber.token, agreed=True)
    assert await agreed.write_all() == 1


async def test_what_is_remembered_holds_the_compressed_bytes_alone(subscriber: Subscriber) -> None:
    remembered = await subscriber.fetch()
    assert isinstance(remembered.plain, Packed)
    assert remembered.plain.body == gzip.decompress(remembered.gzipped.body)
    digest = hashlib.sha256(remembered.plain.body).hexdigest()
    assert remembered.plain.etag == f'"{digest}"'
