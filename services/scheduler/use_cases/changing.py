"""Move, cancel and conclude one session, and read it.

`own` is the clinician whose key asks, if it is a clinician's: another's session does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import sessions
from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.errors import HourTaken, UnknownSession
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.sessions import Outcome, Session
from services.scheduler.domain.slots import Slot
from services.scheduler.store import diary
from services.scheduler.use_cases.free_hours import Booking, find_conflicts, hold
from services.scheduler.use_cases.holding import redeem
from shared.eventlog import log


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which session, and who asks."""

    id: UUID
    own: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A session at its new time, and what would be in the way there."""

    session: Session
    previous: Slot
    conflicts: tuple[Conflict, ...]


async def session_with(conn: AsyncConnection, target: Target) -> Session:
    session = await diary.find(conn, target.id)
    if session is None or target.own not in (None, session.clinician_id):
        raise UnknownSession
    return session


async def preview_move(
    conn: AsyncConnection,
    now: datetime,
    target: Target,
    slot: Slot,
    *,
    hold_id: UUID | None = None,
) -> Moved:
    """Return what the move would give, and change nothing."""
    clinician, session = await _hold(conn, target)
    moved = sessions.move(session, slot, now=now)
    booking = Booking(
        clinician=clinician,
        client_ids=session.client_ids,
        slots=[moved.slot],
        timezone=session.timezone,
        now=now,
        moving=frozenset({session.id}),
        hold_id=hold_id,
    )
    found = await find_conflicts(conn, booking)
    return Moved(session=moved, previous=session.slot, conflicts=found)


async def move_session(
    conn: AsyncConnection,
    now: datetime,
    target: Target,
    slot: Slot,
    *,
    hold_id: UUID | None = None,
) -> Session:
    """Give the session another time and tell of it, or raise why not; a hold is redeemed by it."""
    moved = await preview_move(conn, now, target, slot, hold_id=hold_id)
    if moved.conflicts:
        raise HourTaken(moved.conflicts)
    await diary.change(conn, [moved.session])
    await redeem(conn, hold_id)
    await log.append(conn, [announcements.session_moved(moved.session, moved.previous, at=now)])
    return moved.session


async def cancel_session(
    conn: AsyncConnection, now: datetime, target: Target, reason: str | None
) -> Session:
    """Free the session's hour and tell of it; `reason` stays here."""
    _, session = await _hold(conn, target)
    cancelled = sessions.cancel(session, reason, now=now)
    await diary.change(conn, [cancelled])
    await log.append(conn, [announcements.session_cancelled(cancelled, at=now)])
    return cancelled


async def conclude_session(
    conn: AsyncConnection, now: datetime, target: Target, outcome: Outcome
) -> Session:
    """Record how the session went, and tell of it."""
    _, session = await _hold(conn, target)
    concluded = sessions.conclude(session, outcome, now=now)
    await diary.change(conn, [concluded])
    await log.append(conn, [announcements.session_concluded(concluded, at=now)])
    return concluded


async def _hold(conn: AsyncConnection, target: Target) -> tuple[Clinician, Session]:
    """Lock everyone concerned, then the session; who they are never changes."""
    seen = await session_with(conn, target)
    clinician = await hold(conn, seen.clinician_id, seen.client_ids)
    session = await diary.lock(conn, seen.id)
    if session is None:
        raise UnknownSession
    return clinician, session
