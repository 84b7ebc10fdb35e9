"""What the answers to many attempts mean, written in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Rest, Retry, Sent
from services.notifier.domain.settling import Settlement
from services.notifier.domain.states import ENDED, Kind, State
from services.notifier.store import attempts, claims, told
from services.notifier.store.attempts import Ended
from services.notifier.use_cases.attempting import Attempt
from services.notifier.use_cases.resting import let_rest
from services.notifier.use_cases.stopping_addresses import stop_address
from services.notifier.use_cases.telling_staff import announce, tell_of_failures
from shared.events.envelope import Event

_IN_A_WORD: Final[dict[type[Outcome], str]] = {
    Sent: "sent",
    Retry: "retry",
    Rest: "rest",
    Failed: "failed",
    AnswerLost: "answer_lost",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a channel said to one attempt, when, and what follows from it."""

    attempt: Attempt
    outcome: Outcome
    settlement: Settlement
    at: datetime


async def finish(
    conn: AsyncConnection, answers: Sequence[Answer], *, channel: str, now: datetime
) -> set[UUID]:
    """Settle these attempts, and note what people now know; return the ids of what was settled.

    The others lost their leases: whoever has them now settles them.
    """
    ours = await claims.hold_ours(conn, [answer.attempt.claim for answer in answers])
    held = [answer for answer in answers if answer.attempt.claim.id in ours]
    settled = [(answer.attempt.claim, answer.settlement) for answer in held]
    events = await _let_rest(conn, answers, channel, now)
    await claims.settle_all(conn, settled, now=now)
    await attempts.add(conn, [_ended(answer, channel) for answer in answers])
    await _note_what_was_heard(conn, held)
    for answer in held:
        events += await _stop_address(conn, answer, now)
    events += await tell_of_failures(conn, settled, now)
    await announce(conn, events)
    return ours


async def _let_rest(
    conn: AsyncConnection, answers: Sequence[Answer], channel: str, now: datetime
) -> list[Event]:
    """Mails that were on their way together met the same: the longest rest is asked for once."""
    met = [answer.outcome for answer in answers if isinstance(answer.outcome, Rest)]
    if not met:
        return []
    longest = max(met, key=lambda rest: rest.after or timedelta())
    return await let_rest(conn, channel, longest, now)


async def _note_what_was_heard(conn: AsyncConnection, held: Sequence[Answer]) -> None:
    """Note what has arrived, and what certainly has not and is tried again.

    Of what was given up the doubt remains: its reader may hear of it by another way.
    """
    sent = [each.attempt for each in held if each.settlement.state is State.SENT]
    said = [(each.claim.person_id, known) for each in sent for known in each.said]
    await told.heard(conn, said)
    await told.reminded(conn, [each.claim.id for each in sent if each.claim.kind is Kind.REMINDER])
    for answer in held:
        attempt, settlement = answer.attempt, answer.settlement
        if settlement.state not in ENDED and not settlement.answer_lost:
            await told.not_heard(conn, attempt.claim.person_id, attempt.new_doubts)


async def _stop_address(conn: AsyncConnection, answer: Answer, now: datetime) -> list[Event]:
    if not (isinstance(answer.outcome, Failed) and answer.outcome.of_address):
        return []
    claim = answer.attempt.claim
    return await stop_address(
        conn,
        claim.person_id,
        answer.attempt.mail.to,
        reason="refused",
        reminder_id=claim.id,
        now=now,
    )


def _ended(answer: Answer, channel: str) -> Ended:
    outcome, attempt = answer.outcome, answer.attempt
    return Ended(
        reminder_id=attempt.claim.id,
        number=attempt.tried.attempt,
        begun_at=attempt.begun_at,
        ended_at=answer.at,
        channel=channel,
        outcome=_IN_A_WORD[type(outcome)],
        reason=None if isinstance(outcome, Sent) else outcome.reason[:64],
    )
