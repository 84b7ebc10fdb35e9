"""Note who has read which feed: gathered for a second and written together, beside the answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.calendar_feed.domain.readers import Program, program_of
from services.calendar_feed.store import readers
from services.calendar_feed.store.readers import Fetches
from services.calendar_feed.use_cases.serving import Served
from shared.store.database import Database

KEPT: Final = timedelta(days=14)
_Read = tuple[UUID, Program, int, int]  # a feed, who read it, the status, the version


class Ledger:
    """The fetches that are not written yet, those alike as one; a crash loses a second of them.

    Then a calendar seems to have seen less than it did, and its owner hears of a change once
    more than need be: never the other way round.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fetches: dict[_Read, Fetches] = {}

    def note(self, served: Served, *, status: int, user_agent: str, at: datetime) -> None:
        """Remember one answer; a notice that stands for a feed is nobody's reading of it."""
        if served.feed_id is None or served.version is None:
            return
        key = (served.feed_id, program_of(user_agent), status, served.version)
        known = self._fetches.get(key)
        if known is None:
            self._fetches[key] = Fetches(*key, first_at=at, last_at=at)
        else:
            known.last_at = at
            known.count += 1

    async def write_once(self) -> int:
        """Write what was gathered, and return how many fetches that was."""
        gathered, self._fetches = self._fetches, {}
        if not gathered:
            return 0
        try:
            await self._database.write(
                lambda conn: readers.note(conn, list(gathered.values())), news=False
            )
        except BaseException:
            self._fetches = gathered | self._fetches
            raise
        return sum(each.count for each in gathered.values())


async def forget_old_fetches(database: Database, now: datetime) -> int:
    return await database.write(lambda conn: readers.forget_fetches(conn, before=now - KEPT))
