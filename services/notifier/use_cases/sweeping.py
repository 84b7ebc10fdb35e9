"""The sweep: whatever is due is claimed, looked at again, sent, and settled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.notifier.channels.port import Channel
from services.notifier.domain.links import Links
from services.notifier.domain.names import Letterhead
from services.notifier.domain.outcomes import Failed, Rest
from services.notifier.domain.settling import Settlement, settle
from services.notifier.domain.states import ENDED, State
from services.notifier.store import claims, rests
from services.notifier.store.claims import Claim
from services.notifier.use_cases import attempting, resting
from services.notifier.use_cases.attempting import Attempt
from services.notifier.use_cases.composing import Desk
from services.notifier.use_cases.counting import Counts
from services.notifier.use_cases.stopping_addresses import stop_address
from shared.clock import Clock
from shared.eventlog.progress import Progress
from shared.logs import log
from shared.store.database import Connection, Database

BATCH: Final = 8
NOT_YET_SECONDS: Final = 0.25
IDLE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Everything that a sweep needs; `chance` gives a number in [0, 1) to spread retries by."""

    database: Database
    clock: Clock
    progress: Progress
    channel: Channel
    links: Links
    letterhead: Letterhead
    counts: Counts
    chance: Callable[[], float]


async def seconds_until_due(sweep: Sweep) -> float:
    """Return how long until something is to be looked at, 0 when it is time, a minute at most.

    While too little is known to act on, nothing is due, nor while the channel rests.
    """
    now = sweep.clock.now()
    if not sweep.progress.may_act(now):
        return NOT_YET_SECONDS
    due = await sweep.database.read(lambda conn: _next_look(conn, sweep.channel.name, now))
    return IDLE_SECONDS if due is None else min(max((due - now).total_seconds(), 0), IDLE_SECONDS)


async def _next_look(conn: Connection, channel: str, now: datetime) -> datetime | None:
    due = await claims.next_look(conn)
    if due is None or due > now:
        return due
    return await rests.resting_until(conn, channel, now) or due


async def sweep_once(sweep: Sweep) -> int:
    """Claim what is due and handle it, all of one batch side by side; return how many."""
    if await seconds_until_due(sweep) > 0:
        return 0  # looking is a read: an idle sweep writes nothing and wakes nobody
    now = sweep.clock.now()
    claimed = await sweep.database.write(lambda conn: claims.claim_due(conn, now, BATCH))
    handled = await asyncio.gather(
        *(_handle(sweep, claim) for claim in claimed), return_exceptions=True
    )
    for error in handled:  # after all of them, so that one cannot cut off the others
        if error is not None:
            raise error
    return len(claimed)


async def measure_once(sweep: Sweep) -> None:
    """Measure how long the oldest mail that is due has been waiting, and whether it must."""
    oldest = await sweep.database.read(claims.oldest_due)
    waited = 0.0 if oldest is None else (sweep.clock.now() - oldest).total_seconds()
    sweep.counts.oldest_due(waited)
    resting_now = await resting.rest_now(sweep.database, sweep.channel.name, sweep.clock.now())
    sweep.counts.resting(sweep.channel.name, resting_now is not None)


async def _handle(sweep: Sweep, claim: Claim) -> None:
    now = sweep.clock.now()
    desk = Desk(
        links=sweep.links,
        letterhead=sweep.letterhead,
        repeatable=sweep.channel.repeatable,
        now=now,
    )
    begun = await sweep.database.write(lambda conn: attempting.begin(conn, claim, desk))
    match begun:
        case Attempt():
            await _send(sweep, begun, now)
        case Settlement():
            _note(sweep, claim, begun)


async def _send(sweep: Sweep, attempt: Attempt, now: datetime) -> None:
    if attempt.tried.attempt == 1:
        sweep.counts.first_attempt((now - attempt.claim.due_at).total_seconds())
    outcome = await sweep.channel.send(attempt.mail)
    sweep.counts.attempted(sweep.channel.name, outcome)
    settlement = settle(outcome, attempt.tried, chance=sweep.chance())
    settled_at = sweep.clock.now()

    async def finish(conn: Connection) -> bool:
        if isinstance(outcome, Rest):
            await resting.let_rest(conn, sweep.channel.name, outcome, settled_at)
        done = await attempting.finish(conn, attempt, settlement, now=settled_at)
        if done and isinstance(outcome, Failed) and outcome.of_address:
            await _stop_address(conn, attempt, settled_at)
        return done

    settled = await sweep.database.write(finish)
    if settled:
        _note(sweep, attempt.claim, settlement)
    else:
        sweep.counts.lease_lost()
        log.warning("reminder.lease_lost", reminder_id=str(attempt.claim.id))


async def _stop_address(conn: Connection, attempt: Attempt, now: datetime) -> None:
    await stop_address(
        conn,
        attempt.claim.person_id,
        attempt.mail.to,
        reason="refused",
        reminder_id=attempt.claim.id,
        now=now,
    )


def _note(sweep: Sweep, claim: Claim, settlement: Settlement) -> None:
    if settlement.state in ENDED:
        sweep.counts.ended(claim.kind, settlement.state)
    say = log.error if settlement.state is State.FAILED else log.info
    say(
        f"reminder.{settlement.state}",
        reminder_id=str(claim.id),
        kind=str(claim.kind),
        reason=settlement.reason,
        answer_lost=settlement.answer_lost,
    )
