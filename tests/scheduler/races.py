"""Many at once for one hour: `python -m tests.scheduler.races 100` runs that many rounds.

Each round has a clinician of its own. One wins, nobody's course is stored in part, and every
other is refused with the dates in the way: no deadlock and no contention gets out.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.scheduler.app import MIGRATIONS
from services.scheduler.domain.courses import Course, CourseRequest
from services.scheduler.domain.errors import HourTaken
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.sessions import Kind, Session, SessionRequest
from services.scheduler.domain.slots import Slot
from services.scheduler.store import people
from services.scheduler.store.tables import course_clients, courses, session_clients, sessions
from services.scheduler.use_cases import booking
from shared.store.database import Database
from shared.store.migrations import upgrade
from tests.cast import NEW_YORK
from tests.conftest import NOW
from tests.postgres import start_postgres

CLIENTS: Final = 50
WEEKS: Final = 16
APART: Final = timedelta(weeks=5)  # the second course begins this much later
FIRST: Final = date(2027, 2, 16)
EVENING: Final = datetime(2027, 2, 17, 1, tzinfo=UTC)  # no course is at that hour


@dataclass(frozen=True, slots=True)
class Practice:
    """One database behind one or several replicas, and fifty clients in it."""

    replicas: Sequence[Database]
    clients: tuple[UUID, ...]

    async def clinician(self) -> UUID:
        entered = Clinician(
            id=uuid4(), revision=1, name="D", email="d@clinicians.example", timezone=NEW_YORK
        )
        await self.replicas[0].write(lambda conn: people.add_clinician(conn, entered, NOW))
        return entered.id

    async def client(self) -> UUID:
        return await enter_client(self.replicas[0])

    async def count(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        statement = sa.select(sa.func.count()).select_from(table).where(*where)
        counted = await self.replicas[0].read(lambda conn: conn.execute(statement))
        return int(counted.scalar_one())


async def enter_client(database: Database) -> UUID:
    client = Client(id=uuid4(), revision=1, name="C", email="c@clients.example", timezone=NEW_YORK)
    await database.write(lambda conn: people.add_client(conn, client, NOW))
    return client.id


async def practice_of(*replicas: Database) -> Practice:
    return Practice(replicas, tuple([await enter_client(replicas[0]) for _ in range(CLIENTS)]))


async def fifty_for_one_hour(practice: Practice, starts_at: datetime) -> None:
    """Let fifty clients ask for the same hour at once, and check that one has it."""
    dana, slot = await practice.clinician(), Slot.hour_from(starts_at)
    asking = [
        _consult(replica, dana, client, slot)
        for replica, client in zip(cycle(practice.replicas), practice.clients, strict=False)
    ]
    won = await _winners(asking)
    assert len(won) == 1, f"{len(won)} of {CLIENTS} have the hour"
    assert await practice.count(sessions, sessions.c.clinician_id == dana) == 1


async def two_overlapping_courses(practice: Practice, *, same: str) -> None:
    """Let two courses that share eleven weeks be booked at once, and check that one is, whole.

    They have the same clinician, or the same client.
    """
    danas = [await practice.clinician(), await practice.clinician()]
    pair = [await practice.client(), await practice.client()]
    asked = [
        (danas[0], pair[0], FIRST),
        (danas[same == "client"], pair[same == "clinician"], FIRST + APART),
    ]
    won = await _winners(
        [
            _book(replica, *wanted)
            for replica, wanted in zip(cycle(practice.replicas), asked, strict=False)
        ]
    )
    assert len(won) == 1, f"{len(won)} of two overlapping courses are booked"
    theirs = sessions.c.clinician_id.in_(danas)
    assert await practice.count(sessions, theirs) == WEEKS
    assert await practice.count(courses, courses.c.clinician_id.in_(danas)) == 1
    booked = sa.select(courses.c.id).where(courses.c.clinician_id.in_(danas))
    assert await practice.count(course_clients, course_clients.c.course_id.in_(booked)) == 1
    held = sa.select(sessions.c.id).where(theirs)
    assert await practice.count(session_clients, session_clients.c.session_id.in_(held)) == WEEKS


async def _winners(asking: Sequence[Awaitable[Session | Course]]) -> list[Session | Course]:
    """Return what was booked; whatever was not must be refused with every date in the way."""
    won = []
    for found in await asyncio.gather(*asking, return_exceptions=True):
        if isinstance(found, BaseException):
            if not isinstance(found, HourTaken):
                raise found
            assert len(found.conflicts) in (1, WEEKS - APART // timedelta(weeks=1))
        else:
            won.append(found)
    return won


async def _consult(replica: Database, clinician: UUID, client: UUID, slot: Slot) -> Session:
    wanted = SessionRequest(
        kind=Kind.CONSULTATION,
        clinician_id=clinician,
        client_ids=(client,),
        slot=slot,
        timezone=NEW_YORK,
    )
    return await replica.write(lambda conn: booking.book_session(conn, NOW, wanted))


async def _book(replica: Database, clinician: UUID, client: UUID, first: date) -> Course:
    wanted = CourseRequest(
        clinician_id=clinician,
        client_ids=(client,),
        first_date=first,
        at=time(15),
        sessions=WEEKS,
        timezone=NEW_YORK,
    )
    return await replica.write(lambda conn: booking.book_course(conn, NOW, wanted))


async def race(practice: Practice, rounds: int) -> None:
    """Run every race `rounds` times; fails with what went wrong."""
    for number in range(rounds):
        await fifty_for_one_hour(practice, EVENING + number * timedelta(days=1))
        for same in ("clinician", "client"):
            await two_overlapping_courses(practice, same=same)


async def _main(rounds: int) -> None:
    server = start_postgres()
    try:
        for name, replicas in (("SQLite", 1), ("PostgreSQL", 1), ("PostgreSQL", 2)):
            async with AsyncExitStack() as stack:
                folder = stack.enter_context(tempfile.TemporaryDirectory())
                url = f"sqlite:///{Path(folder) / 'practice.db'}"
                if name == "PostgreSQL":
                    url = await server.new_database()
                databases = [Database.at(url) for _ in range(replicas)]
                for database in databases:
                    stack.push_async_callback(database.close)
                await upgrade(databases[0], MIGRATIONS)
                await race(await practice_of(*databases), rounds)
                print(f"{name}, {replicas} of them: {rounds} rounds of each race, one winner each")  # noqa: T201 # a command
    finally:
        server.stop()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
