"""Learn what an event tells, and plan what follows from it, in the consumer's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import plan
from services.notifier.domain.offers import Offer
from services.notifier.domain.people import unwanted
from services.notifier.domain.plan import Change
from services.notifier.domain.sessions import CANCELLED, Session, times_revision
from services.notifier.domain.states import Kind, Unsent
from services.notifier.store import offers, people, plans, practice, sessions
from services.notifier.store.sessions import Expected
from services.notifier.use_cases.reminding import Rules, readers_of, remind
from shared.events import data as told


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Whom news touches, all the times it left or gave, and whether someone has confirmed."""

    touched: frozenset[UUID] = frozenset()
    times: tuple[datetime, ...] = ()
    confirmed: bool = False


async def learn_course(
    conn: AsyncConnection, course: told.CourseBooked, change: Change, rules: Rules
) -> None:
    """Learn all sessions of a course; each reader gets one confirmation of all its dates."""
    await _learn(conn, course.sessions, change, rules)
    due_at = plan.notice_due(change, [each.starts_at for each in course.sessions], rules.grace)
    await _notify_of_course(
        conn, course.course_id, course.client_ids, change, Kind.CONFIRMATION, due_at
    )


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
    touched = sorted(learned.touched)
    await _notify_of_course(conn, course.course_id, touched, change, Kind.CHANGED, due_at)
    if len(course.sessions) == 1:  # several at once are the staff's doing, and no news to them
        await _tell_clinician(conn, course.sessions[0], learned, change, rules)


async def learn_end(
    conn: AsyncConnection, ended: told.CourseEnded, change: Change, rules: Rules
) -> None:
    """Learn that nothing of a course is to come: what that cancels is told, else its end is."""
    people, course = ended.client_ids, ended.course_id
    await learn_changes(conn, ended, change, rules)
    if not ended.sessions:
        due_at = change.at + rules.grace
        await _notify_of_course(conn, course, people, change, Kind.ENDED, due_at)
    after = (await practice.read_practice(conn)).follow_up_after
    if after is not None:
        due_at = change.at + after
        await plans.add(
            conn,
            plan.course_notices(course, people, change, kind=Kind.FOLLOW_UP, due_at=due_at),
        )


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
    readers = await _readers(conn, each.client_ids, kind)
    session = _session(each, None)
    await plans.add(conn, plan.notices(session, readers, change, kind=kind, due_at=due_at))
    await _tell_clinician(conn, each, learned, change, rules)


async def _notify_of_course(
    conn: AsyncConnection,
    course_id: UUID,
    clients: Sequence[UUID],
    change: Change,
    kind: Kind,
    due_at: datetime,
) -> None:
    readers = await _readers(conn, clients, kind)
    await plans.add(conn, plan.course_notices(course_id, readers, change, kind=kind, due_at=due_at))


async def _readers(conn: AsyncConnection, clients: Sequence[UUID], kind: Kind) -> list[UUID]:
    """Return the clients, of whom we may yet be told, and those of their guardians who hear it."""
    found = await readers_of(conn, clients)
    guardians = [
        reader.id
        for client in clients
        for reader in found.get(client, ())
        if reader.id != client and unwanted(reader, kind) is not Unsent.WITHDRAWN
    ]
    return [*clients, *guardians]


async def _tell_clinician(
    conn: AsyncConnection, each: told.Session, learned: Learned, change: Change, rules: Rules
) -> None:
    """Plan the news that a session was confirmed or cancelled, for a clinician who wants it."""
    if not (learned.confirmed or each.status == CANCELLED):
        return
    clinician = await people.find_person(conn, each.clinician_id)
    if clinician is None or not clinician.wishes.news:
        return
    due_at = plan.notice_due(change, [each.starts_at], rules.grace)
    session = _session(each, None)
    news = plan.notices(session, [clinician.id], change, kind=Kind.NEWS, due_at=due_at)
    await plans.add(conn, news)


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
    return _learned(fresh, known, before)


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
    confirmed = False
    for session, expected in fresh:
        was, old = before.get(session.id, frozenset()), known.get(session.id)
        same = old is not None and (old.starts_at, old.status) == (
            session.starts_at,
            session.status,
        )
        touched |= (was ^ set(expected)) if same else (was | set(expected))
        confirmed |= bool(session.confirmed_by - (old.confirmed_by if old else frozenset()))
        times += [session.starts_at] if old is None else [session.starts_at, old.starts_at]
    return Learned(touched=frozenset(touched), times=tuple(times), confirmed=confirmed)


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
