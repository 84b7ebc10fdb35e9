"""Offers, as last told."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.offers import Offer
from services.notifier.store.tables import offers
from shared.store.dialects import insert


async def save_offer(conn: AsyncConnection, offer: Offer) -> None:
    """Store `offer`; one that has ended stays ended."""
    statement = insert(conn, offers).values(asdict(offer))
    await conn.execute(statement.on_conflict_do_nothing())


async def end_offer(conn: AsyncConnection, id: UUID) -> None:
    await conn.execute(sa.update(offers).where(offers.c.id == id).values(ended=True))


async def hold_offer(conn: AsyncConnection, id: UUID) -> Offer | None:
    """Return the offer; it cannot end before this transaction does."""
    rows = await conn.execute(sa.select(offers).where(offers.c.id == id).with_for_update(read=True))
    row = rows.mappings().first()
    return Offer(**row) if row else None
