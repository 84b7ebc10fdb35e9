"""A notifier that is brought up to date reads the log anew, and mails nobody of what is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from services.notifier.store import MIGRATIONS
from services.notifier.use_cases.planning_days import plan_digests
from shared.clock import HeldClock
from shared.events.data import CourseBooked, CourseEnded, EventData, SessionConcluded
from shared.events.envelope import Event, tell
from shared.store.database import Database
from shared.store.migrations import upgrade
from tests.cast import DANA_ID, KIM_ID, NEW_YORK
from tests.conftest import NOW
from tests.migrated import Migrated, as_it_was
from tests.notifier.diary import (
    DAY,
    HOUR,
    THURSDAY,
    WEEK,
    booked,
    client,
    clinician,
    course,
    session,
)
from tests.notifier.stage import Stage

SPRING: Final = THURSDAY - 26 * WEEK


def told(data: EventData, at: datetime) -> Event:
    return tell(data, source="scheduler", at=at)


OVER: Final = course(SPRING, weeks=2)
AHEAD: Final = told(booked(session()), NOW - DAY)


def concluded(of: CourseBooked) -> list[Event]:
    """Return that each session of a course was attended, and that nothing more is to come."""
    attended = [
        each.model_copy(update={"revision": 2, "status": "attended"}) for each in of.sessions
    ]
    ended = CourseEnded(
        course_id=of.course_id,
        clinician_id=DANA_ID,
        client_ids=of.client_ids,
        timezone=NEW_YORK,
    )
    return [
        *(told(SessionConcluded(session=each), each.ends_at) for each in attended),
        told(ended, attended[-1].ends_at),
    ]


LOG: Final = [told(client(), SPRING - WEEK), told(OVER, SPRING - DAY), *concluded(OVER), AHEAD]


def moment(at: datetime) -> str:
    return f"'{at:%Y-%m-%d %H:%M:%S}.000000'"


def rows() -> list[str]:
    """Return what the second version had of `LOG`: Kim was told all, and is yet to be reminded."""
    held = AHEAD.data.session  # type: ignore[attr-defined] # it was booked
    key = f"{AHEAD.id}/{KIM_ID}/confirmation"
    reminder = f"{held.session_id}/{KIM_ID}/3600/1"
    common = f"'{KIM_ID.hex}', '{held.session_id.hex}', 1"
    return [
        "INSERT INTO consumer_positions (source, position) VALUES ('scheduler', 7)",
        "INSERT INTO people (id, revision, name, email, timezone, locale, link_generation)"
        f" VALUES ('{KIM_ID.hex}', 1, 'Kim Park', 'kim@clients.example', '{NEW_YORK}', 'en', 0)",
        *(
            "INSERT INTO sessions (id, course_id, revision, times_revision, starts_at, timezone,"
            f" status, links_expire_at) VALUES ('{each.session_id.hex}', NULL, 1, 1,"
            f" {moment(each.starts_at)}, '{NEW_YORK}', 'scheduled', {moment(each.links_expire_at)})"
            for each in (*OVER.sessions, held)
        ),
        "INSERT INTO told (session_id, person_id, starts_at, status, doubted) VALUES"
        f" ('{held.session_id.hex}', '{KIM_ID.hex}', {moment(held.starts_at)}, 'scheduled', false)",
        "INSERT INTO reminders (id, plan_key, kind, person_id, session_id, revision,"
        " offset_seconds, due_at, state, next_at, fence, attempts, answer_lost, ended_at) VALUES"
        f" ('{'a' * 32}', '{key}', 'confirmation', {common}, NULL, {moment(NOW - HOUR)}, 'sent',"
        f" NULL, 1, 1, false, {moment(NOW - HOUR)}),"
        f" ('{'b' * 32}', '{reminder}', 'reminder', {common}, 3600, {moment(THURSDAY - HOUR)},"
        f" 'planned', {moment(THURSDAY - HOUR)}, 0, 0, false, NULL)",
    ]


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Migrated
) -> AsyncIterator[Database]:
    async with migrated.empty(request.param, tmp_path) as url:
        database = Database.at(url)
        yield database
        await database.close()


async def brought_up_to_date(database: Database, since: str, held: list[str]) -> None:
    await database.write(lambda conn: conn.run_sync(as_it_was, MIGRATIONS, since, held))
    await upgrade(database, MIGRATIONS)


@pytest.fixture
async def upgraded(empty: Database, clock: HeldClock) -> Stage:
    """A notifier on the database of its second version, brought up to date."""
    await brought_up_to_date(empty, "notifier_0002", rows())
    return Stage(empty, clock)


async def test_nobody_is_written_to_of_what_the_log_told_long_ago(upgraded: Stage) -> None:
    assert await upgraded.sent_now() == []  # who was known is not, until the log is read
    await upgraded.apply(LOG)
    assert await upgraded.sent_now() == []
    assert await upgraded.states("ended") == [("skipped", "too_late")]


async def test_what_lies_ahead_is_reminded_of_once(upgraded: Stage) -> None:
    await upgraded.apply(LOG)
    await upgraded.sweep_all()
    upgraded.clock.moment = THURSDAY - DAY
    assert len(await upgraded.sent_now()) == 1
    upgraded.clock.moment = THURSDAY - HOUR
    assert len(await upgraded.sent_now()) == 1
    assert set(await upgraded.states("reminder")) == {("skipped", "concluded"), ("sent", None)}


async def test_a_digest_that_waited_is_sent_once(empty: Database, clock: HeldClock) -> None:
    waits = THURSDAY - 7 * HOUR - HOUR / 2
    row = (
        "INSERT INTO reminders (id, plan_key, kind, person_id, day, revision, due_at, state,"
        f" next_at, fence, attempts, answer_lost) VALUES ('{'c' * 32}',"
        f" 'digest/{DANA_ID}/2026-12-03T07:30', 'digest', '{DANA_ID.hex}', '2026-12-03', 1,"
        f" {moment(waits)}, 'planned', {moment(waits)}, 0, 0, false)"
    )
    await brought_up_to_date(empty, "notifier_0004", [row])
    stage = Stage(empty, clock)
    await stage.tell(client(), clinician(digest_at="07:30"), booked(session()))
    clock.moment = waits - HOUR
    await plan_digests(empty, clock.now())
    await stage.sweep_all()
    (digest,) = await stage.pass_time(HOUR)
    assert digest.to == "dana@clinicians.example"
