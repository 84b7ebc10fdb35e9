"""The database itself refuses an overlap, whatever the code does."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.scheduler.domain.sessions import Session, Status
from services.scheduler.domain.slots import HOUR, Slot
from services.scheduler.store import diary
from services.scheduler.store.tables import session_clients, sessions
from shared.store.database import Contention, Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID, ORTIZ_ID
from tests.scheduler.store.agreed import NOON, session


async def stored(database: Database) -> int:
    counted = await database.read(
        lambda conn: conn.scalar(sa.select(sa.func.count()).select_from(sessions))
    )
    return int(counted or 0)


async def refused(database: Database, *booked: Session) -> bool:
    """Whether the database would refuse `booked`, without any check before; nothing stays."""
    async with database.engine.connect() as conn, conn.begin() as transaction:
        try:
            await diary.add(conn, booked)
        except IntegrityError:
            return True
        finally:
            await transaction.rollback()
    return False


HELD = session()
MINUTE = timedelta(minutes=1)


OVERLAPPING = [
    (timedelta(), HOUR),
    (HOUR - MINUTE, HOUR),
    (MINUTE - HOUR, HOUR),
    (MINUTE, MINUTE),
    (timedelta(hours=-20), timedelta(hours=24)),
]
APART = [
    (HOUR, HOUR),
    (-HOUR, HOUR),
    (timedelta(hours=-24), timedelta(hours=24)),
]


@pytest.mark.parametrize(
    ("clinician_id", "client_id", "shared"),
    [
        (DANA_ID, ANA_ID, True),
        (ORTIZ_ID, KIM_ID, True),
        (ORTIZ_ID, ANA_ID, False),
    ],
    ids=["same clinician", "same client", "nobody in common"],
)
async def test_one_person_is_never_twice_at_once(
    diaries: Database, clinician_id: UUID, client_id: UUID, shared: bool
) -> None:
    await diaries.write(lambda conn: diary.add(conn, [HELD]))
    found = {
        (start, length): await refused(
            diaries, session(clinician_id, client_id, starts_at=NOON + start, length=length)
        )
        for start, length in OVERLAPPING + APART
    }
    assert found == dict.fromkeys(OVERLAPPING, shared) | dict.fromkeys(APART, False)


async def test_a_refused_one_leaves_nothing_of_its_series(diaries: Database) -> None:
    await diaries.write(lambda conn: diary.add(conn, [HELD]))
    week = timedelta(weeks=1)
    series = [session(client_id=ANA_ID, starts_at=NOON + n * week) for n in (2, 1, 0)]
    assert await refused(diaries, *series)
    assert await stored(diaries) == 1
    sides = sa.select(sa.func.count()).select_from(session_clients)
    assert await diaries.read(lambda conn: conn.scalar(sides)) == 1


async def test_a_cancelled_hour_is_free_again(diaries: Database) -> None:
    await diaries.write(lambda conn: diary.add(conn, [HELD]))
    await diaries.write(lambda conn: diary.change(conn, [replace(HELD, status=Status.CANCELLED)]))
    assert not await refused(diaries, session())


async def test_a_cancelled_session_cannot_come_back_into_a_taken_hour(diaries: Database) -> None:
    cancelled = replace(HELD, status=Status.CANCELLED)
    await diaries.write(lambda conn: diary.add(conn, [cancelled, session()]))
    with pytest.raises((IntegrityError, Contention)):
        await diaries.write(lambda conn: diary.change(conn, [HELD]))


async def test_a_session_cannot_be_moved_onto_another(diaries: Database) -> None:
    other = session(starts_at=NOON + HOUR)
    await diaries.write(lambda conn: diary.add(conn, [HELD, other]))
    with pytest.raises((IntegrityError, Contention)):
        await diaries.write(lambda conn: diary.change(conn, [replace(other, slot=HELD.slot)]))


async def test_a_session_longer_than_a_day_is_refused(diaries: Database) -> None:
    assert await refused(diaries, session(length=timedelta(hours=24, seconds=1)))


async def test_of_fifty_at_once_one_is_stored(diaries: Database) -> None:
    async def take(hour: datetime) -> str:
        try:
            async with diaries.engine.begin() as conn:
                if diaries.is_postgres:  # without our locks they wait for one another in rings
                    await conn.execute(sa.text("SET LOCAL deadlock_timeout = '5ms'"))
                await diary.add(conn, [session(starts_at=hour)])
        except DBAPIError:
            return "refused"
        return "stored"

    for n in range(3):
        taken = await asyncio.gather(*(take(NOON + n * HOUR) for _ in range(50)))
        assert Counter(taken) == {"stored": 1, "refused": 49}
        assert await stored(diaries) == n + 1


async def test_a_series_is_shifted_by_a_week_in_one_transaction(diaries: Database) -> None:
    week = timedelta(weeks=1)
    series = [session(starts_at=NOON + n * week) for n in range(16)]
    await diaries.write(lambda conn: diary.add(conn, series))
    shifted = [
        replace(
            each,
            revision=2,
            slot=Slot(starts_at=each.slot.starts_at + week, ends_at=each.slot.ends_at + week),
        )
        for each in series
    ]
    await diaries.write(lambda conn: diary.change(conn, shifted))
    found = await diaries.read(
        lambda conn: diary.read(conn, sa.select(sessions).order_by(sessions.c.starts_at))
    )
    assert found == shifted
    assert await refused(diaries, session(starts_at=NOON + 16 * week))
    assert not await refused(diaries, session(starts_at=NOON))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("table", "person"), [("sessions", "clinician_id"), ("session_clients", "client_id")]
)
async def test_the_search_of_an_overlap_is_one_range_of_an_index(
    database: Database, table: str, person: str
) -> None:
    plan = sa.text(
        f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE active AND {person} = 'x' "
        "AND starts_at > '2027' AND starts_at < '2028' AND ends_at > '2027'"
    )
    [row] = (await database.read(lambda conn: conn.execute(plan))).all()
    assert f"({person}=? AND starts_at>? AND starts_at<?)" in row.detail
