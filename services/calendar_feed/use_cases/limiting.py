"""How often one may ask: enough for every calendar program, too seldom to be a burden."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from services.calendar_feed.domain.errors import TooManyFetches

REMEMBERED: Final = 10_000
_MINUTE: Final = 60.0


class Limit:
    """Lets `each_minute` pass for one name, all at once if they like; 0 lets everything pass.

    Each name has a bucket that fills again steadily. Of many names the last used are remembered.
    """

    def __init__(self, each_minute: int, steady: Callable[[], float]) -> None:
        self._most, self._steady = float(each_minute), steady
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> None:
        """Take one of what `name` has left, or raise `TooManyFetches`."""
        if not self.passes(name):
            left = self._refilled(name, self._steady())
            raise TooManyFetches(retry_after=max(1, math.ceil((1 - left) * _MINUTE / self._most)))

    def passes(self, name: str) -> bool:
        """Take one of what `name` has left; False, and nothing is taken, if that is none."""
        if self._most == 0:
            return True
        now = self._steady()
        left = self._refilled(name, now)
        if left < 1:
            return False
        self._keep(name, left - 1, now)
        return True

    def _refilled(self, name: str, now: float) -> float:
        left, at = self._left.get(name, (self._most, 0.0))
        return min(self._most, left + (now - at) * self._most / _MINUTE)

    def _keep(self, name: str, left: float, now: float) -> None:
        self._left[name] = left, now
        self._left.move_to_end(name)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
