"""Decide about one planned mail by the state as it is in this transaction."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import decide as domain
from services.notifier.domain.decide import Decision, Others, SayPlainly, Skip, Standing, Wait
from services.notifier.domain.people import THE_STAFF, Person, Role, unwanted
from services.notifier.domain.plan import digest
from services.notifier.domain.states import Kind, Unsent
from services.notifier.domain.timing import at_wall_time
from services.notifier.store import (
    addresses,
    claims,
    offers,
    people,
    plans,
    practice,
    sessions,
    told,
)
from services.notifier.store.claims import Claim
from shared.links import about_address

_DAY: Final = timedelta(days=1)
_OF_SESSIONS: Final = frozenset(
    {
        Kind.CONFIRMATION,
        Kind.REMINDER,
        Kind.MOVED,
        Kind.CANCELLED,
        Kind.CHANGED,
        Kind.ENDED,
    }
)
STAFF_LANGUAGE: Final = "en"
STAFF_ZONE: Final = "UTC"


async def whom(conn: AsyncConnection, claim: Claim) -> Person | None:
    """Return whom the mail is for, as last told; None while they are not known."""
    if claim.person_id != THE_STAFF:
        return await people.find_person(conn, claim.person_id)
    address = (await practice.read_practice(conn)).staff_address
    if address is None:
        return None
    return Person(
        id=THE_STAFF,
        revision=1,
        name="",
        email=address,
        timezone=STAFF_ZONE,
        locale=STAFF_LANGUAGE,
        link_generation=0,
        role=Role.STAFF,
    )


async def decide(
    conn: AsyncConnection, claim: Claim, person: Person | None, now: datetime
) -> Decision:
    """Return what is to be said, or why nothing is; what is read is held until the commit."""
    if person is None:
        return Skip(Unsent.WITHDRAWN) if claim.person_id == THE_STAFF else Wait()
    reason = unwanted(person, claim.kind)
    if reason is None and await addresses.is_stopped(conn, person.id, person.email):
        reason = Unsent.ADDRESS_STOPPED
    if reason is not None:
        return Skip(reason)
    if claim.kind in _OF_SESSIONS:
        return await _of_sessions(conn, claim, person, now)
    return await _of_other_things(conn, claim, person, now)


async def _of_other_things(
    conn: AsyncConnection, claim: Claim, person: Person, now: datetime
) -> Decision:
    match claim.kind:
        case Kind.OFFER:
            return await _offer(conn, claim, now)
        case Kind.DIGEST:
            return await _day(conn, claim, person, now)
        case Kind.TASK:
            await claims.hold(
                conn, claim
            )  # before it counts: what fails from now on is for the next
            return domain.decide_trouble(await plans.failed_since_told(conn))
        case Kind.NEWS | Kind.UNSEEN:
            return await _of_one(conn, claim, now)
        case Kind.FOLLOW_UP:
            ahead = await sessions.ahead_of(conn, now, clients=[person.client_id])
            return domain.decide_follow_up([session for session, _ in ahead])
    same = claim.subject_id == about_address(person.email)
    return SayPlainly() if same else Skip(Unsent.SUPERSEDED)


async def _of_sessions(
    conn: AsyncConnection, claim: Claim, person: Person, now: datetime
) -> Decision:
    if claim.course_id is not None and claim.kind is Kind.CHANGED:
        return await _changes(conn, claim, claim.course_id, person, now)
    if claim.course_id is not None:
        course = await sessions.hold_course(conn, claim.course_id, person.client_id)
        if claim.kind is Kind.ENDED:
            return domain.decide_ended(course, due_at=claim.due_at, now=now)
        return domain.decide_course(course, now=now)
    assert claim.session_id is not None  # a mail of these kinds is about a session or a course
    session = await sessions.hold_session(conn, claim.session_id, person.client_id)
    if session is None:
        known = await sessions.find_session(conn, claim.session_id)
        return Skip(Unsent.NOT_IN_IT) if known else Wait()
    if claim.kind is Kind.REMINDER:
        nearer = await claims.nearer_is_due(conn, claim, now)
        return domain.decide_reminder(
            session, revision=claim.revision, nearer_is_due=nearer, now=now
        )
    others = Others(
        later=await claims.later_notice_is_open(conn, claim),
        confirmation=await claims.confirmation_is_open(conn, session.course_id, claim.person_id),
    )
    last = await told.last_told(conn, session.id, claim.person_id)
    return domain.decide_notice(session, last, others, revision=claim.revision, now=now)


async def _changes(
    conn: AsyncConnection, claim: Claim, course_id: UUID, person: Person, now: datetime
) -> Decision:
    concerning = await sessions.hold_concerning(conn, course_id, person.client_id, person.id)
    ids = [session.id for session, _ in concerning]
    last = await told.told_of(conn, ids, claim.person_id)
    standings = [
        Standing(session=session, expected=expected, told=last[session.id])
        for session, expected in concerning
    ]
    others = Others(
        later=await claims.later_changes_are_open(conn, claim),
        confirmation=await claims.confirmation_is_open(conn, course_id, claim.person_id),
    )
    return domain.decide_changes(standings, others, now=now)


async def _offer(conn: AsyncConnection, claim: Claim, now: datetime) -> Decision:
    assert claim.offer_id is not None
    return domain.decide_offer(await offers.hold_offer(conn, claim.offer_id), now=now)


async def _of_one(conn: AsyncConnection, claim: Claim, now: datetime) -> Decision:
    """What a clinician hears of one session."""
    assert claim.session_id is not None
    session = await sessions.hold_any_session(conn, claim.session_id)
    if session is None:
        return Wait()
    if claim.kind is Kind.UNSEEN:
        return domain.decide_unseen(session, claim.person_id, revision=claim.revision, now=now)
    if session.clinician_id != claim.person_id:
        return Skip(Unsent.NOT_IN_IT)
    return domain.decide_news(session, revision=claim.revision, now=now)


async def _day(conn: AsyncConnection, claim: Claim, person: Person, now: datetime) -> Decision:
    assert claim.day is not None
    wanted = digest(person, claim.day)
    if wanted is None:
        return Skip(Unsent.NOT_WANTED)
    if wanted.due_at > now:
        return Wait()  # it is being moved
    begins = at_wall_time(claim.day, time(0), person.timezone)
    ends = at_wall_time(claim.day + _DAY, time(0), person.timezone)
    held = await sessions.day_of_clinician(conn, person.id, begins, ends)
    return domain.decide_day(held, ends, now=now)
