"""What an event changes in the feeds, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.feeds import Detail
from services.calendar_feed.domain.window import Window
from services.calendar_feed.ics.vevent import packed_vevent
from services.calendar_feed.store.window import find_window
from services.calendar_feed.use_cases.moving import move_window_once
from shared.events.data import CourseChanged, CourseEnded, Session
from shared.store.database import Database
from tests.calendar_feed.diary import (
    COURSE_ID,
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
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, NEW_YORK, ORTIZ_ID
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
async def subscriber(database: Database) -> Subscriber:
    await learn(database, dana_saved(), course_booked())
    return await subscribe(database)


async def test_a_course_shows_whole(subscriber: Subscriber) -> None:
    shown = events_of((await subscriber.fetch()).plain.body)
    assert [each["DTSTART"].dt for each in shown.values()] == [tuesday(n) for n in range(WEEKS)]
    assert set(shown) == {str(session_id(n)) for n in range(WEEKS)}


async def test_a_move_and_a_cancel_keep_their_uid_and_raise_sequence(
    subscriber: Subscriber,
) -> None:
    before = events_of((await subscriber.fetch()).plain.body)
    await learn(subscriber.database, moved(0), cancelled(1), at=NOW + DAY)
    await learn(subscriber.database, moved(0, revision=3), at=NOW + 2 * DAY)
    after = events_of((await subscriber.fetch()).plain.body)
    first, second, third = (str(session_id(n)) for n in range(3))
    assert set(after) == set(before)
    assert after[first]["DTSTART"].dt == tuesday(0) + timedelta(hours=2)
    assert [after[uid]["SEQUENCE"] for uid in (first, second, third)] == [2, 1, 0]
    assert after[second]["STATUS"] == "CANCELLED"
    assert after[first]["DTSTAMP"].dt == after[first]["LAST-MODIFIED"].dt == NOW + 2 * DAY
    assert after[first]["CREATED"].dt == NOW
    assert after[third].to_ical() == before[third].to_ical()


def several(sessions: Sequence[Session]) -> CourseChanged:
    return CourseChanged(
        course_id=COURSE_ID,
        clinician_id=DANA_ID,
        client_ids=(KIM_ID,),
        timezone=NEW_YORK,
        sessions=tuple(sessions),
    )


async def test_several_changes_at_once_show_at_once(subscriber: Subscriber) -> None:
    news = [moved(n).session for n in range(3)] + [cancelled(3).session]
    await learn(subscriber.database, several(news), at=NOW + DAY)
    after = events_of((await subscriber.fetch()).plain.body)
    starts = [after[str(session_id(n))]["DTSTART"].dt for n in range(5)]
    hour = timedelta(hours=1)
    assert starts == [*(tuesday(n) + hour for n in range(3)), tuesday(3), tuesday(4)]
    assert [str(after[str(session_id(n))]["STATUS"]) for n in (2, 3, 4)] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]


async def test_sessions_that_another_clinician_takes_over_leave_this_feed(
    subscriber: Subscriber,
) -> None:
    handed_over = [session(n, revision=2, clinician_id=ORTIZ_ID) for n in range(8, WEEKS)]
    await learn(subscriber.database, several(handed_over), at=NOW + DAY)
    after = events_of((await subscriber.fetch()).plain.body)
    assert set(after) == {str(session_id(n)) for n in range(8)}


async def test_an_early_end_cancels_in_the_feed(subscriber: Subscriber) -> None:
    rest = tuple(cancelled(n).session for n in range(2, WEEKS))
    ended = CourseEnded.model_validate({**several(rest).model_dump(), "sessions": rest})
    await learn(subscriber.database, ended, at=NOW + DAY)
    after = events_of((await subscriber.fetch()).plain.body)
    assert [str(each["STATUS"]) for each in after.values()].count("CANCELLED") == WEEKS - 2


async def test_old_news_changes_nothing(subscriber: Subscriber) -> None:
    await learn(subscriber.database, moved(0, revision=3), at=NOW + DAY)
    before = await subscriber.fetch()
    await learn(subscriber.database, moved(0), course_booked(), dana_saved(), at=NOW + 2 * DAY)
    after = await subscriber.another_process().fetch()
    assert after == before


async def test_the_same_state_is_the_same_bytes_in_every_process(subscriber: Subscriber) -> None:
    assert await subscriber.fetch() == await subscriber.another_process().fetch()


async def test_an_unchanged_poll_renders_nothing_again(subscriber: Subscriber) -> None:
    first = await subscriber.fetch()
    assert await subscriber.fetch() is first
    assert "feed_render_seconds_count 1.0" in subscriber.metrics()


async def test_another_clinicians_news_changes_nothing(subscriber: Subscriber) -> None:
    first = await subscriber.fetch()
    other = session(clinician_id=ORTIZ_ID, session_id=uuid4())
    event = course_booked().model_copy(update={"clinician_id": ORTIZ_ID, "sessions": (other,)})
    await learn(subscriber.database, dana_saved(clinician_id=ORTIZ_ID), event)
    assert await subscriber.fetch() is first


async def test_at_busy_two_practices_that_differ_only_in_clients_are_the_same_bytes(
    database: Database,
) -> None:
    await learn(database, dana_saved(), course_booked((KIM_ID,)))
    kims = await (await subscribe(database)).fetch()
    await database.write(forget_everything)
    await learn(database, dana_saved(), course_booked((ANA_ID, LEE_ID)))
    packed_vevent.cache_clear()
    others = await (await subscribe(database)).fetch()
    assert others == kims


async def test_a_feed_with_codes_does_depend_on_the_client(database: Database) -> None:
    await learn(database, dana_saved(), course_booked((KIM_ID,)))
    kims = await (await subscribe(database, Detail.CODE)).fetch()
    await database.write(forget_everything)
    await learn(database, dana_saved(), course_booked((ANA_ID, LEE_ID)))
    group = await (await subscribe(database, Detail.CODE)).fetch()
    assert group.plain.body != kims.plain.body
    assert {str(each["SUMMARY"]) for each in events_of(group.plain.body).values()} == {"Group (2)"}


async def test_a_raised_link_generation_reaches_every_entry(subscriber: Subscriber) -> None:
    before = events_of((await subscriber.fetch()).plain.body)
    await learn(subscriber.database, dana_saved(revision=2, link_generation=1), at=NOW + DAY)
    after = events_of((await subscriber.fetch()).plain.body)
    for uid, event in after.items():
        assert event["URL"] != before[uid]["URL"]
        assert event["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
        assert event["LAST-MODIFIED"].dt == NOW + DAY


async def test_a_new_name_of_the_clinician_changes_no_byte(subscriber: Subscriber) -> None:
    first = await subscriber.fetch()
    await learn(subscriber.database, dana_saved(revision=2, name="Dana Reyes-Lind"), at=NOW + DAY)
    assert await subscriber.fetch() is first


async def test_a_bad_row_costs_only_itself(subscriber: Subscriber) -> None:
    async def spoil(conn: AsyncConnection) -> None:
        for column, value, number in (("status", "'maybe'", 4), ("dtend", "dtstart", 7)):
            await conn.execute(
                sa.text(f"UPDATE entries SET {column} = {value} WHERE session_id = :id").bindparams(
                    sa.bindparam("id", session_id(number), sa.Uuid)
                )
            )

    await subscriber.database.write(spoil)
    shown = events_of((await subscriber.fetch()).plain.body)
    assert len(shown) == WEEKS - 2
    assert str(session_id(4)) not in shown
    await subscriber.write_all()
    assert 'feed_entries_left_out{reason="unwritable"} 2.0' in subscriber.metrics()


async def test_the_window_moves_with_the_days_and_never_back(subscriber: Subscriber) -> None:
    database = subscriber.database
    assert await move_window_once(database, NOW + timedelta(hours=9)) == 0
    assert await move_window_once(database, NOW + timedelta(hours=10)) == 1
    assert await move_window_once(database, NOW - DAY) == 0
    assert await database.read(find_window) == Window.around(NOW + DAY)


async def test_a_session_leaves_the_feed_thirty_days_after_it(subscriber: Subscriber) -> None:
    first = tuesday(0)
    await move_window_once(subscriber.database, first + 30 * DAY)
    assert str(session_id(0)) in events_of((await subscriber.fetch()).plain.body)
    await move_window_once(subscriber.database, first + 31 * DAY)
    shown = events_of((await subscriber.fetch()).plain.body)
    assert set(shown) == {str(session_id(n)) for n in range(1, WEEKS)}


async def test_reading_a_feed_writes_nothing(subscriber: Subscriber) -> None:
    before = await subscriber.database.read(_everything)
    await subscriber.fetch()
    await subscriber.fetch()
    assert await subscriber.database.read(_everything) == before


async def _everything(conn: AsyncConnection) -> dict[str, list[tuple[object, ...]]]:
    tables = ("entries", "clinicians", "feeds", "feed_window", "idempotent_answers")
    return {
        name: [tuple(row) for row in (await conn.execute(sa.text(f"SELECT * FROM {name}"))).all()]
        for name in tables
    }


async def forget_everything(conn: AsyncConnection) -> None:
    for name in ("entries", "course_changes", "clinicians", "feeds"):
        await conn.execute(sa.text(f"DELETE FROM {name}"))
