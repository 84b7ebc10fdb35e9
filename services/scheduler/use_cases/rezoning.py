"""After a change of the zone database, move what is to come to the hour that was agreed.

Each course, and each session without one, is settled in a transaction of its own and looked at
anew in it: a crash loses nothing, and two replicas move nothing twice.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.audit import Entry
from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.course_changes import changed
from services.scheduler.domain.errors import UnknownSession
from services.scheduler.domain.rezoning import AgreedHour, rezoned
from services.scheduler.domain.sessions import Session
from services.scheduler.store import agreed_hours, diary
from services.scheduler.use_cases.auditing import record
from services.scheduler.use_cases.changing_courses import Held, find_clashes, hold_course, keep
from services.scheduler.use_cases.clients import BY_ITSELF
from services.scheduler.use_cases.free_hours import Booking, find_conflicts, hold
from services.scheduler.use_cases.tasks import raise_task
from shared.eventlog import log
from shared.store.database import Database

ZONE_CHANGED: Final = "zone_changed"
# An agreed hour yields to another agreed hour alone: not to working hours, holds or buffers.
IN_THE_WAY: Final = frozenset({Reason.CLINICIAN_BUSY, Reason.CLIENT_BUSY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How many sessions were moved, and how many were left to staff."""

    moved: int = 0
    left: int = 0

    def __add__(self, other: Settled) -> Settled:
        return Settled(moved=self.moved + other.moved, left=self.left + other.left)


async def hours_off(conn: AsyncConnection, now: datetime) -> list[AgreedHour]:
    """Return every hour to come whose clock will not show what was agreed, by its start."""
    return [each for each in await agreed_hours.hours_to_come(conn, now) if each.is_off(now)]


async def rezone_if_changed(database: Database, now: datetime, tzversion: str) -> Settled | None:
    """Rezone if the hours were settled by another version; return None if they were not."""
    if await database.read(agreed_hours.kept_rules) == tzversion:
        return None
    return await rezone(database, now, tzversion)


async def rezone(database: Database, now: datetime, tzversion: str) -> Settled:
    """Move every hour that is off, tell of it, and keep that `tzversion` holds.

    Hours that stand in each other's way clear it as they move, so what clashes is tried again
    while anything moves. What still clashes then is a task of the staff.
    """
    waiting = await database.read(lambda conn: _agreements(conn, now))
    done, progress = Settled(), True
    while waiting and progress:
        progress = False
        for each in list(waiting):
            settled = await database.write(functools.partial(each.settle, now=now, id=each.id))
            if settled is not None:
                waiting.remove(each)
                done, progress = done + settled, True
    for each in waiting:
        rest = functools.partial(each.settle, now=now, id=each.id, in_part=True)
        settled = await database.write(rest)
        done += settled or Settled()
    await database.write(lambda conn: agreed_hours.keep_rules(conn, tzversion))
    return done


class Settle(Protocol):
    """Settle one agreement; return None, and change nothing, if it cannot be done whole.

    With `in_part` what can be moved is, and staff get a task for the rest.
    """

    async def __call__(
        self, conn: AsyncConnection, *, now: datetime, id: UUID, in_part: bool = False
    ) -> Settled | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A course, or a session without one, and how it is settled."""

    id: UUID
    settle: Settle


async def _agreements(conn: AsyncConnection, now: datetime) -> list[Agreement]:
    found = [
        Agreement(id=each.session_id, settle=_settle_alone)
        if each.course_id is None
        else Agreement(id=each.course_id, settle=_settle_course)
        for each in await hours_off(conn, now)
    ]
    return list(dict.fromkeys(found))


async def _settle_course(
    conn: AsyncConnection, *, now: datetime, id: UUID, in_part: bool = False
) -> Settled | None:
    held = await hold_course(conn, id)
    sessions = {each.id: each for each in held.course.sessions}
    off = [each for each in await agreed_hours.hours_of(conn, sessions) if each.is_off(now)]
    moved = [rezoned(sessions[e.session_id], e.due) for e in off if e.can_move(now)]
    while moved and (clashing := await _clashing(conn, now, held, moved)):
        if not in_part:
            return None
        moved = [each for each in moved if each.id not in clashing]
    if moved:
        await keep(conn, now, changed(held.course, moved))
    settled = Settled(moved=len(moved), left=len(off) - len(moved))
    await _record(conn, now, id, settled)
    return settled


async def _clashing(
    conn: AsyncConnection, now: datetime, held: Held, moved: Sequence[Session]
) -> set[UUID]:
    found = await find_clashes(conn, now, held, changed(held.course, moved))
    taken = _taken(found)
    return {each.id for each in moved if each.slot.starts_at in taken and not each.overbooked}


async def _settle_alone(
    conn: AsyncConnection, *, now: datetime, id: UUID, in_part: bool = False
) -> Settled | None:
    seen = await diary.find(conn, id)
    if seen is None:
        raise UnknownSession
    clinician = await hold(conn, seen.clinician_id, seen.client_ids)
    session = await diary.lock(conn, id)
    off = [each for each in await agreed_hours.hours_of(conn, [id]) if each.is_off(now)]
    if session is None or not off:
        return Settled()
    moved = rezoned(session, off[0].due)
    booking = Booking(
        clinician=clinician,
        client_ids=session.client_ids,
        slots=[moved.slot],
        timezone=session.timezone,
        now=now,
        moving=frozenset({id}),
    )
    free = session.overbooked or not _taken(await find_conflicts(conn, booking))
    if not free and not in_part:
        return None
    settled = Settled(moved=1) if free and off[0].can_move(now) else Settled(left=1)
    if settled.moved:
        await diary.change(conn, [moved])
        await log.append(conn, [announcements.session_moved(moved, session.slot, at=now)])
    await _record(conn, now, id, settled)
    return settled


def _taken(found: Iterable[Conflict]) -> set[datetime]:
    return {each.starts_at.astimezone(UTC) for each in found if each.reason in IN_THE_WAY}


async def _record(conn: AsyncConnection, now: datetime, id: UUID, settled: Settled) -> None:
    if settled.left:
        await raise_task(conn, kind=ZONE_CHANGED, subject=id, now=now)
    if settled != Settled():
        details = {"moved": settled.moved, "left": settled.left}
        await record(
            conn,
            Entry(
                actor=BY_ITSELF, action="zone rules changed", subject=id, at=now, details=details
            ),
        )
