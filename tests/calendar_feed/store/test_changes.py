"""Each change of a diary is remembered with the version that it made, also of what left."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.calendar_feed.store.changes import changes_since
from services.calendar_feed.store.clinicians import find_clinician
from shared.events.data import ClientSaved, CourseChanged
from shared.store.database import Database
from tests.calendar_feed.diary import (
    COURSE_ID,
    WEEKS,
    cancelled,
    course_booked,
    dana_saved,
    learn,
    moved,
    session,
    session_id,
)
from tests.cast import DANA_ID, KIM_ID, NEW_YORK, ORTIZ_ID

ALL = {session_id(number) for number in range(WEEKS)}


@pytest.fixture
async def told(database: Database) -> Database:
    await learn(database, dana_saved(), dana_saved(clinician_id=ORTIZ_ID), course_booked())
    return database


async def version_of(database: Database, clinician_id: UUID = DANA_ID) -> int:
    found = await database.read(lambda conn: find_clinician(conn, clinician_id))
    assert found is not None
    return found.version


async def since(database: Database, version: int, clinician_id: UUID = DANA_ID) -> set[UUID]:
    return set(await database.read(lambda conn: changes_since(conn, clinician_id, version)))


def handed_over(number: int) -> CourseChanged:
    taken = session(number, clinician_id=ORTIZ_ID, revision=2)
    return CourseChanged(
        course_id=COURSE_ID, clinician_id=ORTIZ_ID, client_ids=(KIM_ID,), timezone=NEW_YORK,
        sessions=(taken,),
    )  # fmt: skip


def kim_saved(**changes: Any) -> ClientSaved:
    values: dict[str, Any] = {
        "client_id": KIM_ID, "revision": 1, "name": "Kim Example", "email": "kim@example.com",
        "timezone": NEW_YORK, "locale": "en", "link_generation": 0,
    }  # fmt: skip
    return ClientSaved(**{**values, **changes})


async def test_a_booking_touches_its_sessions(told: Database) -> None:
    assert await since(told, 0) == ALL
    assert await since(told, await version_of(told)) == set()


async def test_a_move_and_a_cancellation_touch_one_each(told: Database) -> None:
    before = await version_of(told)
    await learn(told, moved(1), cancelled(2))
    assert await since(told, before) == {session_id(1), session_id(2)}
    assert await since(told, before + 1) == {session_id(2)}


async def test_an_older_revision_touches_nothing(told: Database) -> None:
    await learn(told, moved(1))
    before = await version_of(told)
    await learn(told, course_booked())
    assert await since(told, before) == set()


async def test_a_session_that_is_handed_over_touches_both_diaries(told: Database) -> None:
    danas, ortizs = await version_of(told), await version_of(told, ORTIZ_ID)
    await learn(told, handed_over(3))
    assert await since(told, danas) == {session_id(3)}
    assert await since(told, ortizs, ORTIZ_ID) == {session_id(3)}
    touched = await told.read(lambda conn: changes_since(conn, ORTIZ_ID, ortizs))
    assert touched[session_id(3)].joined > ortizs


async def test_new_links_touch_the_whole_diary(told: Database) -> None:
    before = await version_of(told)
    await learn(told, dana_saved(revision=2, link_generation=1))
    assert await since(told, before) == ALL


async def test_new_initials_touch_no_diary_since_most_feeds_do_not_tell_them(
    told: Database,
) -> None:
    await learn(told, kim_saved())
    before = await version_of(told)
    await learn(told, kim_saved(revision=2, name="Robin Other"))
    assert await version_of(told) == before
    assert await since(told, before) == set()
