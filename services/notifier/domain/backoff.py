"""How long to wait before the next try."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

_FIRST_SECONDS: Final = 2.0
_LONGEST_SECONDS: Final = 600.0
_DOUBLINGS: Final = 20


def pause(attempt: int, chance: float, *, at_least: timedelta | None = None) -> timedelta:
    """Return the wait after the attempt of that number, the first being 1.

    1 to 3 seconds at first, doubling, 5 to 15 minutes in the end; `chance` in [0, 1) spreads
    it, so that many who failed together do not come back together. A channel that asks
    for a longer wait (`at_least`) gets it.
    """
    middle = min(_FIRST_SECONDS * 2 ** min(attempt - 1, _DOUBLINGS), _LONGEST_SECONDS)
    own = timedelta(seconds=middle * (0.5 + chance))
    return max(own, at_least) if at_least else own
