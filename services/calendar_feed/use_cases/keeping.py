"""Make, list, rotate and revoke feeds; a token is shown once and kept only as a hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.domain.errors import UnknownClinician, UnknownFeed
from services.calendar_feed.domain.feeds import TOKEN_BYTES, Feed, token_hash
from services.calendar_feed.store import clinicians, feeds
from shared.store.database import Database

PATIENCE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A feed and its token, this one time."""

    feed: Feed
    token: str = field(repr=False)


async def await_clinician(database: Database, id: UUID) -> Clinician:
    """Return the clinician; one that an event may still bring is waited for, two seconds."""
    found = await database.wait_for(
        lambda conn: clinicians.find_clinician(conn, id), seconds=PATIENCE_SECONDS
    )
    if found is None:
        raise UnknownClinician
    return found


async def open_feed(conn: AsyncConnection, feed: Feed) -> Opened:
    token = _new_token()
    await feeds.add_feed(conn, feed, token_sha256=token_hash(token))
    return Opened(feed=feed, token=token)


async def feeds_of(conn: AsyncConnection, clinician_id: UUID | None) -> list[Feed]:
    """Return the live feeds, of one clinician or of all, oldest first."""
    return await feeds.list_feeds(conn, clinician_id)


async def rotate_feed(
    conn: AsyncConnection, id: UUID, *, own: UUID | None, now: datetime
) -> Opened:
    """Give the feed a new token; the old one opens nothing from the commit on."""
    feed = await _feed_of(conn, id, own)
    token = _new_token()
    await feeds.change_token(conn, feed.id, token_sha256=token_hash(token), at=now)
    return Opened(feed=replace(feed, rotated_at=now), token=token)


async def revoke_feed(conn: AsyncConnection, id: UUID, *, own: UUID | None, now: datetime) -> None:
    feed = await _feed_of(conn, id, own)
    await feeds.revoke(conn, feed.id, now)


async def _feed_of(conn: AsyncConnection, id: UUID, own: UUID | None) -> Feed:
    feed = await feeds.find_feed(conn, id, own)
    if feed is None:
        raise UnknownFeed
    return feed


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
