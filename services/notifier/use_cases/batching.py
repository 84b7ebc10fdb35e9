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
from services.notifier.store import claims, sessions
from services.notifier.store.batches import Reader, readers_of
from services.notifier.store.claims import Claim
from services.notifier.store.sending import is_paused
from services.notifier.use_cases.attempting import Attempt, tried_by
from services.notifier.use_cases.composing import Desk, compose
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
    """What a batch is decided by; no session in it can change meanwhile."""

    sessions: Mapping[UUID, Session]
    readers: Mapping[UUID, Reader]


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
    reader = known.readers.get(claim.id)
    session = known.sessions.get(claim.session_id) if claim.session_id else None
    if reader is None or session is None or reader.stopped or not reader.expected:
        return None
    if unwanted(reader.person, claim.kind) is not None:
        return None
    decision = decide_reminder(
        session, revision=claim.revision, nearer_is_due=reader.nearer_is_due, now=now
    )
    return (decision, reader.person) if isinstance(decision, Say) else None


def _is_plain(claim: Claim) -> bool:
    """One whose sender was lost meanwhile has more to it."""
    return claim.kind is Kind.REMINDER and claim.state is not State.SENDING


async def _read(conn: AsyncConnection, alike: Sequence[Claim], now: datetime) -> Known:
    """Read the sessions first, since who is in one that is held cannot change either."""
    ids = sorted({claim.session_id for claim in alike if claim.session_id})
    if not ids:
        return Known(sessions={}, readers={})
    held = await sessions.hold_free_sessions(conn, ids)
    return Known(sessions=held, readers=await readers_of(conn, [claim.id for claim in alike], now))


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
