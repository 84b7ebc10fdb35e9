"""Enter a whole table of people, or nobody: in the background, and through a restart.

An import is a row with its file. Whoever claims it reads the lines and brings it forward; the
people, their events and the end of the import are one transaction, so it happens once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.audit import Entry
from services.scheduler.domain.errors import UnknownImport
from services.scheduler.domain.imports import (
    Columns,
    Fault,
    Import,
    Kind,
    Row,
    Status,
    doubles,
    read_table,
)
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.store import imports as store
from services.scheduler.store import people
from services.scheduler.store.imports import Taken
from services.scheduler.use_cases.auditing import record
from shared.clock import Clock
from shared.eventlog import log as event_log
from shared.events.envelope import Event
from shared.logs import log
from shared.store.database import Database

Person = Clinician | Client

LEASE: Final = timedelta(seconds=10)
MOST_ATTEMPTS: Final = 5
_CHUNK: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a line becomes a person: whoever parses requests knows."""

    columns: Callable[[Kind], Columns]
    person: Callable[[Kind, Row], Person | tuple[Fault, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """What working on imports needs."""

    database: Database
    clock: Clock
    reading: Reading


@dataclass(slots=True, kw_only=True)
class _Read:
    """What has been read so far."""

    faults: list[Fault]
    people: list[tuple[int, Person]] = field(default_factory=list)


async def start(
    conn: AsyncConnection, now: datetime, new: Import, body: bytes, actor: str
) -> Import:
    """Store the import with its file; it is worked on soon."""
    await store.add(conn, new, body, actor, now)
    return new


async def import_with(conn: AsyncConnection, id: UUID) -> Import:
    found = await store.find(conn, id)
    if found is None:
        raise UnknownImport
    return found


async def work_once(importing: Importing) -> int:
    """Work on one import to its end and return 1, or 0 if none is due."""
    now = importing.clock.now()
    if not await importing.database.read(lambda conn: store.is_any_due(conn, now)):
        return 0
    taken = await importing.database.write(lambda conn: store.take(conn, now, uuid4(), now + LEASE))
    if taken is None:
        return 0
    if taken.attempts > MOST_ATTEMPTS:
        await _end(importing, taken, replace(taken.found, status=Status.FAILED))
    else:
        await _work(importing, taken)
    return 1


async def _work(importing: Importing, taken: Taken) -> None:
    kind, reading = taken.found.kind, importing.reading
    table = read_table(taken.body, reading.columns(kind))
    found = replace(taken.found, status=Status.WORKING, lines=len(table.rows), done=0)
    read = _Read(faults=list(table.faults))
    for begin in range(0, len(table.rows), _CHUNK):
        chunk = table.rows[begin : begin + _CHUNK]
        for row in chunk:
            _take_in(read, row, reading.person(kind, row), table.missing)
        found = replace(found, done=begin + len(chunk))
        if not await _bring_forward(importing, taken, found):
            return
    await _finish(importing, taken, found, read)


def _take_in(
    read: _Read, row: Row, person: Person | tuple[Fault, ...], missing: frozenset[str]
) -> None:
    """Keep a person, or what is wrong; a column that is missing is told once, in the header."""
    if isinstance(person, tuple):
        read.faults.extend(fault for fault in person if fault.column not in missing)
    else:
        read.people.append((row.line, person))


async def _bring_forward(importing: Importing, taken: Taken, found: Import) -> bool:
    until = importing.clock.now() + LEASE
    return await importing.database.write(
        lambda conn: store.bring_forward(conn, found, taken.claim, until)
    )


async def _finish(importing: Importing, taken: Taken, found: Import, read: _Read) -> None:
    """Enter everyone and end the import, in one transaction; or end it with what is wrong."""
    now = importing.clock.now()
    read.faults.extend(_unborn(read.people, now))
    emails = [(line, person.email) for line, person in read.people]
    entering = () if found.dry_run or read.faults else [person for _, person in read.people]
    told = [_saved(person, now) for person in entering]  # others wait for the transaction

    async def finish(conn: AsyncConnection) -> Import | None:
        known = await store.recorded(conn, found.kind, [email for _, email in emails])
        faults = sorted([*read.faults, *doubles(emails, known)])
        ended = replace(found, status=Status.REFUSED, faults=tuple(faults))
        if not faults:
            ended = replace(found, status=Status.DONE, entered=len(entering))
        if not await store.end(conn, ended, taken.claim, now):
            return None
        if ended.entered:
            await _enter(conn, now, taken, entering)
            await event_log.append(conn, told)
            await record(conn, _entry(taken, entering, now))
        return ended

    ended = await importing.database.write(finish)
    if ended is not None:
        log.info("import.ended", import_id=str(found.id), status=ended.status.value)


def _unborn(people: Sequence[tuple[int, Person]], now: datetime) -> Iterator[Fault]:
    for line, person in people:
        if isinstance(person, Client) and not person.is_born_by(now):
            yield Fault(line=line, column="date_of_birth", detail="is still to come")


async def _enter(
    conn: AsyncConnection, now: datetime, taken: Taken, entering: Sequence[Person]
) -> None:
    if taken.found.kind is Kind.CLINICIANS:
        clinicians = [person for person in entering if isinstance(person, Clinician)]
        await people.add_clinicians(conn, clinicians, now)
    else:
        clients = [person for person in entering if isinstance(person, Client)]
        await people.add_clients(conn, clients, now)


def _saved(person: Person, now: datetime) -> Event:
    if isinstance(person, Clinician):
        return announcements.clinician_saved(person, at=now)
    return announcements.client_saved(person, at=now)


def _entry(taken: Taken, entering: Sequence[Person], now: datetime) -> Entry:
    return Entry(
        actor=taken.actor,
        action=f"import {taken.found.kind.value}",
        at=now,
        subject=taken.found.id,
        others=tuple(person.id for person in entering),
        details={"entered": len(entering)},
    )


async def _end(importing: Importing, taken: Taken, ended: Import) -> None:
    now = importing.clock.now()
    await importing.database.write(lambda conn: store.end(conn, ended, taken.claim, now))
    log.error("import.failed", import_id=str(ended.id))
