"""One attempt, in two transactions with the sending between them, where nothing is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain import decide
from services.notifier.domain.decide import Decision, Others, Say, SayOffer, Skip, Standing, Wait
from services.notifier.domain.links import Links
from services.notifier.domain.mail import BadAddress, Mail, plain_address
from services.notifier.domain.news import Told
from services.notifier.domain.people import Person
from services.notifier.domain.settling import LOST_TWICE, Settlement, Tried, may_not_repeat
from services.notifier.domain.states import Kind, State, Unsent
from services.notifier.domain.writing import says, write_letter
from services.notifier.rendering.render import render
from services.notifier.store import claims, offers, people, sessions, told
from services.notifier.store.claims import Claim

LOOK_AGAIN: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is at hand for one attempt; `repeatable` as the channel says, `now` in UTC."""

    links: Links
    repeatable: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A mail to send now: `said` is what its reader will know, `new_doubts` what may be undone."""

    claim: Claim
    tried: Tried
    mail: Mail
    said: tuple[Told, ...]
    new_doubts: tuple[Told, ...]


Begun = Attempt | Settlement | None


async def begin(conn: AsyncConnection, claim: Claim, desk: Desk) -> Begun:
    """Read everything again and record the attempt, or the reason why there is none.

    The session is held while this is decided, so a cancel comes either before it, and is
    seen, or after the attempt was recorded. None: not ours any more, or not yet to be decided.
    """
    decision = await _decide(conn, claim, desk.now)
    held = await claims.hold(conn, claim)
    if held is None:
        return None
    before = _tried(held, desk, answer_lost=held.answer_lost)
    crashed = held.state is State.SENDING  # and the answer was lost with it
    tried = _tried(held, desk, answer_lost=held.answer_lost or crashed)
    if crashed and may_not_repeat(before):
        return await _end(conn, held, _failed(LOST_TWICE, tried), desk)
    person = await people.find_person(conn, held.person_id)
    match decision:
        case Skip(reason):
            lost = tried.answer_lost
            skipped = Settlement(state=State.SKIPPED, reason=reason, answer_lost=lost)
            return await _end(conn, held, skipped, desk)
        case Say() | SayOffer() if person is not None:
            return await _record(conn, held, tried, decision, person, desk)
    await claims.put_back(conn, held, until=desk.now + LOOK_AGAIN)
    return None


async def finish(
    conn: AsyncConnection, attempt: Attempt, settlement: Settlement, *, now: datetime
) -> bool:
    """Settle the attempt, and note what the person now knows; False if the lease was lost."""
    claim = attempt.claim
    if not await claims.settle(conn, claim, settlement, now=now):
        return False
    if settlement.state is State.SENT:
        await told.heard(conn, claim.person_id, attempt.said)
    elif not settlement.answer_lost:
        await told.not_heard(conn, claim.person_id, attempt.new_doubts)
    return True


async def _decide(conn: AsyncConnection, claim: Claim, now: datetime) -> Decision:
    """Decide by the state as it is in this transaction."""
    if claim.offer_id is not None:
        return decide.decide_offer(await offers.hold_offer(conn, claim.offer_id), now=now)
    if claim.course_id is not None and claim.kind is Kind.CHANGED:
        return await _decide_changes(conn, claim, claim.course_id, now)
    if claim.course_id is not None:
        course = await sessions.hold_course(conn, claim.course_id, claim.person_id)
        return decide.decide_course(course, now=now)
    assert claim.session_id is not None  # a mail is about a session or a course
    session = await sessions.hold_session(conn, claim.session_id, claim.person_id)
    if session is None:
        known = await sessions.find_session(conn, claim.session_id)
        return Skip(Unsent.NOT_IN_IT) if known else Wait()
    if claim.kind is Kind.REMINDER:
        nearer = await claims.nearer_is_due(conn, claim, now)
        return decide.decide_reminder(
            session, revision=claim.revision, nearer_is_due=nearer, now=now
        )
    others = Others(
        later=await claims.later_notice_is_open(conn, claim),
        confirmation=await claims.confirmation_is_open(conn, session.course_id, claim.person_id),
    )
    last = await told.last_told(conn, session.id, claim.person_id)
    return decide.decide_notice(session, last, others, revision=claim.revision, now=now)


async def _decide_changes(
    conn: AsyncConnection, claim: Claim, course_id: UUID, now: datetime
) -> Decision:
    concerning = await sessions.hold_concerning(conn, course_id, claim.person_id)
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
    return decide.decide_changes(standings, others, now=now)


async def _record(
    conn: AsyncConnection,
    held: Claim,
    tried: Tried,
    say: Say | SayOffer,
    person: Person,
    desk: Desk,
) -> Attempt | Settlement:
    try:
        mail = _mail(held, say, person, desk.links)
    except BadAddress:
        return await _end(conn, held, _failed("bad_address", tried), desk)
    await claims.record_attempt(conn, held, answer_lost=tried.answer_lost, now=desk.now)
    said = says(say)
    doubts = await told.doubt(conn, person.id, said)
    return Attempt(claim=held, tried=tried, mail=mail, said=said, new_doubts=tuple(doubts))


async def _end(conn: AsyncConnection, held: Claim, ended: Settlement, desk: Desk) -> Settlement:
    await claims.settle(conn, held, ended, now=desk.now)
    return ended


def _mail(held: Claim, say: Say | SayOffer, person: Person, links: Links) -> Mail:
    words = render(write_letter(say, person, links))
    return Mail(
        delivery_id=held.id,
        to=plain_address(person.email),
        subject=words.subject,
        text=words.text,
        html=words.html,
    )


def _tried(held: Claim, desk: Desk, *, answer_lost: bool) -> Tried:
    return Tried(attempt=held.attempts + 1, answer_lost=answer_lost, repeatable=desk.repeatable)


def _failed(reason: str, tried: Tried) -> Settlement:
    return Settlement(state=State.FAILED, reason=reason, answer_lost=tried.answer_lost)
