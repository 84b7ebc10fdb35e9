"""Who has seen what: the ledger of fetches, and changes that a calendar may show too late."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
import sqlalchemy as sa

from services.calendar_feed.domain.entries import Kind
from services.calendar_feed.domain.feeds import Choices, Form
from services.calendar_feed.domain.readers import Program, program_of
from services.calendar_feed.store.readers import readers_of
from services.calendar_feed.use_cases import previewing
from services.calendar_feed.use_cases.noting import KEPT, Ledger, forget_old_fetches
from shared.eventlog import log
from shared.events.data import EventData, FeedChangeUnseen, SessionMoved
from shared.events.envelope import read_event
from shared.store.database import Database
from tests.calendar_feed.diary import (
    HOUR,
    cancelled,
    course_booked,
    dana_saved,
    learn,
    moved,
    session,
    session_id,
    tuesday,
)
from tests.calendar_feed.store.subscribing import Subscriber, subscribe
from tests.cast import DANA_ID
from tests.conftest import NOW

GOOGLE = "Google-Calendar-Importer"
THUNDERBIRD = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.5.0"
APPLE = "macOS/15.1 (24B83) dataaccessd/1.0"
OUTLOOK = "Microsoft.Exchange/15.20 (Exchange Calendar)"
FIRST = tuesday(0)


@pytest.fixture
async def subscriber(database: Database) -> Subscriber:
    await learn(database, dana_saved(), course_booked())
    return await subscribe(database)


async def fetched(subscriber: Subscriber, *at: datetime, by: str = GOOGLE) -> None:
    """Fetch at each of these moments, none within a second of the next."""
    ledger = Ledger(subscriber.database)
    for moment in at:
        served = await subscriber.served()
        ledger.note(served, status=HTTPStatus.OK, user_agent=by, at=moment)
        assert await ledger.write_once() == 1


async def told(database: Database) -> list[EventData]:
    raw = await database.read(lambda conn: log.read_after(conn, 0, 100))
    return [event.data for each in raw if (event := read_event(each)) is not None]


@pytest.mark.parametrize(
    ("said", "program"),
    [
        (GOOGLE, Program.GOOGLE),
        (THUNDERBIRD, Program.THUNDERBIRD),
        (APPLE, Program.APPLE),
        (OUTLOOK, Program.OUTLOOK),
        ("Nextcloud/31 Server", Program.NEXTCLOUD),
        ("ICSx5/2.2 (at.bitfire.icsdroid)", Program.DAVX5),
        ("curl/8.5", Program.OTHER),
        ("", Program.OTHER),
        ("x" * 10_000, Program.OTHER),
    ],
)
def test_a_program_is_known_by_what_it_calls_itself(said: str, program: Program) -> None:
    assert program_of(said) is program


async def test_who_reads_a_feed_is_known_and_how_often(subscriber: Subscriber) -> None:
    await fetched(subscriber, NOW, NOW + 40 * HOUR)
    await fetched(subscriber, NOW + HOUR, by=THUNDERBIRD)
    google, thunderbird = await subscriber.database.read(
        lambda conn: readers_of(conn, [subscriber.feed.id])
    )
    assert (google.program, google.fetches, google.last_at) == ("google", 2, NOW + 40 * HOUR)
    assert google.gap == 40 * HOUR  # it was seen to come more rarely than is known of it
    assert (thunderbird.program, thunderbird.next_at) == ("thunderbird", NOW + 1.5 * HOUR)


async def test_of_a_fetch_its_moment_program_answer_and_version_are_kept_and_no_more(
    subscriber: Subscriber,
) -> None:
    await fetched(subscriber, NOW, NOW + HOUR, by=THUNDERBIRD + " (dana@home.example)")
    feed_id = subscriber.feed.id
    page = await subscriber.database.read(
        lambda conn: previewing.fetches(conn, feed_id, None, place=None, limit=1)
    )
    (latest,) = page.fetches
    assert (latest.at, latest.program, latest.status) == (NOW + HOUR, "thunderbird", 200)
    assert page.next is not None
    rest = await subscriber.database.read(
        lambda conn: previewing.fetches(conn, feed_id, None, place=page.next, limit=5)
    )
    assert [each.at for each in rest.fetches] == [NOW]


async def test_like_fetches_within_a_second_are_noted_together(subscriber: Subscriber) -> None:
    ledger = Ledger(subscriber.database)
    served = await subscriber.served()
    for number in range(5):
        at = NOW + number * timedelta(milliseconds=100)
        ledger.note(served, status=HTTPStatus.OK, user_agent=GOOGLE, at=at)
    ledger.note(served, status=HTTPStatus.NOT_MODIFIED, user_agent=GOOGLE, at=at)
    assert await ledger.write_once() == 6
    page = await subscriber.database.read(
        lambda conn: previewing.fetches(conn, subscriber.feed.id, None, place=None, limit=5)
    )
    assert sorted((each.status, each.count) for each in page.fetches) == [(200, 5), (304, 1)]
    (google,) = await subscriber.database.read(lambda c: readers_of(c, [subscriber.feed.id]))
    assert (google.fetches, google.last_at) == (6, at)


async def test_fetches_are_forgotten_after_two_weeks_and_readers_are_not(
    subscriber: Subscriber,
) -> None:
    await fetched(subscriber, NOW, NOW + HOUR)
    assert await forget_old_fetches(subscriber.database, NOW + KEPT + HOUR / 2) == 1
    assert len(await subscriber.database.read(lambda c: readers_of(c, [subscriber.feed.id]))) == 1


async def test_a_change_that_google_may_show_too_late_is_told(subscriber: Subscriber) -> None:
    read_at = FIRST - 6 * HOUR
    await fetched(subscriber, read_at)
    await learn(subscriber.database, moved(0), at=FIRST - 2 * HOUR)
    assert await told(subscriber.database) == [
        FeedChangeUnseen(
            clinician_id=DANA_ID,
            session_id=session_id(0),
            revision=2,
            seen_at=read_at,
            next_at=read_at + 18 * HOUR,
        )
    ]


@pytest.mark.parametrize(
    ("by", "read_before", "changed_before"),
    [
        (THUNDERBIRD, 3 * HOUR, 2 * HOUR),  # it reads again an hour and a half before
        (GOOGLE, 24 * HOUR, 20 * HOUR),  # so does Google
        (GOOGLE, 90 * HOUR, 2 * HOUR),  # nobody reads there any more
        (GOOGLE, 2 * HOUR, -HOUR / 2),  # the hour has begun
    ],
    ids=["reads often", "in time", "reads no more", "too late"],
)
async def test_a_change_that_is_seen_in_time_or_by_nobody_is_not_told(
    subscriber: Subscriber, by: str, read_before: timedelta, changed_before: timedelta
) -> None:
    await fetched(subscriber, FIRST - read_before, by=by)
    await learn(subscriber.database, cancelled(0), at=FIRST - changed_before)
    assert await told(subscriber.database) == []


async def test_a_change_that_the_feed_learns_late_is_told(subscriber: Subscriber) -> None:
    """It was read after the change was made, and before the feed had heard of it."""
    await fetched(subscriber, FIRST - HOUR)
    await learn(subscriber.database, moved(0), at=FIRST - 2 * HOUR)
    assert len(await told(subscriber.database)) == 1


async def test_a_session_that_takes_longer_than_the_calendar_shows_is_told(
    subscriber: Subscriber,
) -> None:
    await fetched(subscriber, FIRST - 6 * HOUR)
    longer = session(0, revision=2, ends_at=FIRST + 1.5 * HOUR)
    news = SessionMoved(session=longer, previous_starts_at=FIRST)
    await learn(subscriber.database, news, at=FIRST - 2 * HOUR)
    assert len(await told(subscriber.database)) == 1


async def test_what_no_subscriber_sees_is_not_told(database: Database) -> None:
    await learn(database, dana_saved(), course_booked())
    consultations = Choices(kinds=frozenset({Kind.CONSULTATION}))
    await fetched(await subscribe(database, choices=consultations), FIRST - 6 * HOUR)
    await fetched(await subscribe(database, form=Form.FREE_BUSY), FIRST - 6 * HOUR)
    await fetched(await subscribe(database), FIRST - 6 * HOUR, by="Mozilla/5.0 Firefox/140.0")
    await learn(database, moved(0), at=FIRST - 2 * HOUR)
    assert await told(database) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_feed_that_cannot_be_read_holds_up_no_news(subscriber: Subscriber) -> None:
    await fetched(subscriber, FIRST - 6 * HOUR)
    await subscribe(subscriber.database)
    await subscriber.database.write(
        lambda conn: conn.execute(
            sa.text("UPDATE feeds SET shown = 'none' WHERE id != :id").bindparams(
                sa.bindparam("id", subscriber.feed.id, sa.Uuid)
            )
        )
    )
    await learn(subscriber.database, moved(0), at=FIRST - 2 * HOUR)
    assert len(await told(subscriber.database)) == 1
    assert await subscriber.write_all() == 1


async def test_a_session_that_is_booked_for_soon_is_told_too(subscriber: Subscriber) -> None:
    await fetched(subscriber, FIRST - 6 * HOUR)
    await learn(subscriber.database, cancelled(0), at=FIRST - 5 * HOUR)
    back = moved(0, revision=3)
    await learn(subscriber.database, back, at=FIRST - 4 * HOUR)
    assert len(await told(subscriber.database)) == 2


async def test_a_session_that_was_attended_is_no_change_to_a_calendar(
    subscriber: Subscriber,
) -> None:
    await fetched(subscriber, FIRST - 6 * HOUR)
    attended = moved(0).session.model_copy(
        update={"starts_at": FIRST, "ends_at": FIRST + HOUR, "status": "attended"}
    )
    await learn(subscriber.database, moved(0).model_copy(update={"session": attended}), at=FIRST)
    assert await told(subscriber.database) == []


async def test_what_was_told_before_is_not_told_again(subscriber: Subscriber) -> None:
    await fetched(subscriber, FIRST - 6 * HOUR)
    for _ in range(2):
        await learn(subscriber.database, moved(0), at=FIRST - 2 * HOUR)
    assert len(await told(subscriber.database)) == 1
