"""Learn what an event tells, and plan what follows from it, in the consumer's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import plan
from services.notifier.domain.news import Step, Told
from services.notifier.domain.offers import Offer
from services.notifier.domain.people import unwanted
from services.notifier.domain.plan import Change
from services.notifier.domain.sessions import (
    CANCELLED,
    Matter,
    Session,
    matter_of,
    times_revision,
)
from services.notifier.domain.states import Kind, Unsent
from services.notifier.store import offers, plans, practice, sessions
from services.notifier.store import told as heard
from services.notifier.store.sessions import Expected
from services.notifier.use_cases.learning_news import tell_clinicians
from services.notifier.use_cases.reminding import Rules, readers_of, remind
from shared.events import data as told


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Whom news touches, all the times it left or gave, and how each session was before it."""

    touched: frozenset[UUID] = frozenset()
    times: tuple[datetime, ...] = ()
    steps: tuple[Step, ...] = ()


async def learn_course(
    conn: AsyncConnection, course: told.CourseBooked, change: Change, rules: Rules
) -> None:
    """Learn all sessions of a course; each reader gets one confirmation of all its dates."""
    await _learn(conn, course.sessions, change, rules)
    due_at = plan.notice_due(change, [each.starts_at for each in course.sessions], rules.grace)
    matter = Matter(course_id=course.course_id)
    await _notify(conn, matter, course.client_ids, change, Kind.CONFIRMATION, due_at)


async def learn_changes(
    conn: AsyncConnection,
    course: told.CourseChanged | told.CourseEnded,
    change: Change,
    rules: Rules,
) -> None:
    """Learn several changes at once; whoever one of them touches gets one mail of them all."""
    if not course.sessions:
        return
    learned = await _learn(conn, course.sessions, change, rules)
    due_at = plan.notice_due(change, learned.times, rules.grace)
    matter = Matter(course_id=course.course_id)
    await _notify(conn, matter, sorted(learned.touched), change, Kind.CHANGED, due_at)
    await tell_clinicians(conn, learned.steps, matter, change, due_at)


async def learn_end(
    conn: AsyncConnection, ended: told.CourseEnded, change: Change, rules: Rules
) -> None:
    """Learn that nothing of a course is to come: what that cancels is told, else its end is."""
    clients, matter = ended.client_ids, Matter(course_id=ended.course_id)
    await learn_changes(conn, ended, change, rules)
    if not ended.sessions:
        await _notify(conn, matter, clients, change, Kind.ENDED, change.at + rules.grace)
    after = (await practice.read_practice(conn)).follow_up_after
    if after is not None:
        due_at = change.at + after
        follow_ups = plan.notices(matter, clients, change, kind=Kind.FOLLOW_UP, due_at=due_at)
        await plans.add(conn, follow_ups)


async def learn_booked(
    conn: AsyncConnection, each: told.Session, change: Change, rules: Rules
) -> None:
    await _learn_one(conn, each, change, rules, Kind.CONFIRMATION, [each.starts_at])


async def learn_moved(
    conn: AsyncConnection, event: told.SessionMoved, change: Change, rules: Rules
) -> None:
    starts = [event.session.starts_at, event.previous_starts_at]
    await _learn_one(conn, event.session, change, rules, Kind.MOVED, starts)


async def learn_cancelled(
    conn: AsyncConnection, each: told.Session, change: Change, rules: Rules
) -> None:
    await _learn_one(conn, each, change, rules, Kind.CANCELLED, [each.starts_at])


async def learn_concluded(
    conn: AsyncConnection, each: told.Session, change: Change, rules: Rules
) -> None:
    """Learn that the hour is over; nobody is told."""
    await _learn(conn, [each], change, rules)


async def learn_offer(conn: AsyncConnection, made: told.OfferMade, change: Change) -> None:
    """Learn of a time that is kept for a client, and tell them at once."""
    offer = Offer(
        id=made.offer_id,
        person_id=made.client_id,
        starts_at=made.starts_at,
        timezone=made.timezone,
        weekly=made.weekly,
        expires_at=made.expires_at,
        ended=False,
    )
    await offers.save_offer(conn, offer)
    await plans.add(conn, [plan.offer_notice(offer, change)])


async def learn_offer_ended(conn: AsyncConnection, ended: told.OfferEnded) -> None:
    await offers.end_offer(conn, ended.offer_id)


