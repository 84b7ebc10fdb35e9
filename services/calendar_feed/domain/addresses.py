"""What an address opens: the feed, word that it has moved or ended, or nothing any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.calendar_feed.domain.feeds import Feed

GRACE: Final = timedelta(days=7)
LONGEST_GRACE: Final = timedelta(days=30)
NOTICE: Final = timedelta(days=30)
OWN_LASTS: Final = timedelta(days=30)


class Notice(StrEnum):
    """What a calendar shows in place of a feed, so that nobody trusts what it no longer shows."""

    MOVED = "moved"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of a feed; `good_until` (aware) is None for the present one."""

    feed: Feed
    made_at: datetime
    good_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A notice that stands at an address from `since` on, for thirty days."""

    notice: Notice
    since: datetime

    def at(self, now: datetime) -> Posted | None:
        """The notice itself, None once its thirty days are over (410)."""
        return self if now < self.since + NOTICE else None


Opens = Feed | Posted | None


def ended_of_own(last: datetime, revoked_at: datetime | None, now: datetime) -> Posted | None:
    """Return what stands in place of a client's own calendar now, None while that is there.

    It ends when its link was revoked, or thirty days after there was anything to show: `last` is
    when the last appointment ended, or was cancelled. So another appointment renews it.
    """
    since = last + OWN_LASTS if revoked_at is None else revoked_at
    return Posted(notice=Notice.ENDED, since=since) if since <= now else None


def opens(address: Address, now: datetime) -> Opens:
    """Return what stands at `address` now; None when nothing ever will again (410)."""
    left = [
        Posted(notice=notice, since=since)
        for notice, since in (
            (Notice.ENDED, address.feed.ends_at),
            (Notice.MOVED, address.good_until),
        )
        if since is not None and since <= now
    ]
    if not left:
        return address.feed
    return left[0].at(now)
