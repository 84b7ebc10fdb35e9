"""How old it is what is known of the calendars that a clinician keeps elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

STALE_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyNews:
    """When the calendars were last read, the oldest of them; `stale`: more than a day ago."""

    as_of: datetime
    stale: bool

    def document(self) -> dict[str, object]:
        """Return it as the plain values that an answer shows."""
        return {"busy_as_of": self.as_of.isoformat(), "busy_stale": self.stale}


def busy_news(as_of: datetime, now: datetime) -> BusyNews:
    return BusyNews(as_of=as_of, stale=as_of < now - STALE_AFTER)
