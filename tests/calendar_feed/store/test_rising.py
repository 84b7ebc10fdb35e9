"""Whatever changes in a feed raises SEQUENCE, DTSTAMP and LAST-MODIFIED, and none ever falls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.calendar_feed.domain.feeds import Choices, Detail, Feed, Form
from services.calendar_feed.store import feeds as stored
from services.calendar_feed.use_cases.keeping import change_feed
from services.calendar_feed.use_cases.moving import move_window_once
from shared.events.data import CourseChanged
from shared.store.database import Connection, Database
from tests.calendar_feed.diary import (
    COURSE_ID,
    WEEKS,
    cancelled,
    course_booked,
    dana_saved,
    learn,
    moved,
    session,
)
from tests.calendar_feed.store.happenings import Story
from tests.calendar_feed.store.subscribing import subscribe
from tests.calendar_feed.store.taking import Calendar
from tests.cast import DANA_ID, KIM_ID, NEW_YORK, ORTIZ_ID
from tests.conftest import NOW

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
FORMS = [Form.INSTANCES, Form.SERIES]


@pytest.fixture(autouse=True)
async def diary(database: Database) -> None:
    await learn(database, dana_saved(), dana_saved(clinician_id=ORTIZ_ID), course_booked())


async def calendars(database: Database) -> list[Calendar]:
    """Both forms, of Dana's diary and of the other one that sessions are handed over to."""
    return [
        Calendar(await subscribe(database, form=form, clinician_id=whose))
        for form in FORMS
        for whose in (DANA_ID, ORTIZ_ID)
    ]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_every_change_is_one_that_readers_take(
    database: Database, seed: int
) -> None:
    """Also when changes share a second, and when the clock is set back."""
    story, at, readers = Story(seed), NOW, await calendars(database)
    for step in range(12):
        what = await _something_happens(database, story, at, readers)
        for each in readers:
            await each.polls(f"{step} {what}")
        at += story.chance.choice((-30 * SECOND, SECOND / 4, SECOND, DAY, 9 * DAY))


async def _something_happens(
    database: Database, story: Story, at: datetime, readers: list[Calendar]
) -> str:
    what = story.chance.choice(("course",) * 7 + ("links", "choices", "days"))
    if what == "course":
        told = story.happens()
        await learn(database, told, at=at)
        return str([(each.session_id.int % 100, each.status) for each in told.sessions])
    if what == "links":
        await _new_links(database, at)
    elif what == "choices":
        await _other_choices(database, story.chance.choice(readers).subscriber.feed, at)
    else:
        await move_window_once(database, at)
    return what


async def _new_links(database: Database, at: datetime) -> None:
    number = int((at - NOW) / SECOND * 4) + 1000
    await learn(database, dana_saved(revision=number, link_generation=number), at=at)


async def _other_choices(database: Database, feed: Feed, at: datetime) -> None:
    async def work(conn: Connection) -> None:
        now = await stored.hold_feed(conn, feed.id, None)
        assert now is not None
        links = replace(now.choices, join_links=not now.choices.join_links)
        await change_feed(conn, now, replace(now, choices=links), at)

    await database.write(work)


@pytest.mark.parametrize("form", FORMS)
async def test_a_course_that_is_handed_over_and_back_rises(database: Database, form: Form) -> None:
    reader = Calendar(await subscribe(database, form=form))
    await reader.polls("booked")
    for revision, whose in ((2, ORTIZ_ID), (3, DANA_ID)):
        rest = tuple(
            session(number, revision=revision, clinician_id=whose) for number in range(8, WEEKS)
        )
        event = CourseChanged(
            course_id=COURSE_ID,
            clinician_id=whose,
            client_ids=(KIM_ID,),
            timezone=NEW_YORK,
            sessions=rest,
        )
        await learn(database, event, at=NOW + revision * DAY)
        await reader.polls(f"with {whose}")


async def test_what_another_clinician_does_with_their_part_changes_nothing_here(
    database: Database,
) -> None:
    danas = await subscribe(database, form=Form.SERIES)
    taken = session(9, revision=2, clinician_id=ORTIZ_ID)
    event = CourseChanged(
        course_id=COURSE_ID,
        clinician_id=ORTIZ_ID,
        client_ids=(KIM_ID,),
        timezone=NEW_YORK,
        sessions=(taken,),
    )
    await learn(database, event, at=NOW + DAY)
    before = await danas.fetch()
    cancels = event.model_copy(
        update={"sessions": (taken.model_copy(update={"revision": 3, "status": "cancelled"}),)}
    )
    await learn(database, cancels, at=NOW + 2 * DAY)
    assert await danas.another_process().fetch() == before


async def test_a_session_more_raises_the_sequence_of_its_series(database: Database) -> None:
    reader = Calendar(await subscribe(database, form=Form.SERIES, choices=Choices(ahead=400 * DAY)))
    await reader.polls("booked")
    more = course_booked().model_copy(update={"sessions": (session(WEEKS),)})
    await learn(database, more, at=NOW + DAY)
    await reader.polls("one more")
    (series,) = reader.known.values()
    assert series["DTSTAMP"].dt == NOW + DAY


async def test_a_cancelled_session_that_is_forgotten_is_a_change_of_its_midnight(
    database: Database,
) -> None:
    reader = Calendar(await subscribe(database, form=Form.SERIES))
    await learn(database, cancelled(5), at=NOW + DAY)
    await reader.polls("cancelled")
    for days in (31, 32, 33, 34):
        await move_window_once(database, NOW + days * DAY)
        await reader.polls(f"{days} days later")
    (series,) = [event for (_, slot), event in reader.known.items() if not slot]
    assert series["DTSTAMP"].dt.date() == (NOW + 32 * DAY).date()


async def test_a_clock_that_is_set_back_sets_no_stamp_back(database: Database) -> None:
    reader = Calendar(await subscribe(database))
    await learn(database, moved(0), at=NOW + DAY)
    await reader.polls("moved")
    await learn(database, moved(0, revision=3), at=NOW + DAY - 30 * SECOND)
    await reader.polls("moved again, and earlier")


@pytest.mark.parametrize("form", FORMS)
async def test_no_stamp_falls_for_sessions_that_a_filter_leaves_out(
    database: Database, form: Form
) -> None:
    """Of a feed that showed forgotten sessions' weeks, and then no more."""
    reader = Calendar(await subscribe(database, Detail.CODE, form=form))
    await learn(database, *map(cancelled, range(6)), at=NOW)
    await reader.polls("cancelled")
    await move_window_once(database, NOW + 40 * DAY)
    await reader.polls("forgotten")
    await _other_choices(database, reader.subscriber.feed, NOW + 40 * DAY)
    await reader.polls("other choices")
