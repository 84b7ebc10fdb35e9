"""Diaries as a busy practice has them: most weekly hours held, for weeks or for years."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.app import MIGRATIONS
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.sessions import LINKS_LAST, Kind, Session
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import WEEK, instant
from services.scheduler.domain.working_hours import WorkingHours
from services.scheduler.store import diary, people
from shared.store.database import Database
from shared.store.migrations import upgrade
from shared.zones import zone

NEW_YORK: Final = "America/New_York"
NOW: Final = datetime(2026, 11, 23, 14, tzinfo=UTC)
MONDAY: Final = date(2026, 11, 30)
WEEKS: Final = 16
CLINICIANS: Final = 8
CELLS: Final = [(weekday, hour) for weekday in range(5) for hour in range(9, 17)]
HELD: Final = 30
MISSED: Final = 0.1
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diaries:
    """A database with everyone's diary, and how many sessions are in it."""

    database: Database
    clinicians: Sequence[Clinician]
    sessions: int


@asynccontextmanager
async def diaries_at(address: str, *, times_before: int) -> AsyncIterator[Diaries]:
    """Fill an empty database; `times_before` as many weeks as are to come are over already."""
    database = Database.at(address)
    try:
        await upgrade(database, MIGRATIONS)
        yield await _filled(database, range(-WEEKS * times_before, WEEKS))
    finally:
        await database.close()


async def _filled(database: Database, weeks: range) -> Diaries:
    chance, clinicians, count = random.Random(7), [], 0
    for number in range(CLINICIANS):
        clinician = _clinician(number)
        clients = [_client(number * HELD + each) for each in range(HELD)]
        cells = chance.sample(CELLS, HELD)
        booked = [
            _session(clinician, client, cell, week)
            for cell, client in zip(cells, clients, strict=True)
            for week in weeks
            if chance.random() >= MISSED
        ]
        await _store(database, clinician, clients, booked)
        clinicians.append(clinician)
        count += len(booked)
    return Diaries(database=database, clinicians=clinicians, sessions=count)


async def _store(
    database: Database,
    clinician: Clinician,
    clients: Sequence[Client],
    booked: Sequence[Session],
) -> None:
    async def store(conn: AsyncConnection) -> None:
        await people.add_clinician(conn, clinician, NOW)
        for client in clients:
            await people.add_client(conn, client, NOW)
        await diary.add(conn, booked)

    await database.write(store)


def _clinician(number: int) -> Clinician:
    """Monday to Friday, nine to five."""
    return Clinician(
        id=UUID(int=number + 1),
        revision=1,
        name=f"Clinician {number}",
        email=f"clinician{number}@practice.example",
        timezone=NEW_YORK,
        working_hours=tuple(WorkingHours(weekday=n, start=540, end=1020) for n in range(5)),
    )


def _client(number: int) -> Client:
    return Client(
        id=uuid4(),
        revision=1,
        name=f"Client {number}",
        email=f"client{number}@practice.example",
        timezone=NEW_YORK,
    )


def _session(clinician: Clinician, client: Client, cell: Cell, week: int) -> Session:
    day = MONDAY + timedelta(days=cell[0]) + week * WEEK
    slot = Slot.hour_from(instant(day, time(cell[1]), zone(NEW_YORK)))
    return Session(
        id=uuid4(),
        kind=Kind.FOLLOW_UP,
        clinician_id=clinician.id,
        client_ids=(client.id,),
        slot=slot,
        timezone=NEW_YORK,
        links_expire_at=slot.ends_at + LINKS_LAST,
    )
