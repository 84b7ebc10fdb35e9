"""How long a channel is left alone that takes no mail at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SHORTEST: Final = timedelta(seconds=10)
SHORTEST_ASKED: Final = timedelta(seconds=1)
LONGEST: Final = timedelta(minutes=15)
# Each mail that met the rest is tried within this time of its end: what comes later is new.
STILL_THE_SAME: Final = timedelta(minutes=5)


def rest_until(since: datetime, now: datetime, *, asked: timedelta | None) -> datetime:
    """Return when to try again: as asked, else after as long again as it has lasted.

    A wait that is over when it is asked for, as by a clock behind ours, is none.
    """
    if asked is not None and asked > timedelta():
        return now + max(asked, SHORTEST_ASKED)
    return now + min(max(now - since, SHORTEST), LONGEST)
