"""Which calendars of clinicians' own are read, as they ask for it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.announcements import busy_changed
from services.calendar_feed.channels.ics_fetch import FetchFailed, https
from services.calendar_feed.channels.sealing import seal
from services.calendar_feed.domain.errors import (
    BadAddress,
    ReadTooOften,
    TooManyCalendars,
    UnknownCalendar,
)
from services.calendar_feed.domain.outside import ASK_AGAIN
from services.calendar_feed.store import clinicians, outside
from services.calendar_feed.store.outside import OutsideCalendar
from shared.eventlog import log as events

MOST_CALENDARS: Final = 5  # of one clinician


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
    await events.append(conn, [busy_changed(ended, at=now, removed=True)])


async def read_soon(
    conn: AsyncConnection, now: datetime, id: UUID, own: UUID | None
) -> OutsideCalendar:
    """Let it be read as soon as someone is free to, whatever it said before; once a minute."""
    calendar = await outside.hold_calendar(conn, id, own)
    if calendar is None:
        raise UnknownCalendar
    if calendar.asked_at is not None and now < calendar.asked_at + ASK_AGAIN:
        left = calendar.asked_at + ASK_AGAIN - now
        raise ReadTooOften(retry_after=math.ceil(left.total_seconds()))
    due = replace(calendar, next_at=now, asked_at=now, etag=None, last_modified=None)
    await outside.save_calendar(conn, due)
    return due
