"""A feed whose courses stand as series shows the same hours as one with an event each."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.calendar_feed.domain.feeds import Choices, Form
from services.calendar_feed.ics.reading import SeenEntry, read_back
from services.calendar_feed.use_cases.moving import move_window_once
from shared.events.data import SessionBooked
from shared.links import Purpose, read
from shared.store.database import Database
from tests.calendar_feed.diary import (
    COURSE_ID,
    HOUR,
    WEEKS,
    cancelled,
    content_lines,
    course_booked,
    dana_saved,
    learn,
    moved,
    session,
    tuesday,
)
from tests.calendar_feed.store.subscribing import Subscriber, subscribe
from tests.cast import DANA_ID
from tests.conftest import NOW
from tests.shared.diary import SECRET

DAY = timedelta(days=1)
FOLLOW_UP = session(
    session_id=UUID(int=11), kind="follow_up", course_id=None, starts_at=tuesday(3) + DAY
)


@pytest.fixture(autouse=True)
async def diary(database: Database) -> None:
    await learn(database, dana_saved(), course_booked(), SessionBooked(session=FOLLOW_UP))


async def seen(subscriber: Subscriber) -> list[tuple[object, ...]]:
    def told(each: SeenEntry) -> tuple[object, ...]:
        return (each.starts_at, each.ends_at, each.summary, each.status)

    return [told(each) for each in read_back((await subscriber.fetch()).plain.body).entries]


async def test_both_forms_show_the_same_hours(database: Database) -> None:
    series, instances = await subscribe(database, form=Form.SERIES), await subscribe(database)
    assert await seen(series) == await seen(instances)
    await learn(database, moved(2), cancelled(5), at=NOW + DAY)
    shown = await seen(series)
    assert shown == await seen(instances)
    assert len(shown) == WEEKS + 1
    assert (tuesday(2) + HOUR, tuesday(2) + 2 * HOUR, "Busy", "CONFIRMED") in shown
    assert (tuesday(5), tuesday(5) + HOUR, "Cancelled: Busy", "CANCELLED") in shown


async def test_a_course_is_one_series_in_its_own_zone(database: Database) -> None:
    body = (await (await subscribe(database, form=Form.SERIES)).fetch()).plain.body
    lines = content_lines(body)
    assert [line for line in lines if line.startswith("RRULE:FREQ=WEEKLY")] == [
        f"RRULE:FREQ=WEEKLY;UNTIL={tuesday(WEEKS - 1):%Y%m%dT%H%M%SZ}"
    ]
    assert "DTSTART;TZID=America/New_York:20270216T150000" in lines
    assert lines.count("TZID:America/New_York") == 1
    assert lines.count("BEGIN:VEVENT") == 2
    assert not [line for line in lines if line.startswith(("RDATE", "COMMENT"))]


async def test_a_series_is_whole_and_the_same_as_the_days_pass(database: Database) -> None:
    subscriber = await subscribe(database, form=Form.SERIES, choices=Choices(ahead=100 * DAY))
    before = await subscriber.fetch()
    assert len(read_back(before.plain.body).entries) > 3
    await move_window_once(database, NOW + DAY)
    assert (await subscriber.fetch()).plain == before.plain


async def test_a_course_out_of_sight_is_not_shown(database: Database) -> None:
    near = await subscribe(database, form=Form.SERIES, choices=Choices(ahead=30 * DAY))
    assert await seen(near) == []


async def test_a_change_of_one_session_raises_the_sequence_of_all(database: Database) -> None:
    subscriber = await subscribe(database, form=Form.SERIES)
    before = (await subscriber.fetch()).plain.body
    await learn(database, moved(2), at=NOW + DAY)
    after = (await subscriber.fetch()).plain.body
    assert sequences(after)[0] > sequences(before)[0]
    assert b"RECURRENCE-ID;TZID=America/New_York:20270302T150000" in after


def sequences(body: bytes) -> list[int]:
    lines = content_lines(body)
    return [int(each.partition(":")[2]) for each in lines if each.startswith("SEQUENCE:")]


async def test_the_link_of_a_series_is_for_the_whole_course(database: Database) -> None:
    body = (await (await subscribe(database, form=Form.SERIES)).fetch()).plain.body
    (address, *_) = [
        line.partition(":")[2] for line in content_lines(body) if line.startswith("URL:")
    ]
    link = read(address.rpartition("/")[2], SECRET, purpose=Purpose.JOIN)
    assert (link.session_id, link.person_id) == (COURSE_ID, DANA_ID)


async def test_at_busy_a_series_depends_on_no_client(database: Database) -> None:
    kims = (await (await subscribe(database, form=Form.SERIES)).fetch()).plain.body
    assert b"Kim" not in kims
    assert {line for line in content_lines(kims) if line.startswith("SUMMARY")} == {"SUMMARY:Busy"}


async def test_a_course_that_is_told_again_with_more_is_a_series_then(database: Database) -> None:
    """As after an upgrade: the sessions were known before, and not yet that they are a course."""
    subscriber = await subscribe(database, form=Form.SERIES)
    await database.write(lambda conn: conn.execute(sa.text("UPDATE entries SET course_id = NULL")))
    assert b"RRULE:FREQ=WEEKLY" not in (await subscriber.fetch()).plain.body
    await learn(database, course_booked())
    assert b"RRULE:FREQ=WEEKLY" in (await subscriber.fetch()).plain.body
