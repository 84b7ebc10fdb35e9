"""Read clinicians' own calendars, and tell when they are taken there."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.announcements import busy_changed
from services.calendar_feed.channels.expanding import ExpandingFailed, expand
from services.calendar_feed.channels.ics_fetch import FetchFailed, IcsFetch, Version, https
from services.calendar_feed.channels.sealing import CannotBeOpened, seal, unseal
from services.calendar_feed.domain.errors import (
    BadAddress,
    TooManyCalendars,
    UnknownCalendar,
)
from services.calendar_feed.domain.outside import (
    EVERY,
    Complaint,
    Expanded,
    is_stale,
    pause,
    window,
)
from services.calendar_feed.store import clinicians, outside
from services.calendar_feed.store.outside import OutsideCalendar
from shared.clock import Clock
from shared.eventlog import log as events
from shared.logs import log
from shared.store.database import Database

LEASE: Final = timedelta(seconds=60)
IDLE_SECONDS: Final = 5.0
MOST_CALENDARS: Final = 5  # of one clinician


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is at hand to read calendars; `chance` of 0 to 1 spreads their times."""

    database: Database
    clock: Clock
    fetch: IcsFetch
    secret: str = field(repr=False)
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one reading brought; no `expanded`: it is as it was."""

    version: Version
    expanded: Expanded | None


async def add(conn: AsyncConnection, calendar: OutsideCalendar) -> OutsideCalendar:
    """Keep a new calendar, one of at most five that a clinician has; it is read at once."""
    await clinicians.lock_clinician(conn, calendar.clinician_id)
    own = await outside.list_calendars(conn, calendar.clinician_id)
    if len(own) >= MOST_CALENDARS:
        raise TooManyCalendars
    await outside.add_calendar(conn, calendar)
    return calendar


def sealed_address(address: str, secret: str) -> bytes:
    """Return the address as it is kept, or raise `BadAddress` for what is not https."""
    try:
        url = https(address)
    except FetchFailed as failed:
        raise BadAddress("must be an https: or webcal: address", pointer="#/address") from failed
    return seal(str(url), secret)


async def remove(conn: AsyncConnection, now: datetime, id: UUID, own: UUID | None) -> None:
    """Read it no more, and tell that nothing is taken there."""
    calendar = await outside.hold_calendar(conn, id, own)
    if calendar is None:
        raise UnknownCalendar
    await outside.remove_calendar(conn, id)
    ended = replace(calendar, revision=calendar.revision + 1, blocks=(), stale=False)
    await events.append(conn, [busy_changed(ended, at=now)])


async def read_soon(
    conn: AsyncConnection, now: datetime, id: UUID, own: UUID | None
) -> OutsideCalendar:
    """Let it be read as soon as someone is free to, whatever it said before."""
    calendar = await outside.hold_calendar(conn, id, own)
    if calendar is None:
        raise UnknownCalendar
    due = replace(calendar, next_at=now, etag=None, last_modified=None)
    await outside.save_calendar(conn, due)
    return due


async def read_once(reading: Reading) -> int:
    """Read the calendar that is due first; return how many were due, 0 or 1."""
    now = reading.clock.now()
    due = await reading.database.read(outside.next_look)
    if due is None or due > now:
        return 0  # looking is a read: who has nothing to do writes nothing
    calendar = await reading.database.write(lambda conn: outside.lease_due(conn, now, now + LEASE))
    if calendar is None:
        return 0
    zone = await reading.database.read(lambda conn: outside.zone_of(conn, calendar.clinician_id))
    found = await _read(reading, calendar, zone)
    chance = reading.chance()
    await reading.database.write(
        lambda conn: _settle(conn, calendar, found, reading.clock.now(), chance)
    )
    if isinstance(found, Complaint):
        log.warning("calendar.not_read", calendar_id=str(calendar.id), complaint=found.value)
    return 1


async def _read(reading: Reading, calendar: OutsideCalendar, zone: str) -> _Read | Complaint:
    """Return what stands there now, or why that is not known; its address is in no line."""
    now = reading.clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # The first time each day all of it is read: what repeats without end reaches a day farther.
    whole = calendar.read_at is None or calendar.read_at < midnight
    known = Version(
        etag=None if whole else calendar.etag,
        last_modified=None if whole else calendar.last_modified,
    )
    try:
        address = unseal(calendar.sealed, reading.secret)
        fetched = await reading.fetch.fetch(address, known)
        if fetched.body is None:
            return _Read(version=fetched.version, expanded=None)
        # Whole days, else what lies across the edge would be other hours at each reading.
        expanded = await expand(fetched.body, zone=zone, within=window(midnight))
    except CannotBeOpened:
        log.error("calendar.cannot_be_opened", calendar_id=str(calendar.id))
        return Complaint.AWAY
    except (FetchFailed, ExpandingFailed) as failed:
        return failed.complaint
    return _Read(version=fetched.version, expanded=expanded)


async def _settle(
    conn: AsyncConnection,
    read: OutsideCalendar,
    found: _Read | Complaint,
    now: datetime,
    chance: float,
) -> None:
    """Keep what was found, and tell it if it is news; a calendar that was removed is not told."""
    before = await outside.hold_calendar(conn, read.id)
    if before is None:
        return
    after = _after(before, found, now, chance)
    is_news = (before.blocks, before.stale) != (after.blocks, after.stale)
    if is_news:
        after = replace(after, revision=before.revision + 1)
    await outside.save_calendar(conn, after)
    if is_news:
        await events.append(conn, [busy_changed(after, at=now)])


def _after(
    before: OutsideCalendar, found: _Read | Complaint, now: datetime, chance: float
) -> OutsideCalendar:
    if isinstance(found, Complaint):
        failures = before.failures + 1
        return replace(
            before,
            failures=failures,
            complaint=found.value,
            stale=before.read_at is not None and is_stale(before.read_at, now),
            next_at=now + pause(failures, chance),
        )
    read = replace(
        before,
        failures=0,
        complaint=None,
        stale=False,
        read_at=now,
        next_at=now + pause(0, chance),
        etag=found.version.etag,
        last_modified=found.version.last_modified,
    )
    if found.expanded is None:
        return read
    return replace(read, blocks=found.expanded.blocks, unread=found.expanded.unread)


async def seconds_until_due(reading: Reading) -> float:
    """Return how long there is nothing to read, at most a few seconds."""
    due = await reading.database.read(outside.next_look)
    left = EVERY if due is None else due - reading.clock.now()
    return min(max(left.total_seconds(), 0.0), IDLE_SECONDS)
