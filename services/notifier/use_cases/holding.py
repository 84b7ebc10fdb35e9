"""What one process has in hand: no more than its channel carries, and ours until it is settled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from services.notifier.store import claims
from services.notifier.store.claims import LEASE, Claim
from shared.clock import Clock
from shared.logs import log
from shared.store.database import Database
from shared.waking import first_of

# Two may fail, as when the database is busy, before a lease ends.
RENEW_SECONDS: Final = LEASE.total_seconds() / 3


@dataclass(slots=True)
class Hands:
    """How many mails are on their way, over all the sweeps of a process."""

    full: int = 0

    def take(self, most: int, *, carried: int) -> int:
        """Return how many more may be taken, up to `most`, of what the channel carries at once."""
        taken = max(min(most, carried - self.full), 0)
        self.full += taken
        return taken

    def free(self, count: int = 1) -> None:
        self.full -= count


@asynccontextmanager
async def leases_renewed(
    database: Database, clock: Clock, in_hand: Callable[[], Sequence[Claim]], *, seconds: float
) -> AsyncIterator[None]:
    """Renew the leases of what is `in_hand` every few seconds: slow is not dead.

    What another sweep has taken meanwhile stays with it.
    """
    over = asyncio.Event()
    renewing = asyncio.create_task(_renew(database, clock, in_hand, over, seconds))
    try:
        yield
    finally:
        over.set()
        await renewing


async def _renew(
    database: Database,
    clock: Clock,
    in_hand: Callable[[], Sequence[Claim]],
    over: asyncio.Event,
    seconds: float,
) -> None:
    while not await first_of(over, seconds=seconds):
        await _extend(database, clock, in_hand())


async def _extend(database: Database, clock: Clock, held: Sequence[Claim]) -> None:
    try:
        await database.write(lambda conn: claims.extend(conn, held, clock.now()))
    except Exception:
        log.exception("reminder.leases_not_renewed", count=len(held))
