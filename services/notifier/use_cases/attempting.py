"""One attempt by itself: everything is read again, and it is recorded before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.decide import Saying, Skip, Wait, says
from services.notifier.domain.mail import BadAddress, CannotBeWritten, Mail
from services.notifier.domain.news import Told
from services.notifier.domain.people import Person
from services.notifier.domain.settling import Settlement, Tried, ended_by_loss
from services.notifier.domain.states import State, Unsent
from services.notifier.store import claims, told
from services.notifier.store.claims import Claim
from services.notifier.store.sending import is_paused
from services.notifier.use_cases.composing import Desk, compose
from services.notifier.use_cases.deciding import decide, whom
from services.notifier.use_cases.telling_staff import announce, tell_of_failures
from shared.logs import log

LOOK_AGAIN: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A mail to send now: `said` is what its reader will know, `new_doubts` what may be undone."""

    claim: Claim
    tried: Tried
    mail: Mail
    begun_at: datetime
    said: tuple[Told, ...] = ()
    new_doubts: tuple[Told, ...] = ()


Begun = Attempt | Settlement | None


async def begin(conn: AsyncConnection, claim: Claim, desk: Desk) -> Begun:
    """Read everything again and record the attempt, or the reason why there is none.

    The session is held while this is decided, so a cancel comes either before it, and is
    seen, or after the attempt was recorded. None: not ours any more, or not yet to be decided, or
    staff have paused all sending since it was claimed.
    """
    if await is_paused(conn):
        await claims.put_back(conn, claim, until=desk.now)
        return None
    person = await whom(conn, claim)
    decision = await decide(conn, claim, person, desk.now)
    held = await claims.hold(conn, claim)
    if held is None:
        return None
    before = tried_by(held, desk, answer_lost=held.answer_lost)
    crashed = held.state is State.SENDING  # and the answer was lost with it
    tried = tried_by(held, desk, answer_lost=held.answer_lost or crashed)
    given_up = ended_by_loss(before) if crashed else None
    if given_up is not None:
        return await _end(conn, held, _failed(given_up, tried), desk)
    match decision:
        case Skip(reason, unsaid):
            lost = tried.answer_lost
            skipped = Settlement(state=State.SKIPPED, reason=reason, answer_lost=lost)
            await _note_unsaid(conn, held, reason, unsaid)
            return await _end(conn, held, skipped, desk)
        case Wait():
            pass
        case _ if person is not None:
            return await _record(conn, held, tried, decision, person, desk)
    await claims.put_back(conn, held, until=desk.now + LOOK_AGAIN)
    return None


async def _note_unsaid(
    conn: AsyncConnection, held: Claim, reason: Unsent, unsaid: Sequence[Told]
) -> None:
    """Who wants no such mail is taken to know; anyone else may know it by another way."""
    if reason is Unsent.OPTED_OUT:
        await told.heard(conn, [(held.person_id, each) for each in unsaid])
    else:
        await told.doubt(conn, held.person_id, unsaid)


async def _record(
    conn: AsyncConnection,
    held: Claim,
    tried: Tried,
    say: Saying,
    person: Person,
    desk: Desk,
) -> Attempt | Settlement:
    said = says(say)
    doubts = await told.doubt(conn, person.id, said)
    try:
        mail = await compose(conn, held, say, person, desk)
    except BadAddress:
        return await _end(conn, held, _failed("bad_address", tried), desk)
    except CannotBeWritten:
        log.exception("reminder.cannot_be_written", reminder_id=str(held.id))
        return await _end(conn, held, _failed("cannot_be_written", tried), desk)
    await claims.record_attempt(conn, held, answer_lost=tried.answer_lost, now=desk.now)
    return Attempt(
        claim=held,
        tried=tried,
        mail=mail,
        begun_at=desk.now,
        said=said,
        new_doubts=tuple(doubts),
    )


async def _end(conn: AsyncConnection, held: Claim, ended: Settlement, desk: Desk) -> Settlement:
    await claims.settle(conn, held, ended, now=desk.now)
    await announce(conn, await tell_of_failures(conn, [(held, ended)], desk.now))
    return ended


def tried_by(held: Claim, desk: Desk, *, answer_lost: bool) -> Tried:
    """Return what is known of the attempt that is to be made."""
    return Tried(
        kind=held.kind,
        attempt=held.attempts + 1,
        answer_lost=answer_lost,
        repeatable=desk.repeatable,
    )


def _failed(reason: str, tried: Tried) -> Settlement:
    return Settlement(state=State.FAILED, reason=reason, answer_lost=tried.answer_lost)
