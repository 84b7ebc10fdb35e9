"""Decide about one planned mail by the state as it is in this transaction."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import decide as domain
from services.notifier.domain.decide import Decision, Others, SayPlainly, Skip, Standing, Wait
from services.notifier.domain.news import news, news_to_clinician
from services.notifier.domain.people import THE_STAFF, Person, Role, unwanted
from services.notifier.domain.plan import digest
from services.notifier.domain.sessions import Matter
from services.notifier.domain.states import NOTICES, Kind, State, Unsent
from services.notifier.domain.timing import at_wall_time
from services.notifier.store import (
    addresses,
    claims,
    notices,
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
    if claim.kind in NOTICES:
        return domain.keep_back(await _notice(conn, claim, person, now), reason)
    if reason is not None:
        return Skip(reason)
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
        case Kind.ADDRESS:
            same = claim.subject_id == about_address(person.email)
            return SayPlainly() if same else Skip(Unsent.SUPERSEDED)
    return await _of_sessions(conn, claim, person, now)


async def _of_sessions(
    conn: AsyncConnection, claim: Claim, person: Person, now: datetime
) -> Decision:
    match claim.kind:
        case Kind.ENDED:
            return await _ended(conn, claim, person, now)
        case Kind.FOLLOW_UP:
            return await _follow_up(conn, claim, person, now)
        case Kind.UNSEEN:
            return await _unseen(conn, claim, now)
    return await _reminder(conn, claim, person, now)


async def _reminder(conn: AsyncConnection, claim: Claim, person: Person, now: datetime) -> Decision:
    assert claim.session_id is not None  # a reminder is of a session
    session = await sessions.hold_session(conn, claim.session_id, person.client_id)
    if session is None:
        known = await sessions.find_session(conn, claim.session_id)
        return Skip(Unsent.NOT_IN_IT) if known else Wait()
    nearer = await claims.nearer_is_due(conn, claim, now)
    return domain.decide_reminder(session, revision=claim.revision, nearer_is_due=nearer, now=now)


async def _notice(conn: AsyncConnection, claim: Claim, person: Person, now: datetime) -> Decision:
    """The sessions are held before it is read what else is open: a change comes with its notice."""
    matter = Matter(course_id=claim.course_id, session_id=claim.session_id)
    concerning = await sessions.hold_concerning(conn, matter, person.client_id, person.id)
    if await sessions.revision_of(conn, matter) < claim.revision:
        return Wait()
    last = await told.told_of(conn, [session.id for session, _ in concerning], person.id)
    standings = [
        Standing(
            session=session,
            expected=comes or session.clinician_id == person.id,
            told=last[session.id],
        )
        for session, comes in concerning
    ]
    difference = news_to_clinician if person.role is Role.CLINICIAN else news
    others = await _others(conn, claim, person)
    return domain.decide_notice(standings, others, now=now, difference=difference)


async def _others(conn: AsyncConnection, claim: Claim, person: Person) -> Others:
    """Return what else is open; one that its reader does not want says nothing for this one."""
    beside = await notices.open_beside(conn, claim)
    wanted = [each for each in beside if each.kind not in person.wishes.opted_out]
    return Others(
        later=any(each.revision > claim.revision for each in wanted),
        on_its_way=any(
            each.revision < claim.revision and each.state is State.SENDING for each in beside
        ),
    )


async def _ended(conn: AsyncConnection, claim: Claim, person: Person, now: datetime) -> Decision:
    assert claim.course_id is not None  # it is the end of a course
    course = await sessions.hold_course(conn, claim.course_id, person.client_id)
    later = await notices.later_is_open(conn, claim)
    said = later or await notices.cancels_what_was_left(conn, claim)
    return domain.decide_ended(course, said=said, due_at=claim.due_at, now=now)


async def _follow_up(
    conn: AsyncConnection, claim: Claim, person: Person, now: datetime
) -> Decision:
    return domain.decide_follow_up(
        await sessions.latest_start(conn, person.client_id),
        (await practice.read_practice(conn)).follow_up_after,
        later=await notices.later_is_open(conn, claim),
        now=now,
    )


async def _offer(conn: AsyncConnection, claim: Claim, now: datetime) -> Decision:
    assert claim.offer_id is not None
    return domain.decide_offer(await offers.hold_offer(conn, claim.offer_id), now=now)


async def _unseen(conn: AsyncConnection, claim: Claim, now: datetime) -> Decision:
    assert claim.session_id is not None
    session = await sessions.hold_any_session(conn, claim.session_id)
    if session is None:
        return Wait()
    return domain.decide_unseen(session, claim.person_id, revision=claim.revision, now=now)


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
