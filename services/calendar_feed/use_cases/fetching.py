"""One fetch of a feed by whoever has its address: let in, served, counted and noted."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, NoReturn, TypeVar

from services.calendar_feed.domain.errors import FeedGone, TooManyFetches, UnknownFeed
from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.limiting import Limit
from services.calendar_feed.use_cases.noting import Ledger
from services.calendar_feed.use_cases.serving import Feeds, Served
from shared.clock import Clock

T = TypeVar("T")
MISSES_EACH_MINUTE: Final = 60
_STATUS: Final = {UnknownFeed: "404", FeedGone: "410", TooManyFetches: "429"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a fetch brings: its secret, where it comes from, and what it calls itself."""

    token: str = field(repr=False)
    whence: str
    user_agent: str


class Fetching:
    """Serves feeds within limits: so many a minute for one address of a feed, and so many
    guesses a minute from one place. Whoever has a good address is not held up by who guesses."""

    def __init__(
        self,
        kept: Feeds,
        ledger: Ledger,
        counts: Counts,
        clock: Clock,
        *,
        each_minute: int,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._feeds, self._ledger, self._counts, self._clock = kept, ledger, counts, clock
        self._fetches = Limit(each_minute, steady)
        self._misses = Limit(MISSES_EACH_MINUTE, steady)

    async def serve(self, asked: Asked) -> Served:
        """Return what stands at the address; raises `UnknownFeed`, `FeedGone`, `TooManyFetches`."""
        return await self.let_in(asked, self._feeds.serve)

    def at_hand(self, token: str) -> Served | None:
        """As `serve`, of what needs no waiting; None, and nothing is taken, of all else."""
        served = self._feeds.at_hand(token)
        return served if served is not None and self._fetches.passes(token) else None

    async def let_in(self, asked: Asked, look: Callable[[str], Awaitable[T]]) -> T:
        """Return what `look` finds at the address, within the same limits; raises as `serve`."""
        try:
            return await self._within_limits(asked, look)
        except (UnknownFeed, FeedGone, TooManyFetches) as refusal:
            self._counts.fetched(_STATUS[type(refusal)])
            raise

    async def _within_limits(self, asked: Asked, look: Callable[[str], Awaitable[T]]) -> T:
        self._fetches.take(asked.token)
        try:
            return await look(asked.token)
        except UnknownFeed:
            self._misses.take(asked.whence)
            raise

    async def miss(self, asked: Asked) -> NoReturn:
        """Refuse what cannot be an address, as what is none: raises `UnknownFeed`, or the limit."""
        await self.let_in(asked, _nothing)
        raise UnknownFeed

    def answered(self, served: Served, *, status: int, user_agent: str, reads: bool = True) -> None:
        """Count the answer that is about to be given, and note it if it is read."""
        self._counts.fetched(str(status))
        if reads:
            self._ledger.note(served, status=status, user_agent=user_agent, at=self._clock.now())


async def _nothing(_token: str) -> None:
    raise UnknownFeed
