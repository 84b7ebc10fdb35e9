"""End an offer that was not taken: its hours are free again, and its link is over."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import offers as domain
from services.scheduler.domain import waiting
from services.scheduler.domain.offers import Offer, OfferStatus
from services.scheduler.domain.waiting import Turn
from services.scheduler.store import holds, offers
from services.scheduler.store import waiting as entries
from shared.eventlog import log
from shared.store.database import Database


async def pass_over(
    conn: AsyncConnection, now: datetime, offer: Offer, status: OfferStatus
) -> bool:
    """End the offer and let the person wait on in their place; whether it was still open."""
    entry = await entries.lock_entry(conn, offer.entry_id)
    found = await offers.lock_offer(conn, offer.id)
    if entry is None or found is None or found.status is not OfferStatus.OPEN:
        return False
    await entries.change_entry(conn, waiting.after(entry, Turn.PASS))
    await end_locked(conn, now, found, status)
    return True


async def end_locked(
    conn: AsyncConnection, now: datetime, offer: Offer, status: OfferStatus
) -> None:
    """Store how the offer ended and tell of it; its entry is held by the caller."""
    await offers.change_offer(conn, domain.end(offer, status, now=now))
    await holds.remove(conn, offer.hold_id)
    await log.append(conn, [announcements.offer_ended(offer, at=now)])


async def end_run_out(database: Database, now: datetime) -> int:
    """End every offer whose time is over, each in a transaction; return how many that were."""
    ended = 0
    for offer in await database.read(lambda conn: offers.run_out(conn, now)):
        expire = partial(pass_over, now=now, offer=offer, status=OfferStatus.EXPIRED)
        ended += await database.write(expire)
    return ended
