"""Write each feed when its state has changed, so that whoever asks finds it written."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from services.calendar_feed.store import bodies, feeds
from services.calendar_feed.store.bodies import Body, State
from services.calendar_feed.store.feeds import Source
from services.calendar_feed.use_cases.rendering import Origin, render, state_of
from services.calendar_feed.use_cases.serving import Feeds
from shared.clock import Clock
from shared.heap import give_back
from shared.logs import log
from shared.store.database import Connection
from shared.waking import first_of

AT_ONCE: Final = 50
LOOK_AGAIN_SECONDS: Final = 1.0
TRY_AGAIN: Final = timedelta(minutes=1)


class Writer:
    """Keeps the bytes of every live feed those of its state, here and in the database.

    A feed that cannot be written costs only itself: it is tried again after a minute, or when its
    state is another.
    """

    def __init__(self, origin: Origin, kept: Feeds, clock: Clock) -> None:
        self._origin, self._kept, self._clock = origin, kept, clock
        self._news = origin.database.commits.next()
        self._failed: dict[UUID, tuple[State, datetime]] = {}
        self._has_written = False

    async def write_once(self) -> int:
        """Write some of the feeds whose bytes are of another state; return how many."""
        database, now = self._origin.database, self._clock.now()
        self._news = database.commits.next()
        found, left_out = await database.read(lambda conn: self._look(conn, now.date()))
        self._origin.counts.left_out(**asdict(left_out))
        still = {each.feed.id for each in found}
        self._failed = {id: failed for id, failed in self._failed.items() if id in still}
        written = [done for each in found if (done := await self._written(each, now))]
        own = self._kept.take_unsaved()
        if written or own:  # in one transaction: a commit costs more than a feed
            await database.write(lambda conn: bodies.save_bodies(conn, [*written, *own]))
        for state, body in written:
            self._kept.keep(state, body)
        self._has_written |= bool(written)
        return len(written)

    async def _look(self, conn: Connection, today: date) -> tuple[list[Source], bodies.LeftOut]:
        most = AT_ONCE + len(self._failed)
        found = await feeds.outdated(
            conn, rendering=self._origin.rendering, today=today, limit=most
        )
        return found, await bodies.left_out_now(conn, today)

    async def _written(self, source: Source, now: datetime) -> tuple[State, Body] | None:
        state = state_of(self._origin, source)
        failed, at = self._failed.get(state.feed_id, (None, now))
        if failed == state and at <= now < at + TRY_AGAIN:
            return None
        try:
            return state, await render(self._origin, source)
        except Exception:
            self._failed[state.feed_id] = state, now
            self._origin.counts.not_written()
            log.exception("feed.not_written", feed_id=str(state.feed_id))
            return None

    async def rest(self, stopping: asyncio.Event) -> None:
        """Wait for something to have changed, here or (a second at most) in another process."""
        if self._has_written:
            give_back()
            self._has_written = False
        await first_of(stopping, self._news, seconds=LOOK_AGAIN_SECONDS)
