"""Open, change, list, rotate and revoke feeds; a token is shown once and kept only as a hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.domain.errors import TooManyFeeds, UnknownClinician, UnknownFeed
from services.calendar_feed.domain.feeds import (
    MOST_FEEDS,
    TOKEN_BYTES,
    Feed,
    raised,
    token_hash,
)
from services.calendar_feed.domain.readers import Reader
from services.calendar_feed.store import bodies, clinicians, feeds, readers
from services.calendar_feed.store.bodies import NOTHING, LeftOut
from shared.store.database import Database
from shared.store.places import Place

PATIENCE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A feed and its token, this one time."""

    feed: Feed
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed, who reads it, whether its last day has passed, and how much it leaves out."""

    feed: Feed
    readers: tuple[Reader, ...]
    ended: bool
    left_out: LeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some feeds that were not revoked, oldest first, and where to go on."""

    feeds: tuple[Listed, ...]
    next: Place | None


async def await_clinician(database: Database, id: UUID) -> Clinician:
    """Return the clinician; one that an event may still bring is waited for, two seconds."""
    found = await database.wait_for(
        lambda conn: clinicians.find_clinician(conn, id), seconds=PATIENCE_SECONDS
    )
    if found is None:
        raise UnknownClinician
    return found


async def open_feed(conn: AsyncConnection, feed: Feed) -> Opened:
    """Open a feed, one of at most twenty that a clinician has."""
    await _make_room(conn, feed.clinician_id, feed.created_at)
    token = _new_token()
    await feeds.add_feed(conn, feed, token_sha256=token_hash(token))
    return Opened(feed=feed, token=token)


async def _make_room(conn: AsyncConnection, clinician_id: UUID, now: datetime) -> None:
    """Let nobody else open the last feed of twenty; those that have ended do not count."""
    await clinicians.lock_clinician(conn, clinician_id)
    if await feeds.count_feeds(conn, clinician_id, now.astimezone(UTC).date()) >= MOST_FEEDS:
        raise TooManyFeeds


async def feeds_of(
    conn: AsyncConnection,
    clinician_id: UUID | None,
    *,
    place: Place | None,
    limit: int,
    now: datetime,
) -> Page:
    """Return a page of the feeds that were not revoked, of one clinician or of all."""
    found = await feeds.list_feeds(conn, clinician_id, place=place, limit=limit + 1)
    given = found[:limit]
    ids = [feed.id for feed in given]
    read_by = await readers.readers_of(conn, ids)
    left_out = await bodies.left_out_of(
        conn, [each.id for each in given if not each.has_ended(now)]
    )
    last = given[-1] if len(found) > limit else None
    return Page(
        feeds=tuple(
            Listed(
                feed=feed,
                readers=tuple(each for each in read_by if each.feed_id == feed.id),
                ended=feed.has_ended(now),
                left_out=left_out.get(feed.id, NOTHING),
            )
            for feed in given
        ),
        next=Place(starts_at=last.created_at, id=last.id) if last else None,
    )


async def hold_feed(conn: AsyncConnection, id: UUID, own: UUID | None) -> Feed:
    """Return a live feed, of the clinician `own` unless that is None, held to be changed."""
    feed = await feeds.hold_feed(conn, id, own)
    if feed is None:
        raise UnknownFeed
    return feed


async def change_feed(conn: AsyncConnection, feed: Feed, changed: Feed, now: datetime) -> Feed:
    """Let the feed show what is now chosen; its address stays.

    One that had ended and goes on is one of twenty again, or raises `TooManyFeeds`.
    """
    if changed == feed:
        return feed
    if feed.has_ended(now) and not changed.has_ended(now):
        await _make_room(conn, feed.clinician_id, now)
    clinician = await clinicians.find_clinician(conn, feed.clinician_id)
    later = raised(changed, now, clinician.changed_at if clinician else now)
    await feeds.save_feed(conn, later)
    return later


async def rotate_feed(
    conn: AsyncConnection, id: UUID, *, own: UUID | None, now: datetime, grace: timedelta
) -> Opened:
    """Give the feed a new token; the old ones are good for `grace` from now, and then say so."""
    feed = replace(await hold_feed(conn, id, own), rotated_at=now)
    token = _new_token()
    await feeds.end_addresses(conn, feed.id, good_until=now + grace)
    await feeds.add_address(conn, feed.id, token_sha256=token_hash(token), at=now)
    await feeds.save_feed(conn, feed)
    return Opened(feed=feed, token=token)


async def revoke_feed(conn: AsyncConnection, id: UUID, *, own: UUID | None, now: datetime) -> None:
    """Show nothing of the diary at any of the feed's addresses from the commit on."""
    feed = await hold_feed(conn, id, own)
    await feeds.save_feed(conn, replace(feed, revoked_at=now))
    await bodies.forget_body(conn, feed.id)


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
