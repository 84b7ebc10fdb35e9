"""Write each feed when its state has changed, so that whoever asks finds it written."""

from __future__ import annotations

import asyncio
from typing import Final

from services.calendar_feed.store import bodies, feeds
from services.calendar_feed.use_cases.rendering import Origin, render, state_of
from services.calendar_feed.use_cases.serving import Feeds
from shared.clock import Clock
from shared.waking import first_of

AT_ONCE: Final = 50
LOOK_AGAIN_SECONDS: Final = 1.0


class Writer:
    """Keeps the bytes of every live feed those of its state, here and in the database."""

    def __init__(self, origin: Origin, kept: Feeds, clock: Clock) -> None:
        self._origin, self._kept, self._clock = origin, kept, clock
        self._news = origin.database.commits.next()

    async def write_once(self) -> int:
        """Write some of the feeds whose bytes are of another state; return how many."""
        database, today = self._origin.database, self._clock.now().date()
        self._news = database.commits.next()
        found = await database.read(
            lambda conn: feeds.outdated(
                conn, rendering=self._origin.rendering, today=today, limit=AT_ONCE
            )
        )
        written = [
            (state_of(self._origin, source), await render(self._origin, source)) for source in found
        ]
        own = self._kept.take_unsaved()
        if written or own:  # in one transaction: a commit costs more than a feed
            await database.write(lambda conn: bodies.save_bodies(conn, [*written, *own]))
        for state, body in written:
            self._kept.keep(state, body)
        return len(found)

    async def rest(self, stopping: asyncio.Event) -> None:
        """Wait for something to have changed, here or (a second at most) in another process."""
        await first_of(stopping, self._news, seconds=LOOK_AGAIN_SECONDS)
