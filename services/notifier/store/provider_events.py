"""What providers told of mails that they took, each thing once, and what stands of it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.fates import Fate, Told
from services.notifier.domain.states import Kind
from services.notifier.store.tables import provider_events, reminders
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A mail that something is told of, and what is known of its fate."""

    id: UUID
    kind: Kind
    person_id: UUID
    fate: Fate | None
    fate_at: datetime | None


async def hold_delivery(conn: AsyncConnection, id: UUID) -> Delivery | None:
    """Return the mail, held until the commit, None if it is none of ours."""
    columns = [reminders.c[name] for name in Delivery.__dataclass_fields__]
    rows = await conn.execute(sa.select(*columns).where(reminders.c.id == id).with_for_update())
    row = rows.mappings().first()
    if row is None:
        return None
    fate = None if row["fate"] is None else Fate(row["fate"])
    return Delivery(**{**row, "kind": Kind(row["kind"]), "fate": fate})


async def add(conn: AsyncConnection, told: Told) -> bool:
    """Keep what was told; False if it was told before."""
    values = {
        "id": told.id,
        "reminder_id": told.delivery_id,
        "fate": told.fate,
        "at": told.at,
        "reason": told.reason,
    }
    added = await conn.execute(
        insert(conn, provider_events).values(values).on_conflict_do_nothing()
    )
    return added.rowcount == 1


async def set_fate(conn: AsyncConnection, told: Told) -> None:
    await conn.execute(
        sa.update(reminders)
        .where(reminders.c.id == told.delivery_id)
        .values(fate=told.fate, fate_at=told.at)
    )
