"""How long one event may be worked at: by the time of the processor, not by the clock.

A machine that is busy with something else takes nothing from an event's share.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_AGAIN: Final = 0.05  # for a ring that fell into a callback, which keeps it to itself


class TooCostly(BaseException):
    """An event takes longer than it may; no Exception, so that no library keeps it to itself."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise `TooCostly` from whatever runs in here for longer; `arm` comes first."""
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def arm() -> None:
    """Let the timer of this process end what takes too long; its main thread only."""
    signal.signal(signal.SIGPROF, _ring)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TooCostly
