"""Move, cancel and conclude sessions, one or several of a course, and read one.

`own` is the clinician whose key asks, if it is a clinician's: another's session does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import series, sessions
from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.course_changes import Change, changed, marked_late
from services.scheduler.domain.errors import UnknownSession
from services.scheduler.domain.freed import FreedHour, freed_by
from services.scheduler.domain.overrides import Override, overbooked
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.series import Scope
from services.scheduler.domain.sessions import Outcome, Session
from services.scheduler.domain.slots import Slot
from services.scheduler.store import diary
from services.scheduler.use_cases.changing_courses import (
    Held,
    find_clashes,
    hold_course,
    keep,
    news_of,
    passed_over,
    refuse_clashes,
)
from services.scheduler.use_cases.free_hours import Booking, find_conflicts, hold
from services.scheduler.use_cases.holding import redeem
from services.scheduler.use_cases.making_up import make_up
from shared.eventlog import log
from shared.events.envelope import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which session, who asks, and how far from it the change reaches."""

    id: UUID
    own: UUID | None = None
    scope: Scope = Scope.THIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change gives: the session that was named, all that change, and what clashes.

    Without a course `change` is None. A weekly hour that comes free is `freed`.
    """

    session: Session
    sessions: tuple[Session, ...]
    conflicts: tuple[Conflict, ...] = ()
    freed: FreedHour | None = None
    change: Change | None = None
    news: tuple[Event, ...] = ()


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
) -> Effect:
    """Return what the move would give and what would clash, and change nothing."""
    seen = await session_with(conn, target)
    if seen.course_id is None:
        return await _move_alone(conn, now, target, slot, hold_id)
    held, session = await _hold_in_course(conn, target, seen.course_id)
    reached = series.chosen(held.course, session, target.scope, now=now, own=target.own)
    change = series.move(held.course, session, reached, slot, now=now)
    clashes = await find_clashes(conn, now, held, change, hold_id=hold_id)
    effect = _effect(session, change, conflicts=clashes)
    if len(reached) > 1:
        return replace(effect, news=tuple(news_of(change, now)))
    moved = announcements.session_moved(effect.session, session.slot, at=now)
    return replace(effect, news=(moved,))


async def move_sessions(
    conn: AsyncConnection,
    now: datetime,
    target: Target,
    slot: Slot,
    *,
    hold_id: UUID | None = None,
    override: Override | None = None,
) -> Effect:
    """Move all that is reached and tell of it, or raise why not; a hold is redeemed by it."""
    effect = await preview_move(conn, now, target, slot, hold_id=hold_id)
    refuse_clashes(effect.conflicts, override)
    effect = _passed_over(effect)
    await redeem(conn, hold_id)
    await _keep(conn, now, effect)
    return effect


async def move_session(
    conn: AsyncConnection,
    now: datetime,
    target: Target,
    slot: Slot,
    *,
    hold_id: UUID | None = None,
) -> Session:
    """Give one session another time and tell of it, or raise why not."""
    return (await move_sessions(conn, now, target, slot, hold_id=hold_id)).session


async def preview_cancel(
    conn: AsyncConnection, now: datetime, target: Target, reason: str | None
) -> Effect:
    """Return what the cancel would give, and change nothing."""
    seen = await session_with(conn, target)
    if seen.course_id is None:
        return await _cancel_alone(conn, now, target, reason)
    held, session = await _hold_in_course(conn, target, seen.course_id)
    reached = series.chosen(held.course, session, target.scope, now=now, own=target.own)
    change = series.cancel(held.course, reached, reason, now=now)
    effect = _effect(session, change)
    if len(reached) > 1:
        freed = freed_by(held.course, reached, now=now)
        return replace(effect, freed=freed, news=tuple(news_of(change, now)))
    news = [announcements.session_cancelled(effect.session, at=now)]
    if change.ends:
        news.append(announcements.course_ended(change.after, (), at=now))
    return replace(effect, news=tuple(news))


async def cancel_sessions(
    conn: AsyncConnection, now: datetime, target: Target, reason: str | None
) -> Effect:
    """Free the hours of all that is reached and tell of it; `reason` stays here."""
    effect = await preview_cancel(conn, now, target, reason)
    await _keep(conn, now, effect)
    return effect


async def cancel_by_client(
    conn: AsyncConnection, now: datetime, target: Target, *, late: bool
) -> Session:
    """Cancel one session as its client wants it, and tell of it.

    If the practice wants that, a late cancel is made up for at the end.
    """
    effect = await preview_cancel(conn, now, target, None)
    change = effect.change
    if change is None:
        session = replace(effect.session, cancelled_late=late)
        await _keep(conn, now, replace(effect, session=session, sessions=(session,)))
        return session
    change = marked_late(change, target.id) if late else change
    await keep(conn, now, change, effect.news[:1])
    made_up = late and await make_up(conn, now, await hold_course(conn, change.after.id))
    if not made_up:
        await log.append(conn, effect.news[1:])
    return _effect(effect.session, change).session


async def conclude_session(
    conn: AsyncConnection, now: datetime, target: Target, outcome: Outcome
) -> Session:
    """Record how the session went, and tell of it; the last one ends its course.

    If the practice wants that, a session that was missed is made up for at the end.
    """
    seen = await session_with(conn, target)
    if seen.course_id is None:
        _, session = await _hold_alone(conn, target)
        concluded = sessions.conclude(session, outcome, now=now)
        await diary.change(conn, [concluded])
        await log.append(conn, [announcements.session_concluded(concluded, at=now)])
        return concluded
    held, session = await _hold_in_course(conn, target, seen.course_id)
    change = changed(held.course, [sessions.conclude(session, outcome, now=now)])
    effect = _effect(session, change)
    await keep(conn, now, change, [announcements.session_concluded(effect.session, at=now)])
    held = replace(held, course=change.after)
    made_up = outcome is Outcome.NO_SHOW and await make_up(conn, now, held)
    if change.ends and not made_up:
        await log.append(conn, [announcements.course_ended(change.after, (), at=now)])
    return effect.session


async def _hold_alone(conn: AsyncConnection, target: Target) -> tuple[Clinician, Session]:
    """Lock everyone concerned, then the session; who they are never changes without a course."""
    seen = await session_with(conn, target)
    clinician = await hold(conn, seen.clinician_id, seen.client_ids)
    session = await diary.lock(conn, seen.id)
    if session is None:
        raise UnknownSession
    return clinician, session


async def _hold_in_course(
    conn: AsyncConnection, target: Target, course_id: UUID
) -> tuple[Held, Session]:
    held = await hold_course(conn, course_id)
    session = next(each for each in held.course.sessions if each.id == target.id)
    if target.own not in (None, session.clinician_id):
        raise UnknownSession
    return held, session


async def _move_alone(
    conn: AsyncConnection, now: datetime, target: Target, slot: Slot, hold_id: UUID | None
) -> Effect:
    clinician, session = await _hold_alone(conn, target)
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
    return Effect(
        session=moved,
        sessions=(moved,),
        conflicts=await find_conflicts(conn, booking),
        news=(announcements.session_moved(moved, session.slot, at=now),),
    )


async def _cancel_alone(
    conn: AsyncConnection, now: datetime, target: Target, reason: str | None
) -> Effect:
    _, session = await _hold_alone(conn, target)
    gone = sessions.cancel(session, reason, now=now)
    news = (announcements.session_cancelled(gone, at=now),)
    return Effect(session=gone, sessions=(gone,), news=news)


def _effect(named: Session, change: Change, *, conflicts: Sequence[Conflict] = ()) -> Effect:
    session = next(each for each in change.after.sessions if each.id == named.id)
    return Effect(session=session, sessions=change.told, conflicts=tuple(conflicts), change=change)


def _passed_over(effect: Effect) -> Effect:
    """Return the effect with its clashes overbooked: staff wanted it so."""
    if not effect.conflicts:
        return effect
    if effect.change is None:
        (session,) = overbooked([effect.session], effect.conflicts)
        return replace(effect, session=session, sessions=(session,))
    change = passed_over(effect.change, effect.conflicts)
    session = next(each for each in change.after.sessions if each.id == effect.session.id)
    return replace(effect, session=session, sessions=change.told, change=change)


async def _keep(conn: AsyncConnection, now: datetime, effect: Effect) -> None:
    if effect.change is not None:
        await keep(conn, now, effect.change, effect.news)
        return
    await diary.change(conn, effect.sessions)
    await log.append(conn, effect.news)
