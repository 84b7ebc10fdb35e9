"""Connections to one mail server, kept between mails and never beyond their use."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

IDLE_SECONDS: Final = (
    30.0  # servers wait minutes (RFC 5321 section 4.5.3.2.7), what is between less
)
MAILS_EACH: Final = 100  # many servers end a connection after so many


class Line(Protocol):
    """A client of the protocol, connected until `hang_up`, which waits for nothing."""

    @property
    def is_connected(self) -> bool: ...

    async def say_goodbye(self) -> None: ...

    def hang_up(self) -> None: ...


L = TypeVar("L", bound=Line)


@dataclass(slots=True, eq=False)
class Connection(Generic[L]):
    """One connection in one pair of hands; `certain` while both ends agree where they stand."""

    line: L
    mails: int = 0
    certain: bool = False
    waits: asyncio.TimerHandle | None = None

    @property
    def used_before(self) -> bool:
        return self.mails > 0


class Connections(Generic[L]):
    """Lends at most `most` connections, opened when needed.

    One is kept only if it comes back `certain`; any other is closed without a word, since
    whatever is said on it may be taken for something else.
    """

    def __init__(
        self,
        open_one: Callable[[], Awaitable[L]],
        *,
        most: int,
        idle_seconds: float = IDLE_SECONDS,
        mails_each: int = MAILS_EACH,
    ) -> None:
        self._open_one, self._most = open_one, most
        self._idle_seconds, self._mails_each = idle_seconds, mails_each
        self._turns = asyncio.Semaphore(most)
        self._idle: list[Connection[L]] = []
        self._parting: set[asyncio.Task[None]] = set()
        self._lent, self._closed = 0, False

    @property
    def others(self) -> bool:
        """Whether any connection is open, beside those that are being opened."""
        return bool(self._idle or self._lent)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait, for as long as it takes, until one may be lent; whoever is lent one has a turn."""
        async with self._turns:
            yield

    @contextlib.asynccontextmanager
    async def lent(self, *, fresh: bool = False) -> AsyncIterator[Connection[L]]:
        """Lend a connection, the one last used first; a `fresh` one was used by nobody."""
        connection = None if fresh else self._from_idle()
        if connection is None:
            connection = Connection(await self._open_one())
        self._lent += 1
        connection.certain = False
        try:
            self._make_room()
            yield connection
        finally:
            self._lent -= 1
            self._take_back(connection)

    def drop_idle(self) -> None:
        """Close all that wait: a server that ended one has ended the others."""
        while self._idle:
            connection = self._idle.pop()
            _stop_waiting(connection)
            connection.line.hang_up()

    async def close(self) -> None:
        """Say goodbye on all that wait; one that is still lent is closed as it comes back."""
        self._closed = True
        while self._idle:
            self._part(self._idle.pop())
        while self._parting:
            await asyncio.wait(self._parting)

    def _from_idle(self) -> Connection[L] | None:
        while self._idle:
            connection = self._idle.pop()
            _stop_waiting(connection)
            if connection.line.is_connected:
                return connection
            connection.line.hang_up()
        return None

    def _make_room(self) -> None:
        while self._idle and self._lent + len(self._idle) > self._most:
            self._part(self._idle.pop(0))

    def _take_back(self, connection: Connection[L]) -> None:
        connection.mails += 1
        if not (connection.certain and connection.line.is_connected):
            connection.line.hang_up()
        elif self._closed or connection.mails >= self._mails_each:
            self._part(connection)
        else:
            loop = asyncio.get_running_loop()
            connection.waits = loop.call_later(self._idle_seconds, self._expire, connection)
            self._idle.append(connection)

    def _expire(self, connection: Connection[L]) -> None:
        self._idle.remove(connection)
        self._part(connection)

    def _part(self, connection: Connection[L]) -> None:
        _stop_waiting(connection)
        task = asyncio.create_task(_say_goodbye(connection.line))
        self._parting.add(task)
        task.add_done_callback(self._parting.discard)


async def _say_goodbye(line: Line) -> None:
    try:
        await line.say_goodbye()
    finally:
        line.hang_up()


def _stop_waiting(connection: Connection[L]) -> None:
    if connection.waits is not None:
        connection.waits.cancel()
        connection.waits = None
