"""Time off over booked sessions: what it falls on, where each could go, all of it in one change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import extending, sessions
from services.scheduler.domain.availability import buffer_of, notice_of
from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.displaced import Displaced, fits, same_week, weeks_after
from services.scheduler.domain.errors import (
    HourPast,
    HourTaken,
    NotDisplaced,
    SameTime,
    UnknownTimeOff,
)
from services.scheduler.domain.overrides import Override, overbooked
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.sessions import Session
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.time_off import TimeOff, TimeOffRequest
from services.scheduler.store import diary
from services.scheduler.store.availability import find_time_off
from services.scheduler.store.courses import find_course, lock_course
from services.scheduler.store.people import lock_clients, lock_clinician
from services.scheduler.use_cases import availability
from services.scheduler.use_cases.free_hours import Booking, find_conflicts
from services.scheduler.use_cases.keeping_together import keep_together
from services.scheduler.use_cases.people import clinician_with
from services.scheduler.use_cases.practice import policy_of
from shared.zones import zone

WEEKS_LOOKED_AT: Final = 52  # after the last session, if its own week has no room


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where one session is to go; without a slot it is cancelled."""

    session_id: UUID
    slot: Slot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Time off, and the sessions that it falls on."""

    off: TimeOff
    affected: tuple[Displaced, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The sessions that were moved or cancelled, and what staff passed over for it."""

    sessions: tuple[Session, ...]
    overridden: tuple[Conflict, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Search:
    """The hours that are left while one session after the other is given one."""

    conn: AsyncConnection
    now: datetime
    clinician: Clinician
    away: Slot
    moving: frozenset[UUID]
    earliest: datetime
    buffer: timedelta
    taken: list[Slot] = field(default_factory=list)

    async def first_free(self, session: Session, candidates: Sequence[Slot]) -> Slot | None:
        """Return the first of `candidates` that everyone has free and nobody was given."""
        left = [
            slot
            for slot in candidates
            if slot.starts_at >= self.earliest
            and not slot.overlaps(self.away)
            and fits(slot, self.taken, self.buffer)
        ]
        clashing = {each.starts_at for each in await self.clashes(session, left)}
        return next((slot for slot in left if slot.starts_at not in clashing), None)

    async def clashes(self, session: Session, slots: Sequence[Slot]) -> tuple[Conflict, ...]:
        if not slots:
            return ()
        booking = Booking(
            clinician=self.clinician,
            client_ids=session.client_ids,
            slots=slots,
            timezone=session.timezone,
            now=self.now,
            moving=self.moving,
        )
        return await find_conflicts(self.conn, booking)


async def affected_by(
    conn: AsyncConnection, now: datetime, clinician: Clinician, slot: Slot
) -> tuple[Displaced, ...]:
    """Return all sessions to come that time off at `slot` falls on, each with a free hour.

    That is in the same week, else after the end of its course at its usual hour.
    """
    hit = await diary.scheduled_within(conn, clinician.id, slot)
    found = [session for session in hit if session.slot.starts_at > now]
    search = await _search(conn, now, clinician, slot, found)
    return tuple([await _displaced(search, session) for session in found])


async def enter_time_off(
    conn: AsyncConnection, now: datetime, request: TimeOffRequest, id: UUID
) -> Entered:
    """Store the time off; return it with what it falls on, which stays until it is applied."""
    off = await availability.enter_time_off(conn, now, request, id)
    clinician = await clinician_with(conn, off.clinician_id)
    return Entered(off=off, affected=await affected_by(conn, now, clinician, off.slot))


async def preview_time_off(
    conn: AsyncConnection, now: datetime, request: TimeOffRequest, id: UUID
) -> Entered:
    """Return what the time off would fall on, and change nothing."""
    clinician = await clinician_with(conn, request.clinician_id)
    off = request.time_off(id, zone(clinician.timezone))
    return Entered(off=off, affected=await affected_by(conn, now, clinician, off.slot))


async def affected_by_time_off(
    conn: AsyncConnection, now: datetime, id: UUID, *, own: UUID | None
) -> tuple[Displaced, ...]:
    """Return what the stored time off still falls on."""
    clinician, away = await _time_off(conn, id, own)
    return await affected_by(conn, now, clinician, away)


async def apply_time_off(
    conn: AsyncConnection,
    now: datetime,
    id: UUID,
    wishes: Sequence[Wish],
    *,
    own: UUID | None,
    override: Override | None = None,
) -> Applied:
    """Move or cancel all that the time off falls on, in one change, or raise why not.

    Each goes where `wishes` say, else to the hour that is proposed for it. Each course is told
    of in one event. An `override` lets wishes take hours that are not free.
    """
    clinician, away = await _time_off(conn, id, own)
    hit = await diary.scheduled_within(conn, clinician.id, away)
    await lock_clients(conn, sorted({id for session in hit for id in session.client_ids}))
    courses = sorted({session.course_id for session in hit if session.course_id is not None})
    for course_id in courses:
        await lock_course(conn, course_id)
    found = [session for session in hit if session.slot.starts_at > now]
    search = await _search(conn, now, clinician, away, found)
    targets, passed = await _targets(search, found, wishes, override)
    put = [_put(each, targets[each.id], passed, now) for each in found]
    return Applied(sessions=await keep_together(conn, now, put, before=found), overridden=passed)


async def _time_off(conn: AsyncConnection, id: UUID, own: UUID | None) -> tuple[Clinician, Slot]:
    """Return whose time off it is, held, and when."""
    off = await find_time_off(conn, id)
    if off is None or own not in (None, off.clinician_id):
        raise UnknownTimeOff
    clinician = await lock_clinician(conn, off.clinician_id)
    if clinician is None:
        raise UnknownTimeOff
    return clinician, off.slot


async def _search(
    conn: AsyncConnection,
    now: datetime,
    clinician: Clinician,
    away: Slot,
    found: Sequence[Session],
) -> _Search:
    policy = await policy_of(conn)
    return _Search(
        conn=conn,
        now=now,
        clinician=clinician,
        away=away,
        moving=frozenset(session.id for session in found),
        earliest=now + notice_of(clinician, policy),
        buffer=buffer_of(clinician, policy),
    )


async def _displaced(search: _Search, session: Session) -> Displaced:
    proposal = await search.first_free(session, same_week(session, now=search.now))
    if proposal is None:
        proposal = await search.first_free(session, await _afterwards(search, session))
    if proposal is not None:
        search.taken.append(proposal)
    return Displaced(session=session, proposal=proposal)


async def _afterwards(search: _Search, session: Session) -> tuple[Slot, ...]:
    course = await find_course(search.conn, session.course_id) if session.course_id else None
    if course is None:
        return weeks_after(session, WEEKS_LOOKED_AT)
    return extending.next_slots(course, WEEKS_LOOKED_AT, now=search.now)


async def _targets(
    search: _Search,
    found: Sequence[Session],
    wishes: Sequence[Wish],
    override: Override | None,
) -> tuple[Mapping[UUID, Slot | None], tuple[Conflict, ...]]:
    """Return where each session goes, None being nowhere, and what is passed over for it.

    Raise with every date in the way. An override gives no hour to what has none: it is wished for.
    """
    targets, in_the_way = await _wished(search, found, wishes)
    nowhere: list[Conflict] = []
    for session in found:
        if session.id not in targets:
            targets[session.id] = (await _displaced(search, session)).proposal
            if targets[session.id] is None:
                nowhere.append(_conflict(session, session.slot, Reason.TIME_OFF))
    refused = nowhere if override else [*in_the_way, *nowhere]
    if refused:
        raise HourTaken(refused)
    return targets, tuple(in_the_way)


async def _wished(
    search: _Search, found: Sequence[Session], wishes: Sequence[Wish]
) -> tuple[dict[UUID, Slot | None], list[Conflict]]:
    """Return where the wishes put sessions, and every date that is not free for them."""
    affected = {session.id: session for session in found}
    targets: dict[UUID, Slot | None] = {}
    in_the_way: list[Conflict] = []
    for place, wish in enumerate(wishes):
        session = affected.get(wish.session_id)
        if session is None or session.id in targets:
            raise NotDisplaced(pointer=f"#/moves/{place}/session_id")
        targets[session.id] = wish.slot
        if wish.slot is None:
            continue
        if wish.slot == session.slot:
            raise SameTime("choose another time", pointer=f"#/moves/{place}/starts_at")
        if wish.slot.starts_at <= search.now:
            raise HourPast("choose a time to come", pointer=f"#/moves/{place}/starts_at")
        in_the_way.extend(await search.clashes(session, [wish.slot]))
        if not fits(wish.slot, search.taken, timedelta(0)):
            in_the_way.append(_conflict(session, wish.slot, Reason.CLINICIAN_BUSY))
        search.taken.append(wish.slot)
    return targets, in_the_way


def _conflict(session: Session, slot: Slot, reason: Reason) -> Conflict:
    local = slot.starts_at.astimezone(zone(session.timezone))
    return Conflict(date=local.date(), starts_at=local, reason=reason)


def _put(
    session: Session, target: Slot | None, passed: Sequence[Conflict], now: datetime
) -> Session:
    """Return the session where it goes, overbooked if that hour is someone else's."""
    if target is None:
        return sessions.cancel(session, None, now=now)
    return overbooked([sessions.move(session, target, now=now)], passed)[0]
