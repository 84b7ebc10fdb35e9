"""One service's database: read it, or change it in one transaction that is tried again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Final, TypeAlias, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.store.engine import IMMEDIATE, database_url, open_engine
from shared.waking import Signal

T = TypeVar("T")
Connection: TypeAlias = AsyncConnection  # for rooms that hand one on and may say no SQL
Work = Callable[[AsyncConnection], Awaitable[T]]

ATTEMPTS: Final = 5
RETRIED_STATES: Final = frozenset(
    {
        "23P01",  # exclusion_violation: someone took the hour between our look and our write
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
        "55P03",  # lock_not_available
    }
)
RETRIED_TEXTS: Final = ("overlap", "database is locked", "database is busy")


class Contention(Exception):
    """Others changed the same rows at the same time, again and again."""


class Database:
    """`commits` is notified after news were written here, or told of by a replica."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.commits = Signal()
        self.is_postgres = engine.dialect.name == "postgresql"
        # One file has one writer: waiting here is fair and wakes at once, SQLite's own polls.
        self._turn = asyncio.Lock()

    @classmethod
    def at(cls, url: str) -> Database:
        return cls(open_engine(database_url(url)))

    async def write(self, work: Work[T], *, news: bool = True) -> T:
        """Run `work` in one transaction and commit it; raise `Contention` if it never could.

        A lost race runs `work` again from the start, so it may do nothing but SQL. What nobody
        waits for is no `news`.
        """
        for attempt in range(ATTEMPTS):
            try:
                async with self._writer(), self._connection(IMMEDIATE) as conn:
                    result = await work(conn)
            except DBAPIError as error:
                if not worth_retrying(error):
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.02) * 2**attempt)
            else:
                if news:
                    self.commits.notify()
                return result
        raise Contention

    async def read(self, work: Work[T]) -> T:
        """Run `work` in a transaction that changes nothing."""
        async with self._connection() as conn:
            return await work(conn)

    async def wait_for(self, work: Work[T | None], *, seconds: float) -> T | None:
        """Read until `work` gives something, looking again after each commit; None after `seconds`.

        No connection is held while waiting.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while True:
            news = self.commits.next()
            found = await self.read(work)
            if found is not None or loop.time() >= deadline:
                return found
            try:
                async with asyncio.timeout_at(deadline):
                    await news.wait()
            except TimeoutError:
                continue

    async def close(self) -> None:
        await self.engine.dispose()

    def _writer(self) -> AbstractAsyncContextManager[object]:
        return nullcontext() if self.is_postgres else self._turn

    @asynccontextmanager
    async def _connection(self, *options: str) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as conn:
            conn = await conn.execution_options(**dict.fromkeys(options, True))
            async with conn.begin():
                yield conn


def worth_retrying(error: DBAPIError) -> bool:
    """Whether a new transaction may succeed, or at least can say why not."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in RETRIED_STATES
    return any(text in str(error.orig) for text in RETRIED_TEXTS)
