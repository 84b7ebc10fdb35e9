"""Which free hours someone on the waiting list may be offered; nothing is held by looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.availability import notice_of
from services.scheduler.domain.limits import Plan, findings, unmet
from services.scheduler.domain.offers import lasts_until, was_passed_over
from services.scheduler.domain.openings import Search
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.practice import Policy
from services.scheduler.domain.requests import Need
from services.scheduler.domain.self_service import UNDO_FOR
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.waiting import Entry
from services.scheduler.domain.working_hours import DAY
from services.scheduler.store import news, offers, people
from services.scheduler.store.courses_held import courses_held
from services.scheduler.use_cases.free_weeks import FreeWeeks, free_weeks_of
from services.scheduler.use_cases.practice import policy_of
from shared.zones import zone

LOOKS_AHEAD: Final = timedelta(weeks=8)  # to the first date, unless the entry says until when
MOST_AHEAD: Final = timedelta(weeks=52)
WEEKS_FOR_A_GAP: Final = 5  # of so many weeks one may be put off to the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What a sweep looks at: the clock, and the clinicians whose diaries have settled."""

    now: datetime
    practice_zone: str
    clinicians: tuple[Clinician, ...]


async def look_around(conn: AsyncConnection, now: datetime, practice_zone: str) -> Looking:
    """Leave a diary alone in which an hour may have come free, while that may be taken back."""
    quiet = await news.freeing_since(conn, now - UNDO_FOR)
    settled = tuple(each for each in await people.all_clinicians(conn) if each.id not in quiet)
    return Looking(now=now, practice_zone=practice_zone, clinicians=settled)


async def hours_for(conn: AsyncConnection, looking: Looking, entry: Entry) -> list[FreeWeeks]:
    """Return the hours that this person may be offered, the first one first."""
    now = looking.now
    client = await people.find_client(conn, entry.client_id)
    search = _search(entry, now, looking.practice_zone)
    if client is None or search is None:
        return []
    wanted = [each for each in looking.clinicians if entry.clinician_id in (None, each.id)]
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
            and offer_ends(hours, clinician, policy, now)
            and not is_ruled_out(entry, client, clinician, hours.slots, held.get(clinician.id, 0))
        ),
        key=lambda hours: (hours.slots[0].starts_at, len(hours.gaps), hours.clinician_id),
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


def offer_ends(
    hours: FreeWeeks, clinician: Clinician, policy: Policy, now: datetime
) -> datetime | None:
    """Return when an offer of these hours would end; None if it is too short to decide."""
    return lasts_until(
        hours.slots[0],
        now=now,
        lasts=timedelta(hours=policy.offer_hours),
        minimum_notice=notice_of(clinician, policy),
    )


def is_ruled_out(
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
