"""A row that cannot be shown is left out and told of; all else is served, in every form."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.feeds import Choices, Form
from services.calendar_feed.ics.reading import read_back
from services.calendar_feed.store.bodies import LeftOut
from services.calendar_feed.use_cases.keeping import feeds_of
from services.calendar_feed.use_cases.writing import TRY_AGAIN
from shared.events.data import WorkingHours
from shared.links import sign
from shared.store.database import Database
from tests.calendar_feed.diary import (
    HOUR,
    WEEKS,
    course_booked,
    dana_saved,
    learn,
    moved,
    session_id,
    tuesday,
)
from tests.calendar_feed.store.subscribing import Subscriber, subscribe
from tests.calendar_feed.store.test_own_calendars import KIMS, saved
from tests.cast import KIM_ID
from tests.conftest import NOW
from tests.shared.diary import SECRET

BAD = 4
ALL = [tuesday(number) for number in range(WEEKS)]
OTHERS = [start for start in ALL if start != tuesday(BAD)]
MONDAYS = WorkingHours(weekday=0, start=540, end=1080)
# SQLite takes whatever it is given; PostgreSQL takes none of these into such a column.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEVER_IN_POSTGRES = {
    "client_id": "'zz'",
    "course_id": "'zz'",
    "links_expire_at": "'zz'",
    "dtstart": "'soon'",
    "dtstart, early": "5",
    "dtend": "'zz'",
    "revision": "'x'",
    "clients": "'x'",
}
IN_EITHER = {
    "status": "'maybe'",
    "kind": "'party'",
    "dtend": "dtstart",
    "revision": "0",
    "clients": "0",
}


async def spoil(database: Database, table: str, column: str, value: str) -> None:
    statement = f"UPDATE {table} SET {column} = {value}"

    async def work(conn: AsyncConnection) -> None:
        if table == "entries":
            bad = sa.bindparam("id", session_id(BAD), sa.Uuid)
            await conn.execute(sa.text(f"{statement} WHERE session_id = :id").bindparams(bad))
        else:
            await conn.execute(sa.text(statement))

    await database.write(work)


async def starts(subscriber: Subscriber) -> list[object]:
    return [each.starts_at for each in read_back((await subscriber.fetch()).plain.body).entries]


async def listed(subscriber: Subscriber) -> LeftOut:
    page = await subscriber.database.read(
        lambda conn: feeds_of(conn, None, place=None, limit=10, now=NOW)
    )
    return next(each.left_out for each in page.feeds if each.feed.id == subscriber.feed.id)


def missing(subscriber: Subscriber) -> str:
    line = 'feed_entries_left_out{reason="unwritable"} '
    return next(each for each in subscriber.metrics().splitlines() if each.startswith(line))[-3:]


@pytest.mark.parametrize("form", [Form.INSTANCES, Form.SERIES])
@pytest.mark.parametrize(("column", "value"), IN_EITHER.items(), ids=list(IN_EITHER))
async def test_a_bad_row_costs_only_itself(
    database: Database, form: Form, column: str, value: str
) -> None:
    await learn(database, dana_saved(), course_booked())
    await spoil(database, "entries", column, value)
    await costs_only_itself(await subscribe(database, form=form))


@on_sqlite
@pytest.mark.parametrize("form", [Form.INSTANCES, Form.SERIES])
@pytest.mark.parametrize(
    ("column", "value"), NEVER_IN_POSTGRES.items(), ids=list(NEVER_IN_POSTGRES)
)
async def test_a_row_with_a_value_that_is_none_of_its_column_costs_only_itself(
    database: Database, form: Form, column: str, value: str
) -> None:
    await learn(database, dana_saved(), course_booked())
    await spoil(database, "entries", column.partition(",")[0], value)
    await costs_only_itself(await subscribe(database, form=form))


async def costs_only_itself(subscriber: Subscriber) -> None:
    assert await starts(subscriber) == OTHERS
    assert (await subscriber.fetch()).left_out == LeftOut(unwritable=1)
    await subscriber.write_all()
    assert await listed(subscriber) == LeftOut(unwritable=1)
    assert missing(subscriber) == "1.0"


@pytest.mark.parametrize("form", [Form.INSTANCES, Form.SERIES])
async def test_a_session_that_cannot_be_written_costs_its_course_nothing(
    database: Database, form: Form
) -> None:
    """Its link would have ended before links can say when."""
    await learn(database, dana_saved(), course_booked())
    await spoil(database, "entries", "links_expire_at", "'1960-01-01 00:00:00.000000'")
    await costs_only_itself(await subscribe(database, form=form))


@on_sqlite
@pytest.mark.parametrize("column", ["course_id", "dtstart", "dtend"])
async def test_a_bad_row_costs_a_clients_own_calendar_only_itself(
    database: Database, column: str
) -> None:
    await learn(database, dana_saved(), saved(KIM_ID), course_booked())
    await spoil(database, "entries", column, "'zz'")
    subscriber = await subscribe(database)
    served = await subscriber.feeds.serve(sign(KIMS, SECRET))
    assert [each.starts_at for each in read_back(served.body.plain.body).entries] == OTHERS
    for _ in range(2):
        await subscriber.writer.write_once()
    assert missing(subscriber) == "2.0"  # in Dana's feed, and in Kim's calendar


@on_sqlite
@pytest.mark.parametrize("column", ["course_id", "last_at"])
async def test_a_course_whose_changes_cannot_be_counted_is_shown_all_the_same(
    database: Database, column: str
) -> None:
    await learn(database, dana_saved(), course_booked())
    await spoil(database, "course_changes", column, "'zz'")
    subscriber = await subscribe(database, form=Form.SERIES)
    assert await starts(subscriber) == ALL
    await learn(database, moved(0))
    assert tuesday(0) + HOUR in await starts(subscriber)


@on_sqlite
async def test_a_bad_row_is_good_again_when_it_is_told_again(database: Database) -> None:
    await learn(database, dana_saved(), course_booked())
    await spoil(database, "entries", "course_id", "'zz'")
    subscriber = await subscribe(database)
    await subscriber.write_all()
    await learn(database, moved(BAD))
    assert tuesday(BAD) + HOUR in await starts(subscriber)
    await subscriber.write_all()
    assert (missing(subscriber), await listed(subscriber)) == ("0.0", LeftOut())


async def test_what_is_missing_is_known_after_a_restart_and_counted_once(
    database: Database,
) -> None:
    await learn(database, dana_saved(), course_booked())
    await spoil(database, "entries", "status", "'maybe'")
    subscriber = await subscribe(database)
    for _ in range(2):
        await subscriber.write_all()
        await learn(database, moved(0))
    await subscriber.write_all()
    later = subscriber.another_process()
    assert await later.write_all() == 0
    assert missing(later) == missing(subscriber) == "1.0"
    assert (await later.fetch()).left_out == LeftOut(unwritable=1)


@pytest.mark.parametrize("form", [Form.INSTANCES, Form.SERIES])
@pytest.mark.parametrize(
    ("column", "value"), [("timezone", "'No/Where'"), ("hours", "'[{\"weekday\": 9}]'")]
)
async def test_bad_office_hours_cost_no_session_and_are_told_of(
    database: Database, form: Form, column: str, value: str
) -> None:
    await learn(database, dana_saved(working_hours=(MONDAYS,)), course_booked())
    subscriber = await subscribe(database, form=form, choices=Choices(office_hours=True))
    await spoil(database, "office_hours", column, value)
    assert await starts(subscriber) == ALL
    assert b"VAVAILABILITY" not in (await subscriber.fetch()).plain.body
    await subscriber.write_all()
    assert (missing(subscriber), await listed(subscriber)) == ("1.0", LeftOut(unwritable=1))
    await learn(database, dana_saved(revision=2, working_hours=(MONDAYS,)))
    assert b"VAVAILABILITY" in (await subscriber.fetch()).plain.body


@on_sqlite
async def test_a_feed_that_cannot_be_written_costs_no_other_and_is_tried_again(
    database: Database,
) -> None:
    """Its name is no text."""
    await learn(database, dana_saved(), course_booked())
    broken = await subscribe(database)
    await spoil(database, "feeds", "name", "x'00'")
    healthy = [await subscribe(database) for _ in range(3)]
    assert await broken.write_all() == 3
    assert "feed_writes_failed_total 1.0" in broken.metrics()
    assert [await each.fetch() for each in healthy]
    assert await broken.write_all() == 0
    broken.clock.advance(TRY_AGAIN)
    assert await broken.write_all() == 0
    assert "feed_writes_failed_total 2.0" in broken.metrics()
