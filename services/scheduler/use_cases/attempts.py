"""What is the same for every button of an appointment's page.

Everyone concerned is held first, then what the link shows is read again: a page that is not
of this moment changes nothing, and a second click gets what the first one did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.audit import Entry
from services.scheduler.domain.holds import Hold
from services.scheduler.domain.self_service import MOST_POSTS, Act, Action, Before
from services.scheduler.domain.sessions import Session
from services.scheduler.store import diary, holds, self_service
from services.scheduler.store.courses import find_course
from services.scheduler.use_cases.appointments import Appointment, appointment_of
from services.scheduler.use_cases.auditing import record
from services.scheduler.use_cases.free_hours import hold
from shared.eventlog import log
from shared.links import Link


class Outcome(StrEnum):
    """What became of it; only `done` has changed anything."""

    DONE = "done"
    STALE = "stale"  # the page is not of this moment
    LATE = "late"  # it would be a late cancel, and the page had not said so
    TAKEN = "taken"  # someone else has that hour
    ENDED = "ended"  # it is too late to undo
    LOST = "lost"  # the hour that an undo would need is not free
    PACED = "paced"  # too many in an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A press of a button at `now`, on a page that showed what `seen` stands for."""

    link: Link
    seen: str
    now: datetime


async def take(
    conn: AsyncConnection, attempt: Attempt, act: Act | None
) -> Appointment | Outcome | None:
    """Hold everyone concerned and return what the link shows now, if `act` is still offered."""
    shown = await _hold(conn, attempt)
    if not isinstance(shown, Appointment) or act is None:
        return shown
    if shown.standing.did(act, attempt.seen):
        return Outcome.DONE
    fresh = shown.standing.seen == attempt.seen and shown.choices.allow(act)
    return shown if fresh else Outcome.STALE


async def remember(
    conn: AsyncConnection, attempt: Attempt, shown: Appointment, act: Act, session: Session
) -> Action:
    """Store that `act` made `session` of what was shown, so that it can be undone."""
    standing = shown.standing
    action = Action(
        id=uuid4(),
        session_id=session.id,
        client_id=standing.client_id,
        number=standing.last.number + 1 if standing.last else 1,
        act=act,
        made_at=attempt.now,
        seen=attempt.seen,
        revision=session.revision,
        before=Before.of(standing.session, standing.client_id),
    )
    await self_service.add_action(conn, action)
    return action


async def keep_for_undo(conn: AsyncConnection, action: Action, session: Session) -> None:
    """Keep the hour that `action` freed, from everybody, as long as it can be undone."""
    kept = Hold(
        id=action.id,
        clinician_id=session.clinician_id,
        client_id=action.client_id,
        slots=(action.before.slot,),
        expires_at=action.undo_until,
    )
    await holds.add(conn, kept)


async def tell_of(conn: AsyncConnection, session: Session, *, at: datetime) -> None:
    """Tell of a session whose time nobody needs to be told anew, or that takes place again."""
    course = await find_course(conn, session.course_id) if session.course_id else None
    if course is None:
        event = announcements.session_booked(session, at=at)
    else:
        event = announcements.course_changed(course, [session], at=at)
    await log.append(conn, [event])


async def audit(conn: AsyncConnection, attempt: Attempt, action: str, **details: object) -> None:
    """Write down what this client did; never what they wrote."""
    client_id = attempt.link.person_id
    entry = Entry(
        actor=f"client:{client_id}",
        action=f"appointment.{action}",
        at=attempt.now,
        subject=attempt.link.session_id,
        others=(client_id,),
        details=details,
    )
    await record(conn, entry)


async def _hold(conn: AsyncConnection, attempt: Attempt) -> Appointment | Outcome | None:
    link, now = attempt.link, attempt.now
    seen = await appointment_of(conn, now, link)
    if seen is None:
        return None
    session = seen.standing.session
    everyone = sorted({*session.client_ids, seen.client.id})
    await hold(conn, session.clinician_id, everyone)
    await diary.lock(conn, session.id)
    if await self_service.posts_of_the_hour(conn, session.id, seen.client.id, now) >= MOST_POSTS:
        return Outcome.PACED
    await self_service.count_post(conn, session.id, seen.client.id, now)
    return await appointment_of(conn, now, link)


async def forget_posts(conn: AsyncConnection, now: datetime) -> int:
    """Drop the posts that no pace counts any more, and return how many."""
    return await self_service.forget_posts(conn, now)
