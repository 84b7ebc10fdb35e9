"""When someone is not free: the hours of a diary, and nothing of what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from services.calendar_feed.domain.entries import Entry, Status


def taken(entries: Iterable[Entry]) -> list[tuple[datetime, datetime]]:
    """Return the hours that are taken in UTC, earliest first, none touching the next."""
    held = [each for each in entries if each.status is Status.CONFIRMED]
    hours: list[tuple[datetime, datetime]] = []
    for each in sorted(held, key=lambda entry: (entry.dtstart, entry.dtend)):
        begins, ends = each.dtstart.astimezone(UTC), each.dtend.astimezone(UTC)
        if hours and begins <= hours[-1][1]:
            begins, last = hours.pop()
            ends = max(ends, last)
        hours.append((begins, ends))
    return hours
