"""Someone who subscribes to a feed of Dana's, and fetches it through a process of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from prometheus_client import CollectorRegistry, generate_latest

from services.calendar_feed.domain.feeds import Detail, Feed, Form
from services.calendar_feed.ics.vevent import packed_vevent
from services.calendar_feed.store.bodies import Body
from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.keeping import open_feed
from services.calendar_feed.use_cases.moving import move_window_once
from services.calendar_feed.use_cases.raising import raise_written_otherwise
from services.calendar_feed.use_cases.rendering import Origin
from services.calendar_feed.use_cases.serving import Feeds, Served
from services.calendar_feed.use_cases.writing import Writer
from shared.clock import HeldClock
from shared.store.database import Database
from tests.calendar_feed.diary import PUBLIC_URL
from tests.cast import DANA_ID
from tests.conftest import NOW
from tests.shared.diary import SECRET


class Subscriber:
    """One feed of Dana's, as `process` after process serves it; `settings` are of the `Origin`."""

    def __init__(self, database: Database, feed: Feed, token: str, **settings: Any) -> None:
        self.database, self.feed, self.token, self.settings = database, feed, token, settings
        self.clock = HeldClock(NOW)
        self.registry = CollectorRegistry()
        usual: dict[str, Any] = {"public_url": PUBLIC_URL, "secret": SECRET}
        self.origin = Origin(
            database=database, counts=Counts(self.registry), **{**usual, **settings}
        )
        self.feeds = Feeds(self.origin, self.clock)
        self.writer = Writer(self.origin, self.feeds, self.clock)

    def another_process(self, **settings: Any) -> Subscriber:
        packed_vevent.cache_clear()
        return Subscriber(self.database, self.feed, self.token, **{**self.settings, **settings})

    async def restarted(self, at: datetime, **settings: Any) -> Subscriber:
        """The feed as it is served after a start at `at`, with other `settings` if any."""
        later = self.another_process(**settings)
        await raise_written_otherwise(self.database, later.origin.rendering, at)
        return later

    async def served(self) -> Served:
        return await self.feeds.serve(self.token)

    async def fetch(self) -> Body:
        return (await self.served()).body

    async def write_all(self) -> int:
        """Write what is outdated until nothing is; return how many feeds that was."""
        written = 0
        while count := await self.writer.write_once():
            written += count
        return written

    def metrics(self) -> str:
        return generate_latest(self.registry).decode()


async def subscribe(
    database: Database, detail: Detail = Detail.BUSY, *, agreed: bool = False, **chosen: Any
) -> Subscriber:
    """Open a feed of Dana's, with what else is `chosen` of it."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "clinician_id": DANA_ID,
        "name": "Appointments",
        "form": Form.INSTANCES,
    }
    feed = Feed(detail=detail, created_at=NOW, **{**usual, **chosen})
    await move_window_once(database, NOW)
    opened = await database.write(lambda conn: open_feed(conn, feed))
    return Subscriber(database, opened.feed, opened.token, agreed=agreed)
