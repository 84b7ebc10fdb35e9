"""The sweep: whatever is due is claimed, looked at again, sent, and settled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.notifier.channels.port import Channel
from services.notifier.domain.links import Links
from services.notifier.domain.names import Letterhead
from services.notifier.domain.settling import Settlement, settle
from services.notifier.domain.states import ENDED, Kind, State
from services.notifier.store import addresses, claims, rests
from services.notifier.store.claims import Claim
from services.notifier.store.sending import read_switch
from services.notifier.use_cases import attempting, resting
from services.notifier.use_cases.attempting import Attempt
from services.notifier.use_cases.batching import Batch, begin_batch
from services.notifier.use_cases.composing import Desk
from services.notifier.use_cases.counting import Counts
from services.notifier.use_cases.finishing import Answer, finish
from services.notifier.use_cases.holding import RENEW_SECONDS, Hands, leases_renewed
from shared.clock import Clock
from shared.eventlog.progress import Progress
from shared.logs import log
from shared.store.database import Connection, Database

BATCH: Final = 100
GATHER_SECONDS: Final = 0.1
NOT_YET_SECONDS: Final = 0.25
IDLE_SECONDS: Final = 60.0
PAUSED_LOOK: Final = timedelta(seconds=2)


Sending = asyncio.Task[Answer | None]


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
    hands: Hands = field(default_factory=Hands)
    renew_seconds: float = RENEW_SECONDS


async def seconds_until_due(sweep: Sweep) -> float:
    """Return how long until something is to be looked at, 0 when it is time, a minute at most.

    While too little is known to act on, nothing is due, nor while the channel rests, or carries
    all that it can.
    """
    now = sweep.clock.now()
    if not sweep.progress.may_act(now):
        return NOT_YET_SECONDS
    if sweep.hands.full >= sweep.channel.at_once:
        return IDLE_SECONDS  # whatever is settled wakes the others
    due = await sweep.database.read(lambda conn: _next_look(conn, sweep.channel.name, now))
    return IDLE_SECONDS if due is None else min(max((due - now).total_seconds(), 0), IDLE_SECONDS)


async def _next_look(conn: Connection, channel: str, now: datetime) -> datetime | None:
    due = await claims.next_look(conn)
    if due is None or due > now:
        return due
    if (await read_switch(conn)).paused_at is not None:
        return now + PAUSED_LOOK
    return await rests.resting_until(conn, channel, now) or due


async def sweep_once(sweep: Sweep) -> int:
    """Claim what is due and handle it, all of one batch side by side; return how many."""
    if await seconds_until_due(sweep) > 0:
        return 0  # looking is a read: an idle sweep writes nothing and wakes nobody
    batch = await _begin(sweep)
    sending: dict[Sending, Claim] = {}
    for attempt in batch.attempts:
        sending[asyncio.create_task(_send(sweep, attempt))] = attempt.claim
    for claim in batch.left:
        sending[asyncio.create_task(_alone(sweep, claim))] = claim
    for task in sending:
        task.add_done_callback(lambda _: sweep.hands.free())
    async with leases_renewed(
        sweep.database, sweep.clock, lambda: _in_hand(sending), seconds=sweep.renew_seconds
    ):
        await _settle_as_answered(sweep, set(sending))
    return len(batch)


async def _begin(sweep: Sweep) -> Batch:
    size = sweep.hands.take(BATCH, carried=sweep.channel.at_once)
    begun = 0
    try:
        if size == 0:
            return Batch()
        batch = await sweep.database.write(lambda conn: begin_batch(conn, _desk(sweep), size))
        begun = len(batch)
        return batch
    finally:
        sweep.hands.free(size - begun)


def _in_hand(sending: Mapping[Sending, Claim]) -> list[Claim]:
    """Return the claims that are not done with: to be answered, or answered and to be settled."""
    return [claim for task, claim in sending.items() if not task.done() or _is_answered(task)]


def _is_answered(task: Sending) -> bool:
    return not task.cancelled() and task.exception() is None and task.result() is not None


async def measure_once(sweep: Sweep) -> None:
    """Measure how long the oldest due mail has waited, whether it must, and who gets none."""
    oldest = await sweep.database.read(claims.oldest_due)
    waited = 0.0 if oldest is None else (sweep.clock.now() - oldest).total_seconds()
    sweep.counts.oldest_due(waited)
    resting_now = await resting.rest_now(sweep.database, sweep.channel.name, sweep.clock.now())
    sweep.counts.resting(sweep.channel.name, resting_now is not None)
    switch = await sweep.database.read(read_switch)
    sweep.counts.paused(switch.paused_at is not None)
    sweep.counts.stopped_addresses(await sweep.database.read(addresses.count_stopped))


def _desk(sweep: Sweep) -> Desk:
    return Desk(
        links=sweep.links,
        letterhead=sweep.letterhead,
        repeatable=sweep.channel.repeatable,
        now=sweep.clock.now(),
    )


async def _alone(sweep: Sweep, claim: Claim) -> Answer | None:
    begun = await sweep.database.write(lambda conn: attempting.begin(conn, claim, _desk(sweep)))
    match begun:
        case Attempt():
            return await _send(sweep, begun)
        case Settlement():
            _note(sweep, [(claim, begun)])
    return None


async def _send(sweep: Sweep, attempt: Attempt) -> Answer:
    if attempt.tried.attempt == 1:
        late = sweep.clock.now() - attempt.claim.due_at
        sweep.counts.first_attempt(late.total_seconds())
    outcome = await sweep.channel.send(attempt.mail)
    settlement = settle(outcome, attempt.tried, chance=sweep.chance())
    return Answer(attempt=attempt, outcome=outcome, settlement=settlement, at=sweep.clock.now())


async def _settle_as_answered(sweep: Sweep, sending: set[Sending]) -> None:
    """Settle together what was answered together: one that waits holds up no other.

    What raises does so at the end, so that one cannot cut off the others.
    """
    errors: list[BaseException] = []
    try:
        while sending:
            done, sending = await asyncio.wait(sending, timeout=GATHER_SECONDS)
            if not done:
                done, sending = await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
            errors += [error for task in done if (error := task.exception())]
            answers = [each for task in done if not task.exception() if (each := task.result())]
            sweep.counts.attempted(sweep.channel.name, [each.outcome for each in answers])
            try:
                await _settle(sweep, answers)
            except Exception as error:  # noqa: BLE001 # raised below
                errors.append(error)
    finally:
        for task in sending:
            task.cancel()
    if errors:
        raise errors[0]


async def _settle(sweep: Sweep, answers: Sequence[Answer]) -> None:
    if not answers:
        return
    channel, now = sweep.channel.name, sweep.clock.now()
    try:
        settled = await sweep.database.write(
            lambda conn: finish(conn, answers, channel=channel, now=now)
        )
    except Exception:
        if len(answers) == 1:
            raise
        log.exception("reminder.settled_one_by_one", count=len(answers))
        alone = [_settle(sweep, [answer]) for answer in answers]  # one is not to cost the others
        for failed in await asyncio.gather(*alone, return_exceptions=True):
            if failed is not None:
                raise failed from None
        return
    ended = {answer.attempt.claim.id: answer for answer in answers}
    ours = [ended.pop(id) for id in settled]
    _note(sweep, [(answer.attempt.claim, answer.settlement) for answer in ours])
    for id in ended:
        sweep.counts.lease_lost()
        log.warning("reminder.lease_lost", reminder_id=str(id))


def _note(sweep: Sweep, settled: Sequence[tuple[Claim, Settlement]]) -> None:
    """Count and log, in one line, all that ended alike."""
    alike: dict[tuple[Kind, State, str | None, bool], list[str]] = {}
    for claim, settlement in settled:
        how = (claim.kind, settlement.state, settlement.reason, settlement.answer_lost)
        alike.setdefault(how, []).append(str(claim.id))
    for (kind, state, reason, answer_lost), ids in alike.items():
        if state in ENDED:
            sweep.counts.ended(kind, state, reason, len(ids))
        say = log.error if state is State.FAILED else log.info
        say(
            f"reminder.{state}",
            reminder_ids=ids,
            kind=str(kind),
            reason=reason,
            answer_lost=answer_lost,
        )
