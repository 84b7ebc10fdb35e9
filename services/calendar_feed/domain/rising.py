"""When a change is said to have been: a second later than all that was said before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

_SECOND: Final = timedelta(seconds=1)


def after(at: datetime, *said: datetime | None) -> datetime:
    """Return `at`, or the second after the latest of what was `said` where that is no earlier.

    DTSTAMP and LAST-MODIFIED are whole seconds (RFC 5545 section 3.3.12), and some readers take a
    change only when they rise: two changes may share a second, and a clock may be set back.
    """
    latest = max((each for each in said if each is not None), default=None)
    if latest is None or latest.replace(microsecond=0) < at.replace(microsecond=0):
        return at
    return latest.replace(microsecond=0) + _SECOND
