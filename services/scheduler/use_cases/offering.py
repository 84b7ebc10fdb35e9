"""Offer free hours to those who wait: to the first who fits, then to the next.

Each offer is one transaction that holds the clinician's diary, looks at the hours again and
keeps them, so two replicas never offer one hour twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import waiting
from services.scheduler.domain.availability import notice_of
from services.scheduler.domain.errors import ConsentMissing, HourPast, HourTaken
from services.scheduler.domain.holds import Hold, HoldRequest
from services.scheduler.domain.limits import Plan, findings, unmet
from services.scheduler.domain.offers import Offer, lasts_until, was_passed_over
from services.scheduler.domain.openings import Search
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.postponing import MOST_IN_A_ROW
from services.scheduler.domain.practice import Policy
from services.scheduler.domain.requests import Need
from services.scheduler.domain.self_service import UNDO_FOR
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.waiting import Entry, EntryStatus, Turn
from services.scheduler.domain.wall_clock import weekly_slots
from services.scheduler.domain.working_hours import DAY
from services.scheduler.store import news, offers, people
from services.scheduler.store import waiting as entries
from services.scheduler.store.courses_held import courses_held
from services.scheduler.use_cases.consents import CONSENT_MISSING, Beginning, require_consents
from services.scheduler.use_cases.free_hours import Booking, hold
from services.scheduler.use_cases.free_weeks import FreeWeeks, free_weeks_of
from services.scheduler.use_cases.holding import place_hold
from services.scheduler.use_cases.postponing import free_dates
from services.scheduler.use_cases.practice import policy_of
from services.scheduler.use_cases.tasks import raise_task
from shared.eventlog import log
from shared.store.database import Database
from shared.zones import zone

LOOKS_AHEAD: Final = timedelta(weeks=8)  # to the first date, unless the entry says until when
MOST_AHEAD: Final = timedelta(weeks=52)
WEEKS_FOR_A_GAP: Final = 5  # of so many weeks one may be put off to the end
TRIES: Final = 5  # hours of one entry that others may have taken since we looked


async def offer_free_hours(database: Database, now: datetime, practice_zone: str) -> int:
    """Offer an hour to each who waits and for whom one is free; return how many that were.

    Hours are kept on the clock in `practice_zone`. A diary in which an hour may have come free
    is left alone for as long as that may be taken back.
    """
    made = 0
    for entry in await database.read(entries.everyone_waiting):
        made += await _offer_to(database, now, entry, practice_zone)
    return made


async def _offer_to(database: Database, now: datetime, entry: Entry, practice_zone: str) -> bool:
    """Whether one of the first hours that suit could be kept for this person."""
    look = partial(_hours_for, now=now, entry=entry, practice_zone=practice_zone)
    for hours in (await database.read(look))[:TRIES]:
        try:
            keep = partial(_keep, now=now, entry_id=entry.id, hours=hours)
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


async def _hours_for(
    conn: AsyncConnection, now: datetime, entry: Entry, practice_zone: str
) -> list[FreeWeeks]:
    """Return the hours that this person may be offered, the first one first; nothing is held."""
    client = await people.find_client(conn, entry.client_id)
    search = _search(entry, now, practice_zone)
    if client is None or search is None:
        return []
    quiet = await news.freeing_since(conn, now - UNDO_FOR)
    everyone = await people.all_clinicians(conn)
    wanted = [c for c in everyone if entry.clinician_id in (None, c.id) and c.id not in quiet]
    free = await free_weeks_of(conn, now, wanted, search, client_id=client.id)
    past = await offers.offers_of_entry(conn, entry.id)
    held, policy = await courses_held(conn, now), await policy_of(conn)
    return sorted(
        (
            hours
            for clinician in wanted
            for hours in free.get(clinician.id, ())
            if hours.begins_at_once
            and entry.suits(hours.slots)
            and not was_passed_over(past, clinician.id, hours.slots)
            and _ends(hours, clinician, policy, now)
            and not _out(entry, client, clinician, hours.slots, held.get(clinician.id, 0))
        ),
        key=lambda hours: (hours.slots[0].starts_at, len(hours.gaps), hours.clinician_id),
    )


async def _keep(conn: AsyncConnection, now: datetime, entry_id: UUID, hours: FreeWeeks) -> bool:
    """Keep the hours for the person, and tell; False if they do not wait any more."""
    seen = await entries.find_entry(conn, entry_id)
    if seen is None:
        return False
    clinician = await hold(conn, hours.clinician_id, (seen.client_id,))
    entry = await entries.lock_entry(conn, entry_id)
    client = await people.find_client(conn, seen.client_id)
    ends = _ends(hours, clinician, await policy_of(conn), now)
    if entry is None or client is None or ends is None or entry.status is not EntryStatus.WAITING:
        return False
    slots = await _slots(conn, now, entry, clinician, hours)
    held = (await courses_held(conn, now)).get(clinician.id, 0)
    if not entry.suits(slots) or _out(entry, client, clinician, slots, held):
        return False
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


def _search(entry: Entry, now: datetime, practice_zone: str) -> Search | None:
    """Return where to look: from today on, or from tomorrow for what begins a series."""
    today = now.astimezone(zone(practice_zone)).date()
    first = max(entry.since or today, today + DAY if entry.weekly else today)
    last = min(entry.until or first + LOOKS_AHEAD, first + MOST_AHEAD)
    if last < first:
        return None
    return Search(
        timezone=practice_zone,
        first=first,
        last=last,
        sessions=entry.sessions,
        exceptions=entry.sessions // WEEKS_FOR_A_GAP,
    )


def _ends(hours: FreeWeeks, clinician: Clinician, policy: Policy, now: datetime) -> datetime | None:
    return lasts_until(
        hours.slots[0],
        now=now,
        lasts=timedelta(hours=policy.offer_hours),
        minimum_notice=notice_of(clinician, policy),
    )


def _out(
    entry: Entry, client: Client, clinician: Clinician, slots: Sequence[Slot], held: int
) -> bool:
    """Whether a limit rules this clinician out for this client."""
    there = zone(client.timezone)
    plan = Plan(
        need=Need(born=client.date_of_birth, state=entry.state),
        dates=[slot.starts_at.astimezone(there).date() for slot in slots],
        courses_held=held,
        kind=entry.kind,
    )
    return bool(unmet(findings(clinician, plan)))