async def _learn_one(
    conn: AsyncConnection,
    each: told.Session,
    change: Change,
    rules: Rules,
    kind: Kind,
    starts: Sequence[datetime],
) -> None:
    """Learn a change to one session, and plan a notice of it for each who hears of it."""
    learned = await _learn(conn, [each], change, rules)
    due_at = plan.notice_due(change, starts, rules.grace)
    matter = matter_of(each.session_id, each.course_id)
    await _notify(conn, matter, each.client_ids, change, kind, due_at)
    await tell_clinicians(conn, learned.steps, matter, change, due_at)


async def _notify(
    conn: AsyncConnection,
    matter: Matter,
    clients: Sequence[UUID],
    change: Change,
    kind: Kind,
    due_at: datetime,
) -> None:
    readers = await _readers(conn, clients, kind)
    revision = await sessions.revision_of(conn, matter)
    planned = plan.notices(matter, readers, change, kind=kind, revision=revision, due_at=due_at)
    await plans.add(conn, planned)


async def _readers(conn: AsyncConnection, clients: Sequence[UUID], kind: Kind) -> list[UUID]:
    """Return the clients, of whom we may yet be told, and those of their guardians who hear it."""
    readers = await _readers_of_each(conn, clients, kind)
    return [reader for client in clients for reader in readers[client]]


async def _readers_of_each(
    conn: AsyncConnection, clients: Sequence[UUID], kind: Kind
) -> dict[UUID, list[UUID]]:
    found = await readers_of(conn, clients)
    return {
        client: [
            client,
            *(
                reader.id
                for reader in found.get(client, ())
                if reader.id != client and unwanted(reader, kind) is not Unsent.WITHDRAWN
            ),
        ]
        for client in clients
    }


async def _learn(
    conn: AsyncConnection, news: Sequence[told.Session], change: Change, rules: Rules
) -> Learned:
    """Store the sessions as told, and bring their reminders in line.

    An older revision than the one that is known changes nothing.
    """
    ids = [each.session_id for each in news]
    known = await sessions.known_sessions(conn, ids)
    before = await sessions.participants_of(conn, ids)
    fresh = [
        (_session(each, known.get(each.session_id)), each.client_ids)
        for each in news
        if each.session_id not in known or known[each.session_id].revision < each.revision
    ]
    if not fresh:
        return Learned()
    await sessions.save_sessions(conn, fresh)
    await _bring_in_line(conn, fresh, change, rules)
    await _have_heard_nothing(conn, fresh, before)
    return _learned(fresh, known, before)


async def _have_heard_nothing(
    conn: AsyncConnection, fresh: Sequence[Expected], before: Mapping[UUID, frozenset[UUID]]
) -> None:
    """Note of whoever comes in by this that they are about to hear of it: it may be undone."""
    new = [
        (session.id, client)
        for session, expected in fresh
        for client in sorted(set(expected) - before.get(session.id, frozenset()))
    ]
    if not new:
        return
    clients = sorted({client for _, client in new})
    readers = await _readers_of_each(conn, clients, Kind.CONFIRMATION)
    nothing = [(reader, Told(session_id=id)) for id, client in new for reader in readers[client]]
    await heard.begin(conn, nothing)


async def _bring_in_line(
    conn: AsyncConnection, fresh: Sequence[Expected], change: Change, rules: Rules
) -> None:
    over = [session for session, _ in fresh if not session.takes_place]
    cancelled = [session.id for session in over if session.status == CANCELLED]
    concluded = [session.id for session in over if session.status != CANCELLED]
    await plans.end_reminders(conn, cancelled, Unsent.CANCELLED, now=change.at)
    await plans.end_reminders(conn, concluded, Unsent.CONCLUDED, now=change.at)
    ahead = [each for each in fresh if each[0].takes_place]
    await plans.end_old_reminders(conn, [session.id for session, _ in ahead], now=change.at)
    await remind(conn, ahead, rules, changed_at=change.at)


def _learned(
    fresh: Sequence[Expected],
    known: Mapping[UUID, Session],
    before: Mapping[UUID, frozenset[UUID]],
) -> Learned:
    touched: set[UUID] = set()
    times: list[datetime] = []
    steps = [Step(before=known.get(session.id), after=session) for session, _ in fresh]
    for step, (session, expected) in zip(steps, fresh, strict=True):
        was, old = before.get(session.id, frozenset()), step.before
        same = old is not None and (old.starts_at, old.status) == (
            session.starts_at,
            session.status,
        )
        touched |= (was ^ set(expected)) if same else (was | set(expected))
        times += [session.starts_at] if old is None else [session.starts_at, old.starts_at]
    return Learned(touched=frozenset(touched), times=tuple(times), steps=tuple(steps))


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
        clinician_id=each.clinician_id,
        ends_at=each.ends_at,
        confirmed_by=frozenset(each.confirmed_by),
    )
