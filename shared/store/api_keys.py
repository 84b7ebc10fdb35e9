"""The API keys a service knows, as hashes: the scheduler makes them, the others are told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.events.data import KeySaved
from shared.store.dialects import insert

metadata = sa.MetaData()

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("clinician_id", sa.Uuid),
    sa.Column("revoked", sa.Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key that is good now."""

    id: UUID
    role: str
    clinician_id: UUID | None


def hash_key(key: str) -> str:
    """Keys are 256 random bits, so a plain hash cannot be searched for."""
    return hashlib.sha256(key.encode()).hexdigest()


async def apply_key(conn: AsyncConnection, told: KeySaved) -> None:
    """Store the key as `told`, unless a later revision is already known."""
    values = {
        "id": told.key_id,
        "revision": told.revision,
        "role": told.role,
        "sha256": told.sha256,
        "clinician_id": told.clinician_id,
        "revoked": told.revoked,
    }
    statement = insert(conn, api_keys).values(values)
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[api_keys.c.id],
            set_=values,
            where=api_keys.c.revision < told.revision,
        )
    )


async def find_key(conn: AsyncConnection, key_hash: str) -> ApiKey | None:
    """Return the key with this hash if there is one and it has not been revoked."""
    rows = await conn.execute(
        sa.select(api_keys.c.id, api_keys.c.role, api_keys.c.clinician_id).where(
            api_keys.c.sha256 == key_hash, api_keys.c.revoked.is_(False)
        )
    )
    row = rows.first()
    return ApiKey(id=row.id, role=row.role, clinician_id=row.clinician_id) if row else None
