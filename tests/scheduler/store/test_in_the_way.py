"""What is in the way of a booking is all that touches its hours, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.scheduler.domain.sessions import Session, Status
from services.scheduler.domain.slots import HOUR, Slot
from services.scheduler.store import diary
from services.scheduler.store.in_the_way import Concerned, Taken, taken_near
from shared.store.database import Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID, LEE_ID, ORTIZ_ID
from tests.scheduler.store.agreed import NOON, session

WEEK = timedelta(weeks=1)
WEEKLY = [Slot.hour_from(NOON + week * WEEK) for week in range(16)]


async def in_the_way(
    database: Database,
    spans: list[Slot],
    *,
    clinician_id: UUID = DANA_ID,
    client_ids: tuple[UUID, ...] = (KIM_ID,),
    moving: Collection[UUID] = (),
) -> Taken:
    concerned = Concerned(
        clinician_id=clinician_id, client_ids=client_ids, moving=moving, but=None, now=NOON - WEEK
    )
    return await database.read(lambda conn: taken_near(conn, concerned, spans))


async def agree(database: Database, *booked: Session) -> None:
    await database.write(lambda conn: diary.add(conn, booked))


async def test_only_what_touches_one_of_the_hours_is_read(diaries: Database) -> None:
    last = session(starts_at=NOON + 15 * WEEK + HOUR / 2)
    between = session(starts_at=NOON + 3 * WEEK + timedelta(days=1))
    before = session(starts_at=NOON - HOUR)
    after = session(starts_at=NOON + HOUR)
    await agree(diaries, last, between, before, after)
    assert (await in_the_way(diaries, WEEKLY)).clinician == [last.slot]


async def test_a_long_session_that_began_before_the_first_hour_is_in_its_way(
    diaries: Database,
) -> None:
    long = session(starts_at=NOON - 22 * HOUR, length=23 * HOUR)
    await agree(diaries, long)
    assert (await in_the_way(diaries, WEEKLY[:1])).clinician == [long.slot]


async def test_the_clients_hours_are_told_apart_from_the_clinicians(diaries: Database) -> None:
    with_another = session(ORTIZ_ID, KIM_ID, starts_at=NOON)
    with_her = session(DANA_ID, ANA_ID, starts_at=NOON + WEEK)
    await agree(diaries, with_another, with_her, session(ORTIZ_ID, LEE_ID, starts_at=NOON + WEEK))
    found = await in_the_way(diaries, WEEKLY, client_ids=(KIM_ID, ANA_ID))
    assert found.clinician == [with_her.slot]
    assert sorted(found.clients) == [with_another.slot, with_her.slot]


async def test_neither_what_moves_nor_what_was_cancelled_is_in_the_way(diaries: Database) -> None:
    moving, cancelled = session(), session(starts_at=NOON + WEEK)
    await agree(diaries, moving, cancelled)
    gone = replace(cancelled, status=Status.CANCELLED, revision=2)
    await diaries.write(lambda conn: diary.change(conn, [gone]))
    found = await in_the_way(diaries, WEEKLY, moving=[moving.id])
    assert (found.clinician, found.clients) == ([], [])
    assert (await in_the_way(diaries, WEEKLY)).clinician == [moving.slot]
