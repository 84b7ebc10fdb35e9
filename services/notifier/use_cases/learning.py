"""Learn what an event tells, and plan what follows from it, in the consumer's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import plan
from services.notifier.domain.people import Person
from services.notifier.domain.plan import Change
from services.notifier.domain.sessions import CANCELLED, Session, times_revision
from services.notifier.domain.states import Kind, Unsent
from services.notifier.store import people, plans, sessions
from shared.events import data as told


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How long before a start to remind, and how long to wait before telling of a change."""

    offsets: tuple[timedelta, ...]
    grace: timedelta


async def learn_client(conn: AsyncConnection, client: told.ClientSaved) -> None:
    await people.save_person(
        conn,
        Person(
            id=client.client_id,
            revision=client.revision,
            name=client.name,
            email=client.email,
            timezone=client.timezone,
            locale=client.locale,
            link_generation=client.link_generation,
        ),
    )


async def learn_course(
    conn: AsyncConnection, course: told.CourseBooked, change: Change, rules: Rules
) -> None:
    """Learn all sessions of a course; each client gets one confirmation of all its dates."""
    for each in course.sessions:
        await _learn(conn, each, change, rules)
    due_at = plan.notice_due(change, [each.starts_at for each in course.sessions], rules.grace)
    await plans.add(
        conn,
        plan.course_confirmations(course.course_id, course.client_ids, change, due_at=due_at),
    )


async def learn_booked(
    conn: AsyncConnection, each: told.Session, change: Change, rules: Rules
) -> None:
    due_at = plan.notice_due(change, [each.starts_at], rules.grace)
    session = await _learn(conn, each, change, rules)
    await _notify(conn, session, each.client_ids, change, Kind.CONFIRMATION, due_at)


async def learn_moved(
    conn: AsyncConnection, event: told.SessionMoved, change: Change, rules: Rules
) -> None:
    each = event.session
    due_at = plan.notice_due(change, [each.starts_at, event.previous_starts_at], rules.grace)
    session = await _learn(conn, each, change, rules)
    await _notify(conn, session, each.client_ids, change, Kind.MOVED, due_at)


async def learn_cancelled(
    conn: AsyncConnection, each: told.Session, change: Change, rules: Rules
) -> None:
    due_at = plan.notice_due(change, [each.starts_at], rules.grace)
    session = await _learn(conn, each, change, rules)
    await _notify(conn, session, each.client_ids, change, Kind.CANCELLED, due_at)


async def learn_concluded(
    conn: AsyncConnection, each: told.Session, change: Change, rules: Rules
) -> None:
    """Learn that the hour is over; nobody is told."""
    await _learn(conn, each, change, rules)


async def _learn(
    conn: AsyncConnection, each: told.Session, change: Change, rules: Rules
) -> Session:
    """Store the session as told, and bring its reminders in line.

    An older revision changes nothing: what this event told is then returned, not stored.
    """
    known = await sessions.find_session(conn, each.session_id)
    session = _session(each, known)
    if known is not None and known.revision >= session.revision:
        return session
    await sessions.save_session(conn, session, each.client_ids)
    if not session.takes_place:
        reason = Unsent.CANCELLED if session.status == CANCELLED else Unsent.CONCLUDED
        await plans.end_reminders(conn, session.id, reason, now=change.at)
        return session
    await plans.end_reminders(
        conn, session.id, Unsent.MOVED, now=change.at, older_than=session.times_revision
    )
    planned = plan.reminders(session, each.client_ids, rules.offsets, changed_at=change.at)
    await plans.add(conn, planned)
    return session


async def _notify(
    conn: AsyncConnection,
    session: Session,
    clients: Iterable[UUID],
    change: Change,
    kind: Kind,
    due_at: datetime,
) -> None:
    await plans.add(conn, plan.notices(session, clients, change, kind=kind, due_at=due_at))


def _session(each: told.Session, known: Session | None) -> Session:
    return Session(
        id=each.session_id,
        course_id=each.course_id,
        revision=each.revision,
        times_revision=times_revision(known, revision=each.revision, starts_at=each.starts_at),
        starts_at=each.starts_at,
        timezone=each.timezone,
        status=each.status,
        links_expire_at=each.links_expire_at,
    )
