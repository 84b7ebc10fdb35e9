"""Offer free hours to those who wait: to the first who fits, then to the next.

Each offer is one transaction that holds the clinician's diary, looks at the hours again and
keeps them, so two replicas never offer one hour twice.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import waiting
from services.scheduler.domain.errors import ConsentMissing, HourPast, HourTaken
from services.scheduler.domain.holds import Hold, HoldRequest
from services.scheduler.domain.offers import Offer
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.postponing import MOST_IN_A_ROW
from services.scheduler.domain.self_service import UNDO_FOR
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.waiting import Entry, EntryStatus, Turn
from services.scheduler.domain.wall_clock import weekly_slots
from services.scheduler.store import news, offers, people
from services.scheduler.store import waiting as entries
from services.scheduler.store.courses_held import courses_held
from services.scheduler.use_cases.consents import CONSENT_MISSING, Beginning, require_consents
from services.scheduler.use_cases.free_hours import Booking, hold
from services.scheduler.use_cases.free_weeks import FreeWeeks
from services.scheduler.use_cases.holding import place_hold
from services.scheduler.use_cases.hours_to_offer import (
    Looking,
    hours_for,
    is_ruled_out,
    look_around,
    offer_ends,
)
from services.scheduler.use_cases.postponing import free_dates
from services.scheduler.use_cases.practice import policy_of
from services.scheduler.use_cases.tasks import raise_task
from shared.eventlog import log
from shared.store.database import Database
from shared.zones import zone

TRIES: Final = 20  # hours of one entry that cannot be kept after all


async def offer_free_hours(database: Database, now: datetime, practice_zone: str) -> int:
    """Offer an hour to each who waits and for whom one is free; return how many that were.

    Hours are kept on the clock in `practice_zone`.
    """
    made = 0
    waiting_now = await database.read(entries.everyone_waiting)
    looking = await database.read(partial(look_around, now=now, practice_zone=practice_zone))
    for entry in waiting_now:
        made += await _offer_to(database, looking, entry)
    return made


async def _offer_to(database: Database, looking: Looking, entry: Entry) -> bool:
    """Whether one of the first hours that suit could be kept for this person."""
    now, look = looking.now, partial(hours_for, looking=looking, entry=entry)
    for hours in (await database.read(look))[:TRIES]:
        try:
            keep = partial(keep_hours, now=now, entry_id=entry.id, hours=hours)
            return await database.write(keep)
        except (HourTaken, HourPast):
            continue
        except ConsentMissing:
            await database.write(partial(_ask_for_consent, now=now, entry=entry))
            break
    return False


async def _ask_for_consent(conn: AsyncConnection, now: datetime, entry: Entry) -> None:
    """An hour is there, and only a consent is missing: staff are asked to see to it."""
    await raise_task(conn, kind=CONSENT_MISSING, subject=entry.client_id, now=now)


async def keep_hours(
    conn: AsyncConnection, now: datetime, entry_id: UUID, hours: FreeWeeks
) -> bool:
    """Keep the hours for the person, and tell; False if they do not wait any more.

    Raise `HourTaken` if the hours cannot be kept, or do not suit with all that is put off.
    """
    seen = await entries.find_entry(conn, entry_id)
    if seen is None:
        return False
    clinician = await hold(conn, hours.clinician_id, (seen.client_id,))
    entry = await entries.lock_entry(conn, entry_id)
    client = await people.find_client(conn, seen.client_id)
    ends = offer_ends(hours, clinician, await policy_of(conn), now)
    if entry is None or client is None or ends is None or entry.status is not EntryStatus.WAITING:
        return False
    slots = await _slots(conn, now, entry, clinician, hours)
    held = (await courses_held(conn, now)).get(clinician.id, 0)
    if clinician.id in await news.freeing_since(conn, now - UNDO_FOR):
        raise HourTaken([])  # it came free since we looked
    if not entry.suits(slots) or is_ruled_out(entry, client, clinician, slots, held):
        raise HourTaken([])
    if await offers.is_offered(conn, clinician.id, slots[0].starts_at):
        raise HourTaken([])  # its time is over by our clock, and nobody has ended it yet
    wanted = HoldRequest(clinician_id=clinician.id, client_id=client.id, slots=slots, until=ends)
    kept = await place_hold(conn, now, wanted, timezone=hours.timezone)
    offer = _offer(entry, hours, kept, now)
    await offers.add_offer(conn, offer)
    await entries.change_entry(conn, waiting.after(entry, Turn.OFFER))
    await log.append(conn, [announcements.offer_made(offer, at=now)])
    return True


async def _slots(
    conn: AsyncConnection, now: datetime, entry: Entry, clinician: Clinician, hours: FreeWeeks
) -> tuple[Slot, ...]:
    """Return what would be booked: of a course as many weeks as it has, the gaps put off."""
    if not entry.weekly:
        return hours.slots
    ids = (entry.client_id,)
    first = hours.slots[0].starts_at
    await require_consents(conn, Beginning(client_ids=ids, first=first, timezone=hours.timezone))
    clock = zone(hours.timezone)
    rhythm = weekly_slots(hours.first_date, hours.at, entry.sessions * (MOST_IN_A_ROW + 1), clock)
    booking = Booking(
        clinician=clinician,
        client_ids=ids,
        slots=rhythm[: entry.sessions],
        timezone=hours.timezone,
        now=now,
    )
    return (await free_dates(conn, booking, rhythm)).slots


def _offer(entry: Entry, hours: FreeWeeks, kept: Hold, now: datetime) -> Offer:
    return Offer(
        id=uuid4(),
        entry_id=entry.id,
        client_id=entry.client_id,
        clinician_id=hours.clinician_id,
        kind=entry.kind,
        first_date=hours.first_date,
        at=hours.at,
        timezone=hours.timezone,
        slots=kept.slots,
        hold_id=kept.id,
        made_at=now,
        expires_at=kept.expires_at,
    )
