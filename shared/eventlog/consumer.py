"""Pull another service's log and apply it: delivered at least once, applied once, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from sqlalchemy.ext.asyncio import AsyncConnection
from yarl import URL

from shared.clock import Clock
from shared.eventlog.positions import PassedByAnother, move_position, position_of
from shared.eventlog.progress import Progress
from shared.events.envelope import Event, read_event
from shared.logs import log
from shared.store.database import Database
from shared.waking import first_of

BATCH: Final = 500
WAIT_SECONDS: Final = 25
ANSWER_SECONDS: Final = 10
AWAY_SECONDS: Final = 0.2

Apply = Callable[[AsyncConnection, Event], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Whose log to pull, and the `service` key that opens it."""

    source: str
    url: URL
    key: str


class SourceAway(Exception):
    """The source did not answer, or not with events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """Everything that one pull needs; `apply` runs inside the transaction that moves on."""

    subscription: Subscription
    http: aiohttp.ClientSession
    database: Database
    clock: Clock
    progress: Progress
    apply: Apply


async def consume_once(consumer: Consumer, stopping: asyncio.Event) -> int:
    """Pull what is new, waiting for it, apply it, and return how many events that was.

    Raises `SourceAway`; the position then stays, and nothing is skipped.
    """
    source = consumer.subscription.source
    start = await consumer.database.read(lambda conn: position_of(conn, source))
    wait = WAIT_SECONDS if consumer.progress.caught_up else 0
    try:
        batch = await _pull(consumer, start, wait, stopping)
    except SourceAway:
        consumer.progress.lost(consumer.clock.now())
        raise
    if batch is None:
        return 0
    try:
        end = await _apply_all(consumer, start, batch)
    except PassedByAnother:
        return len(batch)
    consumer.progress.answered(position=end, nothing_more=len(batch) < BATCH)
    return len(batch)


async def _pull(
    consumer: Consumer, start: int, wait: int, stopping: asyncio.Event
) -> list[dict[str, Any]] | None:
    """Return the next events, or None when the service stops while waiting."""
    pull = asyncio.ensure_future(_get(consumer, start, wait))
    stopped = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait([pull, stopped], return_when=asyncio.FIRST_COMPLETED)
        return await pull if pull.done() else None
    finally:
        pull.cancel()
        stopped.cancel()


async def _get(consumer: Consumer, start: int, wait: int) -> list[dict[str, Any]]:
    subscription = consumer.subscription
    try:
        async with consumer.http.get(
            subscription.url,
            params={"after": start, "limit": BATCH, "wait": wait},
            headers={"Authorization": f"Bearer {subscription.key}"},
            timeout=aiohttp.ClientTimeout(total=wait + ANSWER_SECONDS),
        ) as answer:
            answer.raise_for_status()
            events: list[dict[str, Any]] = (await answer.json())["events"]
            return events
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
        raise SourceAway(type(error).__name__) from error


async def _apply_all(consumer: Consumer, start: int, batch: list[dict[str, Any]]) -> int:
    """Apply `batch` and move the position in one transaction; return the new position."""
    if not batch:
        return start
    source, end = consumer.subscription.source, int(batch[-1]["position"])

    async def work(conn: AsyncConnection) -> None:
        await move_position(conn, source, start=start, end=end)
        for raw in batch:
            event = read_event(raw)
            if event is None:
                _pass_over(consumer.progress, str(raw.get("type")))
            else:
                await consumer.apply(conn, event)

    await consumer.database.write(work)
    return end


def _pass_over(progress: Progress, type_name: str) -> None:
    """A type from a later version is passed over, and said once."""
    if type_name not in progress.unknown_types:
        progress.unknown_types.add(type_name)
        log.warning("event.unknown_type", type=type_name[:80])


async def rest(progress: Progress, stopping: asyncio.Event) -> None:
    """Between two pulls that brought nothing: the long poll has waited, an absence has not."""
    seconds = 0.01 if progress.away_since is None else AWAY_SECONDS
    await first_of(stopping, seconds=seconds)
