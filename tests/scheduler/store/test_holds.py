"""Held hours are found for whom they concern, and only while they are held."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from services.scheduler.domain.holds import Hold
from services.scheduler.domain.slots import HOUR, Slot
from services.scheduler.store import holds
from services.scheduler.store.in_the_way import Concerned, taken_near
from shared.store.database import Database
from tests.cast import ANA_ID, DANA_ID, KIM_ID, ORTIZ_ID
from tests.scheduler.store.agreed import NOON

FIRST, SECOND = Slot.hour_from(NOON), Slot.hour_from(NOON + timedelta(weeks=1))
ALL = Slot(starts_at=FIRST.starts_at, ends_at=SECOND.ends_at)
NOW = NOON - timedelta(days=7)
LATER = NOW + timedelta(minutes=10)


def kept(client_id: UUID | None = KIM_ID) -> Hold:
    return Hold(
        id=uuid4(),
        clinician_id=DANA_ID,
        client_id=client_id,
        slots=(FIRST, SECOND),
        expires_at=LATER,
    )


async def store(database: Database, *placed: Hold) -> None:
    for each in placed:
        await database.write(partial(holds.add, hold=each))


async def held(
    database: Database,
    span: Slot,
    *,
    clinician_id: UUID = DANA_ID,
    client_ids: tuple[UUID, ...] = (KIM_ID,),
    now: datetime = NOW,
    but: UUID | None = None,
) -> list[Slot]:
    concerned = Concerned(
        clinician_id=clinician_id, client_ids=client_ids, moving=(), but=but, now=now
    )
    return sorted((await database.read(lambda conn: taken_near(conn, concerned, [span]))).held)


async def test_a_hold_comes_back_whole_and_goes_whole(diaries: Database) -> None:
    one, other = kept(), kept(client_id=None)
    await store(diaries, one, other)
    assert await diaries.read(lambda conn: holds.find(conn, one.id)) == one
    assert await diaries.write(lambda conn: holds.remove(conn, one.id))
    assert not await diaries.write(lambda conn: holds.remove(conn, one.id))
    assert await diaries.read(lambda conn: holds.find(conn, one.id)) is None
    assert await diaries.read(lambda conn: holds.find(conn, other.id)) == other


@pytest.mark.parametrize(
    ("clinician_id", "client_id", "concerned"),
    [(DANA_ID, ANA_ID, True), (ORTIZ_ID, KIM_ID, True), (ORTIZ_ID, ANA_ID, False)],
    ids=["the clinician", "the client", "neither"],
)
async def test_hours_are_held_of_the_clinician_and_of_the_client(
    diaries: Database, clinician_id: UUID, client_id: UUID, concerned: bool
) -> None:
    await store(diaries, kept())
    found = await held(diaries, ALL, clinician_id=clinician_id, client_ids=(client_id,))
    assert found == ([FIRST, SECOND] if concerned else [])


async def test_only_what_touches_the_span_is_found(diaries: Database) -> None:
    await store(diaries, kept())
    beside = Slot(starts_at=FIRST.ends_at, ends_at=FIRST.ends_at + HOUR)
    over = Slot(starts_at=FIRST.starts_at + HOUR / 2, ends_at=FIRST.ends_at + HOUR)
    for span, expected in ((beside, []), (over, [FIRST])):
        assert await held(diaries, span, client_ids=()) == expected


async def test_an_expired_hold_counts_for_nothing_before_it_is_forgotten(
    diaries: Database,
) -> None:
    hold = kept()
    await store(diaries, hold)

    async def of_dana(*, seconds: int) -> list[Slot]:
        moment = LATER + timedelta(seconds=seconds)
        return await held(diaries, ALL, now=moment)

    assert len(await of_dana(seconds=-1)) == 2
    assert await of_dana(seconds=0) == []
    assert await diaries.read(lambda conn: holds.find(conn, hold.id)) == hold
    early = LATER - timedelta(seconds=1)
    assert await diaries.write(lambda conn: holds.forget_expired(conn, early)) == 0
    assert await diaries.write(lambda conn: holds.forget_expired(conn, LATER)) == 2
    assert await diaries.read(lambda conn: holds.find(conn, hold.id)) is None


async def test_the_holder_is_not_in_their_own_way(diaries: Database) -> None:
    mine, others = kept(), kept(client_id=None)
    await store(diaries, mine, others)
    assert await held(diaries, ALL, but=mine.id) == [FIRST, SECOND]
    of_both = await diaries.read(
        lambda conn: holds.held_of_clinicians(
            conn, [DANA_ID, ORTIZ_ID], ALL, now=NOW, but=others.id
        )
    )
    assert {id: sorted(slots) for id, slots in of_both.items()} == {DANA_ID: [FIRST, SECOND]}
