"""Diaries for the feeds' benchmarks: clinicians with so many sessions, and feeds of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from services.calendar_feed.consumer import apply
from services.calendar_feed.domain.feeds import Detail, Feed, Form
from services.calendar_feed.store import MIGRATIONS
from services.calendar_feed.use_cases.keeping import open_feed
from services.calendar_feed.use_cases.moving import move_window_once
from shared.events.data import ClinicianSaved, CourseBooked, EventData, Session, SessionMoved
from shared.events.envelope import tell
from shared.store.database import Database
from shared.store.migrations import upgrade

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
ZONE: Final = "America/New_York"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """One clinician's sessions as told, and the tokens of feeds of them."""

    sessions: tuple[Session, ...]
    tokens: tuple[str, ...]


async def new_database(url: str, now: datetime) -> Database:
    database = Database.at(url)
    await upgrade(database, MIGRATIONS)
    await move_window_once(database, now)
    return database


async def new_diary(
    database: Database, now: datetime, *, sessions: int, feeds: int, form: Form = Form.INSTANCES
) -> Diary:
    """Tell of a clinician with so many sessions ahead, twelve a day, and open so many feeds."""
    clinician_id, course_id = uuid4(), uuid4()
    told = tuple(_session(clinician_id, course_id, number, now) for number in range(sessions))
    await learn(database, now, _saved(clinician_id))
    if told:
        course = CourseBooked(
            course_id=course_id,
            clinician_id=clinician_id,
            client_ids=told[0].client_ids,
            timezone=ZONE,
            sessions=told,
        )
        await learn(database, now, course)
    tokens = [await _open(database, clinician_id, form, now) for _ in range(feeds)]
    return Diary(sessions=told, tokens=tuple(tokens))


async def move(database: Database, session: Session, now: datetime, *, revision: int) -> Session:
    """Let a session begin a minute later."""
    later = timedelta(minutes=1)
    moved = session.model_copy(
        update={
            "revision": revision,
            "starts_at": session.starts_at + later,
            "ends_at": session.ends_at + later,
        }
    )
    await learn(database, now, SessionMoved(session=moved, previous_starts_at=session.starts_at))
    return moved


async def learn(database: Database, now: datetime, fact: EventData) -> None:
    event = tell(fact, source="scheduler", at=now)
    await database.write(partial(apply, event=event))


def _session(clinician_id: UUID, course_id: UUID, number: int, now: datetime) -> Session:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    starts_at = midnight + (1 + number // 12) * DAY + (13 + number % 12) * HOUR
    return Session(
        session_id=uuid4(),
        revision=1,
        kind="course",
        course_id=course_id,
        clinician_id=clinician_id,
        client_ids=(uuid4(),),
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        timezone=ZONE,
        status="scheduled",
        links_expire_at=midnight + 500 * DAY,
    )


def _saved(clinician_id: UUID) -> ClinicianSaved:
    return ClinicianSaved(
        clinician_id=clinician_id,
        revision=1,
        name="Dana Reyes",
        email="dana@clinicians.example",
        timezone=ZONE,
        link_generation=0,
    )


async def _open(database: Database, clinician_id: UUID, form: Form, now: datetime) -> str:
    feed = Feed(
        id=uuid4(),
        clinician_id=clinician_id,
        name="Appointments",
        detail=Detail.BUSY,
        form=form,
        created_at=now,
    )
    return (await database.write(lambda conn: open_feed(conn, feed))).token
