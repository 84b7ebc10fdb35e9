"""Make and revoke API keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.errors import NotRecorded, UnknownKey
from services.scheduler.domain.keys import Key, revoke
from services.scheduler.store import keys, people
from shared.eventlog import log


async def enter_key(conn: AsyncConnection, now: datetime, key: Key, *, name: str) -> None:
    """Store `key` and tell of it, or raise `NotRecorded` for a clinician who is not."""
    if key.clinician_id and not await people.lock_clinician(conn, key.clinician_id):
        raise NotRecorded("no clinician has this id", pointer="#/clinician_id")
    await keys.add_key(conn, key, name=name, now=now)
    await log.append(conn, [announcements.key_saved(key, at=now)])


async def revoke_key(conn: AsyncConnection, now: datetime, id: UUID) -> None:
    """Make the key open nothing and tell of it; a revoked key stays revoked, in silence."""
    key = await keys.lock_key(conn, id)
    if key is None:
        raise UnknownKey
    if not key.revoked:
        revoked = revoke(key)
        await keys.change_key(conn, revoked)
        await log.append(conn, [announcements.key_saved(revoked, at=now)])
