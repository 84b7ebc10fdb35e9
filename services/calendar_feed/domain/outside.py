"""Calendars that clinicians keep elsewhere: when they are busy there, and how old that news is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

BACK: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=400)
MOST_BLOCKS: Final = 5_000
MOST_STRETCHES: Final = 20_000  # of all events, before they are merged
MOST_UNREAD: Final = 1_000
EVERY: Final = timedelta(minutes=15)
LONGEST_PAUSE: Final = timedelta(hours=6)
STALE_AFTER: Final = timedelta(hours=24)
TELL_AGAIN: Final = timedelta(hours=6)  # so that who is told knows how old it is
ASK_AGAIN: Final = timedelta(minutes=1)


class Complaint(StrEnum):
    """Why a calendar could not be read; never what stands in it, nor where it is."""

    ADDRESS_REFUSED = "address_refused"
    NOT_HTTPS = "not_https"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_SLOW = "too_slow"
    TOO_BIG = "too_big"
    AWAY = "away"
    NOT_THERE = "not_there"
    NOT_A_CALENDAR = "not_a_calendar"
    TOO_COSTLY = "too_costly"
    CUT_OFF = "cut_off"
    CANNOT_BE_OPENED = "cannot_be_opened"
    UNFORESEEN = "unforeseen"


class Flaw(StrEnum):
    """Why one event of a calendar could not be read.

    An `EXCEPTION` is an override or an EXDATE: its date is taken as its series has it.
    """

    BROKEN = "broken"
    EXCEPTION = "exception"
    NESTED = "nested"
    TOO_OFTEN = "too_often"
    TOO_COSTLY = "too_costly"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Block:
    """Hours that are taken, in UTC; never by what."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is not UTC or self.ends_at.tzinfo is not UTC:
            raise ValueError("a block is told in UTC")
        if self.ends_at <= self.starts_at:
            raise ValueError("a block ends later than it starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An event that could not be read, named by its place in the file and its UID's hash."""

    index: int
    uid_sha256: str
    flaw: Flaw


# The hours of each event, by the SHA-256 of its UID.
Hours = Mapping[str, tuple[Block, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """What is taken in a calendar, and what of it could not be read.

    Not `whole`: more could not be read than is named.
    """

    hours: Hours
    unread: tuple[Unread, ...] = ()
    whole: bool = True

    @property
    def will_do(self) -> bool:
        """Whether another reading of the same calendar would bring nothing more."""
        return self.whole and all(each.flaw is not Flaw.TOO_COSTLY for each in self.unread)


def hours_now(before: Hours, found: Expanded, within: Block) -> Hours:
    """Return the hours of each event as found, and as before for what could not be read.

    So nothing that was taken becomes free because it cannot be read any more.
    """
    lost = {each.uid_sha256 for each in found.unread if each.flaw is not Flaw.EXCEPTION}
    kept = {
        uid: blocks
        for uid, blocks in before.items()
        if uid in lost or not (found.whole or uid in found.hours)
    }
    hours = {
        uid: merged((*found.hours.get(uid, ()), *kept.get(uid, ())), within)
        for uid in {**kept, **found.hours}
    }
    return _nearest({uid: blocks for uid, blocks in hours.items() if blocks})


def _nearest(hours: Hours) -> Hours:
    """Return the hours that come first, as many as are kept."""
    if sum(map(len, hours.values())) <= MOST_STRETCHES:
        return hours
    listed = sorted((each, uid) for uid, blocks in hours.items() for each in blocks)
    nearest: dict[str, tuple[Block, ...]] = {}
    for each, uid in listed[:MOST_STRETCHES]:
        nearest[uid] = (*nearest.get(uid, ()), each)
    return nearest


def taken(hours: Hours, within: Block) -> tuple[Block, ...]:
    """Return what is taken by any of them within, as `merged` does."""
    return merged((each for blocks in hours.values() for each in blocks), within)


def window(now: datetime) -> Block:
    """Return the days that are looked at: one back, and 400 ahead."""
    return Block(starts_at=now.astimezone(UTC) - BACK, ends_at=now.astimezone(UTC) + AHEAD)


def merged(blocks: Iterable[Block], within: Block) -> tuple[Block, ...]:
    """Return the hours that are taken within, none touching the next; the nearest 5,000."""
    found: list[Block] = []
    for each in sorted(blocks):
        starts = max(each.starts_at, within.starts_at)
        ends = min(each.ends_at, within.ends_at)
        if starts >= ends:
            continue
        if found and starts <= found[-1].ends_at:
            last = found.pop()
            starts, ends = last.starts_at, max(last.ends_at, ends)
        found.append(Block(starts_at=starts, ends_at=ends))
    return tuple(found[:MOST_BLOCKS])


def pause(failures: int, chance: float) -> timedelta:
    """Return how long to wait after so many failures in a row: 15 minutes, doubling to six hours.

    `chance`, of 0 to 1, spreads it over a tenth on either side, so that calendars of one server
    are not all read at once.
    """
    whole = min(EVERY * (1 << min(failures, 10)), LONGEST_PAUSE)
    return min(whole * (0.9 + 0.2 * chance), LONGEST_PAUSE)


def is_stale(read_at: datetime | None, now: datetime) -> bool:
    """Whether what is known is more than a day old; what was never read is."""
    return read_at is None or now - read_at > STALE_AFTER
