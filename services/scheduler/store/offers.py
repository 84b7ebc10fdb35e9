"""Offers: the hours that are kept for someone, and how each ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.offers import Offer, OfferStatus
from services.scheduler.domain.sessions import Kind
from services.scheduler.domain.slots import Slot
from services.scheduler.store.listing import Place
from services.scheduler.store.tables import offers


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedOffers:
    """Offers that stand so, of one entry, or all; after the one that was made then."""

    status: OfferStatus | None = None
    entry_id: UUID | None = None
    after: Place | None = None
    limit: int


async def add_offer(conn: AsyncConnection, offer: Offer) -> None:
    """Store an offer; the database refuses a second one of the hour, or for the entry."""
    await conn.execute(sa.insert(offers).values(_row(offer)))


async def change_offer(conn: AsyncConnection, offer: Offer) -> None:
    await conn.execute(sa.update(offers).where(offers.c.id == offer.id).values(_row(offer)))


async def find_offer(conn: AsyncConnection, id: UUID) -> Offer | None:
    found = await _read(conn, sa.select(offers).where(offers.c.id == id))
    return found[0] if found else None


async def lock_offer(conn: AsyncConnection, id: UUID) -> Offer | None:
    """Return the offer and hold it until the commit; after the lock of its entry."""
    found = await _read(conn, sa.select(offers).where(offers.c.id == id).with_for_update())
    return found[0] if found else None


async def open_offer_of(conn: AsyncConnection, entry_id: UUID) -> Offer | None:
    query = sa.select(offers).where(offers.c.entry_id == entry_id)
    found = await _read(conn, query.where(offers.c.status == OfferStatus.OPEN.value))
    return found[0] if found else None


async def is_offered(conn: AsyncConnection, clinician_id: UUID, starts_at: datetime) -> bool:
    """Whether an offer of this clinician's hour is open, its time over or not."""
    query = sa.select(offers.c.id).where(
        offers.c.clinician_id == clinician_id,
        offers.c.starts_at == starts_at,
        offers.c.status == OfferStatus.OPEN.value,
    )
    return (await conn.execute(query.limit(1))).first() is not None


async def offers_of_entry(conn: AsyncConnection, entry_id: UUID) -> list[Offer]:
    """Return every offer that was ever made for this entry, the first one first."""
    query = sa.select(offers).where(offers.c.entry_id == entry_id)
    return await _read(conn, query.order_by(offers.c.made_at, offers.c.id))


async def run_out(conn: AsyncConnection, now: datetime) -> list[Offer]:
    """Return the offers that are still open, although their time is over."""
    query = sa.select(offers).where(
        offers.c.status == OfferStatus.OPEN.value, offers.c.expires_at <= now
    )
    return await _read(conn, query.order_by(offers.c.expires_at, offers.c.id))


async def list_offers(conn: AsyncConnection, wanted: WantedOffers) -> list[Offer]:
    """Return offers in the order they were made."""
    query = sa.select(offers).order_by(offers.c.made_at, offers.c.id).limit(wanted.limit)
    if wanted.status is not None:
        query = query.where(offers.c.status == wanted.status.value)
    if wanted.entry_id is not None:
        query = query.where(offers.c.entry_id == wanted.entry_id)
    if wanted.after is not None:
        made_at, id = wanted.after.starts_at, wanted.after.id
        query = query.where(
            sa.or_(
                offers.c.made_at > made_at,
                sa.and_(offers.c.made_at == made_at, offers.c.id > id),
            )
        )
    return await _read(conn, query)


async def _read(conn: AsyncConnection, query: sa.Select[Any]) -> list[Offer]:
    return [_offer(row) for row in (await conn.execute(query)).all()]


def _row(offer: Offer) -> dict[str, object]:
    return {
        "id": offer.id,
        "entry_id": offer.entry_id,
        "client_id": offer.client_id,
        "clinician_id": offer.clinician_id,
        "kind": offer.kind.value,
        "first_date": offer.first_date,
        "local_time": offer.at.isoformat("minutes"),
        "timezone": offer.timezone,
        "starts_at": offer.slots[0].starts_at,
        "starts": [slot.starts_at.isoformat() for slot in offer.slots],
        "hold_id": offer.hold_id,
        "made_at": offer.made_at,
        "expires_at": offer.expires_at,
        "status": offer.status.value,
        "ended_at": offer.ended_at,
    }


def _offer(row: sa.Row[Any]) -> Offer:
    starts = (datetime.fromisoformat(each) for each in row.starts)
    return Offer(
        id=row.id,
        entry_id=row.entry_id,
        client_id=row.client_id,
        clinician_id=row.clinician_id,
        kind=Kind(row.kind),
        first_date=row.first_date,
        at=time.fromisoformat(row.local_time),
        timezone=row.timezone,
        slots=tuple(Slot.hour_from(start) for start in starts),
        hold_id=row.hold_id,
        made_at=row.made_at,
        expires_at=row.expires_at,
        status=OfferStatus(row.status),
        ended_at=row.ended_at,
    )
