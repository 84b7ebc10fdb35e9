"""Read clinicians' own calendars, and tell when they are taken there."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.announcements import busy_changed
from services.calendar_feed.channels.expanding import ExpandingFailed, expand
from services.calendar_feed.channels.ics_fetch import FetchFailed, IcsFetch, Version
from services.calendar_feed.channels.sealing import CannotBeOpened, seal, unseal
from services.calendar_feed.domain.outside import (
    EVERY,
    TELL_AGAIN,
    Block,
    Complaint,
    Expanded,
    hours_now,
    is_stale,
    pause,
    taken,
    window,
)
from services.calendar_feed.store import outside
from services.calendar_feed.store.outside import OutsideCalendar
from shared.clock import Clock
from shared.eventlog import log as events
from shared.logs import log
from shared.store.database import Database
from shared.zones import TZ_VERSION

LEASE: Final = timedelta(seconds=60)
IDLE_SECONDS: Final = 5.0


def _one() -> asyncio.Semaphore:
    return asyncio.Semaphore(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is at hand to read calendars; `chance` of 0 to 1 spreads their times.

    `secrets`: the one that addresses are sealed with, then those of before. Calendars are fetched
    side by side, and expanded by one process at a time.
    """

    database: Database
    clock: Clock
    fetch: IcsFetch
    secrets: tuple[str, ...] = field(repr=False)
    chance: Callable[[], float] = random.random
    tzversion: str = TZ_VERSION
    turn: asyncio.Semaphore = field(default_factory=_one)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one reading brought, by which zone, of which days; no `expanded`: it is as it was."""

    version: Version
    zone: str
    tzversion: str
    within: Block
    expanded: Expanded | None


_Found = _Read | Complaint


async def read_once(reading: Reading) -> int:
    """Read the calendar that is due first; return how many were due, 0 or 1."""
    now = reading.clock.now()
    due = await reading.database.read(outside.next_look)
    if due is None or due > now:
        return 0  # looking is a read: who has nothing to do writes nothing
    calendar = await reading.database.write(lambda conn: outside.lease_due(conn, now, now + LEASE))
    if calendar is None:
        return 0
    try:
        address = unseal(calendar.sealed, *reading.secrets)
    except CannotBeOpened:
        await _settled(reading, calendar, Complaint.CANNOT_BE_OPENED)
        return 1
    # With the secret of today, so that the one of before can be forgotten.
    opened = replace(calendar, sealed=seal(address, reading.secrets[0]))
    found = await _found(reading, opened, address)
    try:
        await _settled(reading, opened, found)
    except Exception as error:  # noqa: BLE001 # else it would be asked for again every minute
        await _settled(reading, opened, _unforeseen(opened, error))
    return 1


async def _found(reading: Reading, calendar: OutsideCalendar, address: str) -> _Found:
    """Return what stands there now, or why that is not known; its address is in no line."""
    try:
        return await _read(reading, calendar, address)
    except (FetchFailed, ExpandingFailed) as failed:
        return failed.complaint
    except Exception as error:  # noqa: BLE001 # a stranger's server: it waits as after any failure
        return _unforeseen(calendar, error)


def _unforeseen(calendar: OutsideCalendar, error: Exception) -> Complaint:
    """Only the kind of error is logged: its text may hold what stands in the calendar."""
    log.error("calendar.unforeseen", calendar_id=str(calendar.id), error=type(error).__name__)
    return Complaint.UNFORESEEN


async def _read(reading: Reading, calendar: OutsideCalendar, address: str) -> _Read:
    zone = await reading.database.read(lambda conn: outside.zone_of(conn, calendar.clinician_id))
    now = reading.clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # Whole days, else what lies across the edge would be other hours at each reading.
    within = window(midnight)
    # The first time each day all of it is read: what repeats without end reaches a day farther.
    whole = calendar.read_at is None or calendar.read_at < midnight
    # By another clock the same bytes are other hours.
    whole = whole or (calendar.zone, calendar.tzversion) != (zone, reading.tzversion)
    known = (
        Version() if whole else Version(etag=calendar.etag, last_modified=calendar.last_modified)
    )
    fetched = await reading.fetch.fetch(address, known)
    expanded = None
    if fetched.body is not None:
        async with reading.turn:
            expanded = await expand(fetched.body, zone=zone, within=within)
    return _Read(
        version=fetched.version,
        zone=zone,
        tzversion=reading.tzversion,
        within=within,
        expanded=expanded,
    )


async def _settled(reading: Reading, read: OutsideCalendar, found: _Found) -> None:
    chance = reading.chance()
    if isinstance(found, Complaint):
        log.warning("calendar.not_read", calendar_id=str(read.id), complaint=found.value)
    await reading.database.write(
        lambda conn: _settle(conn, read, found, reading.clock.now(), chance)
    )


async def _settle(
    conn: AsyncConnection, read: OutsideCalendar, found: _Found, now: datetime, chance: float
) -> None:
    """Keep what was found, and tell it if it is news; a calendar that was removed is not told."""
    held = await outside.hold_calendar(conn, read.id)
    if held is None:
        return
    before = replace(held, sealed=read.sealed)
    if isinstance(found, Complaint):
        after = _failed(before, found, now, chance)
    else:
        after = await _kept(conn, _fresh(before, found, now, chance), found)
    tells = (before.blocks, before.stale) != (after.blocks, after.stale) or _is_due(after, now)
    if tells:
        after = replace(after, revision=before.revision + 1, told_at=now)
    await outside.save_calendar(conn, after)
    if tells:
        await events.append(conn, [busy_changed(after, at=now)])


def _is_due(calendar: OutsideCalendar, now: datetime) -> bool:
    """Whether to tell that it was read, though nothing has changed."""
    told_at = calendar.told_at
    return calendar.read_at == now and (told_at is None or now - told_at >= TELL_AGAIN)


def _failed(
    before: OutsideCalendar, complaint: Complaint, now: datetime, chance: float
) -> OutsideCalendar:
    failures = before.failures + 1
    return replace(
        before,
        failures=failures,
        complaint=complaint.value,
        stale=before.read_at is not None and is_stale(before.read_at, now),
        next_at=now + pause(failures, chance),
    )


def _fresh(before: OutsideCalendar, found: _Read, now: datetime, chance: float) -> OutsideCalendar:
    # What took too long may not the next time, when the machine has less to do.
    will_do = found.expanded is None or found.expanded.will_do
    return replace(
        before,
        failures=0,
        complaint=None,
        stale=False,
        read_at=now,
        next_at=now + pause(0, chance),
        etag=found.version.etag if will_do else None,
        last_modified=found.version.last_modified if will_do else None,
        zone=found.zone,
        tzversion=found.tzversion,
    )


async def _kept(conn: AsyncConnection, read: OutsideCalendar, found: _Read) -> OutsideCalendar:
    """Return the calendar with its hours, those of before for what could not be read."""
    if found.expanded is None:
        return read
    hours = hours_now(await outside.hours_of(conn, read), found.expanded, found.within)
    await outside.save_hours(conn, read.id, hours)
    return replace(read, blocks=taken(hours, found.within), unread=found.expanded.unread)


async def seconds_until_due(reading: Reading) -> float:
    """Return how long there is nothing to read, at most a few seconds."""
    due = await reading.database.read(outside.next_look)
    left = EVERY if due is None else due - reading.clock.now()
    return min(max(left.total_seconds(), 0.0), IDLE_SECONDS)
