"""Put someone on the waiting list, take them off it, and read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import waiting
from services.scheduler.domain.errors import NotRecorded, UnknownEntry
from services.scheduler.domain.offers import Offer, OfferStatus
from services.scheduler.domain.sessions import Kind
from services.scheduler.domain.waiting import Entry, Turn
from services.scheduler.domain.windows import Window
from services.scheduler.store import offers, people
from services.scheduler.store import waiting as store
from services.scheduler.store.offers import WantedOffers
from services.scheduler.store.waiting import WantedEntries
from services.scheduler.use_cases.ending_offers import end_locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What someone waits for; without a `timezone` the windows are on the client's clock."""

    client_id: UUID
    clinician_id: UUID | None = None
    kind: Kind
    sessions: int
    windows: tuple[Window, ...]
    timezone: str | None = None
    since: date | None = None
    until: date | None = None
    state: str | None = None


async def enter(conn: AsyncConnection, now: datetime, wish: Wish) -> Entry:
    """Put the client at the end of the list, or raise `NotRecorded` with the field at fault."""
    client = await people.find_client(conn, wish.client_id)
    if client is None:
        raise NotRecorded("no client has this id", pointer="#/client_id")
    if wish.clinician_id and not await people.find_clinician(conn, wish.clinician_id):
        raise NotRecorded("no clinician has this id", pointer="#/clinician_id")
    entry = Entry(
        id=uuid4(),
        made_at=now,
        client_id=wish.client_id,
        clinician_id=wish.clinician_id,
        kind=wish.kind,
        sessions=wish.sessions,
        windows=wish.windows,
        timezone=wish.timezone or client.timezone,
        since=wish.since,
        until=wish.until,
        state=wish.state,
    )
    await store.add_entry(conn, entry)
    return entry


async def withdraw(conn: AsyncConnection, now: datetime, id: UUID) -> Entry:
    """Take the person off the list; an offer that is open ends, and its hours are free."""
    entry = await store.lock_entry(conn, id)
    if entry is None:
        raise UnknownEntry
    withdrawn = waiting.after(entry, Turn.WITHDRAW)
    await store.change_entry(conn, withdrawn)
    offer = await offers.open_offer_of(conn, id)
    if offer is not None:
        await end_locked(conn, now, offer, OfferStatus.WITHDRAWN)
    return withdrawn


async def list_entries(conn: AsyncConnection, wanted: WantedEntries) -> list[Entry]:
    return await store.list_entries(conn, wanted)


async def list_offers(conn: AsyncConnection, wanted: WantedOffers) -> list[Offer]:
    return await offers.list_offers(conn, wanted)
