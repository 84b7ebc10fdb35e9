"""Many reminders begun in one transaction, which reads for all what each is decided by.

What is not simply to be sent (it changes at this moment, is to be skipped, is of another kind,
cannot be written) is left to `attempting`, one by one: of that only a few are claimed at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.decide import Say, decide_reminder
from services.notifier.domain.people import Person, unwanted
from services.notifier.domain.sessions import Session
from services.notifier.domain.states import Kind, State
from services.notifier.store import addresses, claims, people, sessions
from services.notifier.store.claims import Claim
from services.notifier.store.sending import is_paused
from services.notifier.use_cases.attempting import Attempt, tried_by
from services.notifier.use_cases.composing import Desk, compose
from shared.links import about_address
from shared.logs import log

ONE_BY_ONE: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was claimed: the mails to send now, and what is left to be looked at one by one."""

    attempts: Sequence[Attempt] = ()
    left: Sequence[Claim] = ()

    def __len__(self) -> int:
        return len(self.attempts) + len(self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of everything that a batch is about; no session in it can change meanwhile."""

    people: Mapping[UUID, Person]
    stopped: frozenset[tuple[UUID, UUID]]
    sessions: Mapping[UUID, Session]
    expected: Mapping[UUID, frozenset[UUID]]
    nearest: Mapping[tuple[UUID, UUID, int], int]


async def begin_batch(conn: AsyncConnection, desk: Desk, limit: int) -> Batch:
    """Claim up to `limit` due rows, and record an attempt at each that is simply to be sent.

    Rows are held before their sessions here, and after them everywhere else: no deadlock comes
    of it, since a session that someone holds is not waited for.
    """
    if await is_paused(conn):
        return Batch()
    picked = await claims.pick_due(conn, desk.now, limit)
    alike = [claim for claim in picked if _is_plain(claim)]
    known = await _read(conn, alike, desk.now)
    attempts = [attempt for claim in alike if (attempt := await _begin(conn, claim, known, desk))]
    begun = {attempt.claim.id for attempt in attempts}
    left = [claim for claim in picked if claim.id not in begun][:ONE_BY_ONE]
    await claims.take_and_attempt(conn, [attempt.claim for attempt in attempts], desk.now)
    await claims.take(conn, left, desk.now)
    return Batch(attempts=attempts, left=left)


def says(claim: Claim, known: Known, now: datetime) -> tuple[Say, Person] | None:
    """Return what to say, and to whom; None unless that is all there is to it."""
    person = known.people.get(claim.person_id)
    session = known.sessions.get(claim.session_id) if claim.session_id else None
    if person is None or session is None or unwanted(person, claim.kind) is not None:
        return None
    if known.stopped and (person.id, about_address(person.email)) in known.stopped:
        return None
    if person.client_id not in known.expected.get(session.id, frozenset()):
        return None
    nearest = known.nearest.get((session.id, person.id, claim.revision))
    nearer = nearest is not None and nearest < (claim.offset_seconds or 0)
    decision = decide_reminder(session, revision=claim.revision, nearer_is_due=nearer, now=now)
    return (decision, person) if isinstance(decision, Say) else None


def _is_plain(claim: Claim) -> bool:
    """One whose sender was lost meanwhile has more to it."""
    return claim.kind is Kind.REMINDER and claim.state is not State.SENDING


async def _read(conn: AsyncConnection, alike: Sequence[Claim], now: datetime) -> Known:
    ids = sorted({claim.session_id for claim in alike if claim.session_id})
    readers = sorted({claim.person_id for claim in alike})
    if not ids:
        return Known(people={}, stopped=frozenset(), sessions={}, expected={}, nearest={})
    return Known(
        sessions=await sessions.hold_free_sessions(conn, ids),
        expected=await sessions.participants_of(conn, ids),
        people=await people.known_people(conn, readers),
        stopped=frozenset(await addresses.stopped_of(conn, readers)),
        nearest=await claims.nearest_due(conn, ids, now),
    )


async def _begin(conn: AsyncConnection, claim: Claim, known: Known, desk: Desk) -> Attempt | None:
    found = says(claim, known, desk.now)
    if found is None:
        return None
    say, person = found
    try:
        mail = await compose(conn, claim, say, person, desk)
    except Exception as error:  # noqa: BLE001 # one that cannot be written does not stop the others
        log.warning("reminder.left", reminder_id=str(claim.id), error=type(error).__name__)
        return None
    tried = tried_by(claim, desk, answer_lost=claim.answer_lost)
    return Attempt(claim=claim, tried=tried, mail=mail, begun_at=desk.now)
