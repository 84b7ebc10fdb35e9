"""API keys as the scheduler makes them: the shared table of hashes, and what each is called."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.keys import Key, KeyRole
from services.scheduler.store.tables import key_names
from shared.store.api_keys import api_keys


async def add_key(conn: AsyncConnection, key: Key, *, name: str, now: datetime) -> None:
    await conn.execute(sa.insert(api_keys).values(_row(key)))
    await conn.execute(sa.insert(key_names).values(key_id=key.id, name=name, created_at=now))


async def lock_key(conn: AsyncConnection, id: UUID) -> Key | None:
    """Return the key, revoked or not, and hold it until the commit."""
    rows = await conn.execute(sa.select(api_keys).where(api_keys.c.id == id).with_for_update())
    row = rows.first()
    if row is None:
        return None
    return Key(
        id=row.id,
        revision=row.revision,
        role=KeyRole(row.role),
        sha256=row.sha256,
        clinician_id=row.clinician_id,
        revoked=row.revoked,
    )


async def change_key(conn: AsyncConnection, key: Key) -> None:
    await conn.execute(sa.update(api_keys).where(api_keys.c.id == key.id).values(_row(key)))


def _row(key: Key) -> dict[str, object]:
    return {
        "id": key.id,
        "revision": key.revision,
        "role": key.role.value,
        "sha256": key.sha256,
        "clinician_id": key.clinician_id,
        "revoked": key.revoked,
    }
