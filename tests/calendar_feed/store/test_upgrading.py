"""A database of the first version, with rows, becomes one of this version and loses nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.calendar_feed.domain.changes import Touched
from services.calendar_feed.domain.feeds import token_hash
from services.calendar_feed.store import MIGRATIONS, feeds
from services.calendar_feed.store.changes import changes_since
from services.calendar_feed.store.course_changes import changes_of
from services.calendar_feed.store.entries import entries_in
from shared.store.database import Database
from shared.store.migrations import upgrade
from tests.calendar_feed.diary import (
    COURSE_ID,
    course_booked,
    events_of,
    learn,
    session_id,
    tuesday,
)
from tests.calendar_feed.store.subscribing import Subscriber
from tests.cast import DANA_ID, ORTIZ_ID
from tests.conftest import NOW
from tests.migrated import Migrated, as_it_was

TOKEN, REVOKED = "t" * 43, "r" * 43
FEED, OVER = "feed0000000040008000000000000001", "feed0000000040008000000000000002"


@pytest.fixture(params=["sqlite", "postgres"])
async def old(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Migrated
) -> AsyncIterator[Database]:
    """A database as the first version left it: Dana, two feeds, and one session."""
    async with migrated.empty(request.param, tmp_path) as url:
        database = Database.at(url)
        await database.write(
            lambda conn: conn.run_sync(as_it_was, MIGRATIONS, "calendar_feed_0001", _ROWS)
        )
        yield database
        await database.close()


_NOW = f"'{NOW:%Y-%m-%d %H:%M:%S}.000000'"
_ROWS = [
    "INSERT INTO consumer_positions (source, position) VALUES ('scheduler', 7)",
    f"INSERT INTO feed_window (id, first_day) VALUES (1, '{NOW:%Y-%m-%d}')",
    "INSERT INTO clinicians (id, revision, timezone, link_generation, links_at, version,"
    f" changed_at) VALUES ('{DANA_ID.hex}', 1, 'America/New_York', 0, {_NOW}, 3, {_NOW})",
    "INSERT INTO feeds (id, clinician_id, name, detail, form, token_sha256, created_at, rotated_at,"
    f" revoked_at) VALUES ('{FEED}', '{DANA_ID.hex}', 'Phone', 'code', 'instances',"
    f" '{token_hash(TOKEN)}', {_NOW}, NULL, NULL),"
    f" ('{OVER}', '{DANA_ID.hex}', 'Old', 'busy', 'instances',"
    f" '{token_hash(REVOKED)}', {_NOW}, NULL, {_NOW})",
    "INSERT INTO entries (session_id, clinician_id, client_id, revision, dtstart, dtend, status,"
    f" created, last_modified, links_expire_at) VALUES ('{session_id(0).hex}', '{DANA_ID.hex}',"
    f" NULL, 1, '{tuesday(0):%Y-%m-%d %H:%M:%S}.000000', '{tuesday(0):%Y-%m-%d} 23:00:00.000000',"
    f" 'CONFIRMED', {_NOW}, {_NOW}, {_NOW})",
]
_COURSE_ROWS = [
    "INSERT INTO clinicians (id, revision, timezone, link_generation, links_at, version,"
    f" changed_at) VALUES ('{DANA_ID.hex}', 1, 'America/New_York', 2, {_NOW}, 3, {_NOW})",
    "INSERT INTO feeds (id, clinician_id, name, detail, form, created_at, shown, version)"
    f" VALUES ('{FEED}', '{DANA_ID.hex}', 'Phone', 'busy', 'series', {_NOW}, '{{}}', 3)",
    *(
        "INSERT INTO entries (session_id, clinician_id, client_id, revision, dtstart, dtend,"
        " status, created, last_modified, links_expire_at, course_id, kind, timezone, clients)"
        " VALUES"
        f" ('{session_id(number).hex}', '{whose.hex}', NULL, {revision},"
        f" '{tuesday(number):%Y-%m-%d %H:%M:%S}.000000',"
        f" '{tuesday(number):%Y-%m-%d} 23:00:00.000000',"
        f" 'CONFIRMED', {_NOW}, {_NOW}, {_NOW}, '{COURSE_ID.hex}', 'course', 'America/New_York', 1)"
        for number, whose, revision in ((0, DANA_ID, 4), (1, ORTIZ_ID, 2))
    ),
    *(
        "INSERT INTO diary_changes (clinician_id, session_id, joined, version)"
        f" VALUES ('{DANA_ID.hex}', '{session_id(number).hex}', 0, 1)"
        for number in (0, 1)
    ),
]


async def test_feeds_keep_their_addresses_and_entries_until_they_are_told_again(
    old: Database,
) -> None:
    await upgrade(old, MIGRATIONS)
    found = await old.read(lambda conn: feeds.find_address(conn, token_hash(TOKEN)))
    over = await old.read(lambda conn: feeds.find_address(conn, token_hash(REVOKED)))
    assert found is not None
    assert over is not None
    feed = found.address.feed
    assert (feed.name, feed.detail, found.address.good_until) == ("Phone", "code", None)
    assert over.address.feed.revoked_at == NOW
    body = (await Subscriber(old, feed, TOKEN).fetch()).plain.body
    assert set(events_of(body)) == {str(session_id(0))}


async def test_what_is_told_again_fills_in_what_was_not_kept(old: Database) -> None:
    await upgrade(old, MIGRATIONS)
    positions = await old.read(
        lambda conn: conn.execute(sa.text("SELECT count(*) FROM consumer_positions"))
    )
    assert positions.scalar_one() == 0
    await learn(old, course_booked())
    found = await old.read(lambda conn: feeds.find_address(conn, token_hash(TOKEN)))
    assert found is not None
    source = found.source
    read = await old.read(lambda conn: entries_in(conn, source.clinician.id, source.window))
    assert {each.timezone for each in read.entries} == {"America/New_York"}
    (first,) = [each for each in read.entries if each.session_id == session_id(0)]
    assert (first.created, first.last_modified) == (NOW, NOW)
    assert source.clinician.version > 3


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_series_goes_on_above_every_sequence_that_was_told(
    tmp_path: Path, migrated: Migrated, kind: str
) -> None:
    """Also where a session has left the diary, and its revisions counted before it did."""
    async with migrated.empty(kind, tmp_path) as url:
        before = Database.at(url)
        await before.write(
            lambda conn: conn.run_sync(as_it_was, MIGRATIONS, "calendar_feed_0005", _COURSE_ROWS)
        )
        await upgrade(before, MIGRATIONS)
        changes = await before.read(lambda conn: changes_of(conn, DANA_ID, [COURSE_ID]))
        await before.close()
    told = 2 * ((4 - 1 + 2 + 3) + (2 - 1 + 2 + 3))
    assert 2 * changes[COURSE_ID].count >= told
    assert changes[COURSE_ID].last_at == NOW


async def test_what_is_known_counts_as_there_from_the_beginning(old: Database) -> None:
    await upgrade(old, MIGRATIONS)
    told = await old.read(lambda conn: changes_since(conn, DANA_ID, -1))
    assert told == {session_id(0): Touched(joined=0, version=0)}
