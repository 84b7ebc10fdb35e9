"""Wake whoever waits for news, without missing any that comes between looking and waiting."""

from __future__ import annotations

import asyncio


class Signal:
    """News that many tasks of one process can wait for.

    Take `next()` before looking at the state, look, then wait on what `next()` gave:
    news that arrives while looking has then already set it.
    """

    def __init__(self) -> None:
        self._coming = asyncio.Event()

    def next(self) -> asyncio.Event:
        return self._coming

    def notify(self) -> None:
        """Wake everyone who waits now; those who come later wait for the next news."""
        woken, self._coming = self._coming, asyncio.Event()
        woken.set()


async def first_of(*events: asyncio.Event, seconds: float) -> bool:
    """Return True as soon as one of `events` is set, or False after `seconds`."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        done, _ = await asyncio.wait(
            waits, timeout=max(seconds, 0), return_when=asyncio.FIRST_COMPLETED
        )
        return bool(done)
    finally:
        for wait in waits:
            wait.cancel()
