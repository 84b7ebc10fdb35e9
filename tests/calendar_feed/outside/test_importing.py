"""A clinician's own calendar is read again and again, and what is taken there is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.errors import (
    BadAddress,
    ReadTooOften,
    TooManyCalendars,
    UnknownCalendar,
)
from services.calendar_feed.store import outside
from services.calendar_feed.store.outside import OutsideCalendar
from services.calendar_feed.use_cases import importing
from services.calendar_feed.use_cases.reading_outside import Reading, read_once
from shared.clock import HeldClock
from tests.calendar_feed.outside.elsewhere import (
    DAY,
    FIRST,
    HOUR,
    Elsewhere,
    calendar_of,
)
from tests.cast import DANA_ID, ORTIZ_ID
from tests.shared.diary import SECRET


async def test_what_is_taken_is_told_and_nothing_of_what_it_is(elsewhere: Elsewhere) -> None:
    calendar = await elsewhere.add()
    read = await elsewhere.read()
    assert (read.complaint, read.failures, len(read.blocks)) == (None, 0, 1)
    (told,) = await elsewhere.told()
    assert (told.calendar_id, told.clinician_id, told.revision) == (calendar.id, DANA_ID, 1)
    assert [(each.starts_at, each.ends_at) for each in told.blocks] == [(FIRST, FIRST + HOUR)]
    assert "dentist" not in told.model_dump_json()


async def test_what_has_not_changed_is_asked_for_by_its_version_and_not_told_again(
    elsewhere: Elsewhere,
) -> None:
    await elsewhere.add()
    await elsewhere.read()
    read = await elsewhere.read(after=20 * timedelta(minutes=1))
    assert elsewhere.server.asked[-1]["If-None-Match"] == '"1"'
    assert read.read_at == elsewhere.clock.now()
    assert len(await elsewhere.told()) == 1


async def test_a_change_is_told_whole(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    await elsewhere.read()
    elsewhere.body, elsewhere.etag = calendar_of(FIRST, FIRST + DAY), '"2"'
    await elsewhere.read(after=HOUR)
    assert [(each.revision, len(each.blocks)) for each in await elsewhere.told()] == [
        (1, 1),
        (2, 2),
    ]


async def test_each_day_all_of_it_is_read_once(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    await elsewhere.read()
    await elsewhere.read(after=DAY)
    assert "If-None-Match" not in elsewhere.server.asked[-1]


async def test_that_it_was_read_is_told_every_six_hours(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    for hours in (0, 3, 2, 2):
        await elsewhere.read(after=hours * HOUR)
    read_at = [each.read_at for each in await elsewhere.told()]
    assert [later - earlier for earlier, later in pairwise(read_at)] == [7 * HOUR]


async def test_an_empty_calendar_is_told_too(elsewhere: Elsewhere) -> None:
    elsewhere.body = calendar_of()
    await elsewhere.add()
    await elsewhere.read()
    assert [each.blocks for each in await elsewhere.told()] == [()]


async def test_what_cannot_be_read_is_asked_for_ever_less_often_and_kept(
    elsewhere: Elsewhere,
) -> None:
    await elsewhere.add()
    await elsewhere.read()
    elsewhere.status = 503
    read = await elsewhere.read(after=HOUR)
    assert (read.complaint, read.failures, len(read.blocks)) == ("away", 1, 1)
    first = read.next_at - elsewhere.clock.now()
    read = await elsewhere.read(after=first)
    assert read.next_at - elsewhere.clock.now() > first
    assert (read.stale, len(await elsewhere.told())) == (False, 1)


async def test_after_a_day_without_a_reading_it_is_told_as_stale_and_then_as_fresh_again(
    elsewhere: Elsewhere,
) -> None:
    await elsewhere.add()
    await elsewhere.read()
    elsewhere.status = 404
    read = await elsewhere.read(after=25 * HOUR)
    assert (read.stale, read.complaint, len(read.blocks)) == (True, "not_there", 1)
    elsewhere.status = 200
    assert not (await elsewhere.read(after=7 * HOUR)).stale
    assert [each.stale for each in await elsewhere.told()] == [False, True, False]


async def test_a_slow_server_does_not_keep_other_calendars_waiting(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    asked, told = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        elsewhere.meanwhile = None
        asked.set()
        await told.wait()

    elsewhere.meanwhile = wait
    slow = asyncio.create_task(read_once(elsewhere.reading))
    await asked.wait()
    other = await elsewhere.add()
    assert await read_once(elsewhere.reading) == 1
    assert [each.calendar_id for each in await elsewhere.told()] == [other.id]
    told.set()
    await slow


async def test_a_calendar_that_is_forgotten_takes_no_hour(elsewhere: Elsewhere) -> None:
    calendar = await elsewhere.add()
    await elsewhere.read()
    now = elsewhere.clock.now()
    with pytest.raises(UnknownCalendar):
        await elsewhere.database.write(
            lambda conn: importing.remove(conn, now, calendar.id, ORTIZ_ID)
        )
    await elsewhere.database.write(lambda conn: importing.remove(conn, now, calendar.id, DANA_ID))
    told = await elsewhere.told()
    assert [(len(each.blocks), each.removed) for each in told] == [(1, False), (0, True)]
    assert await read_once(elsewhere.reading) == 0


async def test_one_that_is_forgotten_while_it_is_read_is_not_told(elsewhere: Elsewhere) -> None:
    calendar = await elsewhere.add()

    async def forget() -> None:
        await elsewhere.database.write(lambda conn: outside.remove_calendar(conn, calendar.id))

    elsewhere.meanwhile = forget
    assert await read_once(elsewhere.reading) == 1
    assert await elsewhere.told() == []


async def test_two_processes_read_it_once(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    assert await read_once(elsewhere.reading) == 1
    assert await read_once(elsewhere.reading) == 0
    assert len(elsewhere.server.asked) == 1


async def test_its_address_stands_nowhere_in_the_clear(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    await elsewhere.read()

    async def everything(conn: AsyncConnection) -> str:
        found: list[Any] = []
        for table in ("outside_calendars", "outside_hours", "events"):
            rows = await conn.execute(sa.text(f"SELECT * FROM {table}"))
            found += [tuple(row) for row in rows.all()]
        return repr(found)

    assert "secret.ics" not in await elsewhere.database.read(everything)


async def test_with_another_secret_it_cannot_be_opened_and_is_not_lost(
    elsewhere: Elsewhere, clock: HeldClock
) -> None:
    await elsewhere.add()
    other = Reading(
        database=elsewhere.database,
        clock=clock,
        fetch=elsewhere.server.reader(),
        secrets=("another secret of thirty-two characters",),
        chance=lambda: 0.5,
    )
    await read_once(other)
    assert elsewhere.server.asked == []
    (lost,) = await elsewhere.database.read(lambda conn: outside.list_calendars(conn, DANA_ID))
    assert lost.complaint == "cannot_be_opened"
    assert len((await elsewhere.read(after=HOUR)).blocks) == 1


async def test_after_a_reading_the_secret_of_before_may_be_forgotten(elsewhere: Elsewhere) -> None:
    await elsewhere.add()
    new = "another secret of thirty-two characters"
    elsewhere.reading = replace(elsewhere.reading, secrets=(new, SECRET))
    elsewhere.status = 503  # it need not even be there
    assert (await elsewhere.read()).complaint == "away"
    elsewhere.status = 200
    elsewhere.reading = replace(elsewhere.reading, secrets=(new,))
    assert (await elsewhere.read(after=HOUR)).complaint is None


async def test_it_is_read_at_once_as_often_as_once_a_minute(elsewhere: Elsewhere) -> None:
    calendar = await elsewhere.add()

    async def soon(conn: AsyncConnection) -> OutsideCalendar:
        return await importing.read_soon(conn, elsewhere.clock.now(), calendar.id, None)

    await elsewhere.database.write(soon)
    elsewhere.clock.advance(timedelta(seconds=20))
    with pytest.raises(ReadTooOften) as refused:
        await elsewhere.database.write(soon)
    assert refused.value.retry_after == 40
    elsewhere.clock.advance(timedelta(seconds=40))
    await elsewhere.database.write(soon)


async def test_nobody_has_more_than_five(elsewhere: Elsewhere) -> None:
    for _ in range(importing.MOST_CALENDARS):
        await elsewhere.add()
    with pytest.raises(TooManyCalendars):
        await elsewhere.add()


@pytest.mark.parametrize(
    "address", ["http://calendar.example/x.ics", "ftp://x", "file:///etc/passwd", "x", "https://"]
)
def test_an_address_that_is_not_https_is_refused_by_its_name(address: str) -> None:
    with pytest.raises(BadAddress) as refused:
        importing.sealed_address(address, SECRET)
    assert refused.value.pointer == "#/address"
