"""Enter clinicians and clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.errors import UnknownClient, UnknownClinician
from services.scheduler.domain.people import Client, Clinician, with_mail
from services.scheduler.domain.time_off import Days
from services.scheduler.store import availability, people
from services.scheduler.use_cases.clients import require_born
from shared.eventlog import log
from shared.zones import zone


async def enter_clinician(conn: AsyncConnection, now: datetime, clinician: Clinician) -> Clinician:
    """Store the clinician and tell of them."""
    await people.add_clinician(conn, clinician, now)
    await log.append(conn, [announcements.clinician_saved(clinician, at=now)])
    return clinician


async def change_clinician(
    conn: AsyncConnection, now: datetime, id: UUID, facts: Mapping[str, Any]
) -> Clinician:
    """Store what is said anew of the clinician, and tell of it; no session changes by it."""
    known = await people.lock_clinician(conn, id)
    if known is None:
        raise UnknownClinician
    changed = replace(known, revision=known.revision + 1, **with_mail(known.mail, facts))
    await people.change_clinician(conn, changed)
    if changed.timezone != known.timezone:
        await _days_off_on_another_clock(conn, changed)
    await log.append(conn, [announcements.clinician_saved(changed, at=now)])
    return changed


async def _days_off_on_another_clock(conn: AsyncConnection, clinician: Clinician) -> None:
    """Whole days off stay the same dates; what was asked for in instants stays those."""
    for off in await availability.time_off_of(conn, clinician.id):
        if off.first_date is not None and off.last_date is not None:
            slot = Days(first=off.first_date, last=off.last_date).slot(zone(clinician.timezone))
            await availability.change_time_off(conn, replace(off, slot=slot))


async def enter_client(conn: AsyncConnection, now: datetime, client: Client) -> Client:
    """Store the client, with the guardians, and tell of them."""
    require_born(client, now)
    await people.add_client(conn, client, now)
    await log.append(conn, [announcements.client_saved(client, at=now)])
    return client


async def clinician_with(conn: AsyncConnection, id: UUID) -> Clinician:
    found = await people.find_clinician(conn, id)
    if found is None:
        raise UnknownClinician
    return found


async def client_with(conn: AsyncConnection, id: UUID) -> Client:
    found = await people.find_client(conn, id)
    if found is None:
        raise UnknownClient
    return found


async def everyone_who_holds_sessions(conn: AsyncConnection) -> list[Clinician]:
    return await people.all_clinicians(conn)


async def everyone_sessions_are_for(conn: AsyncConnection) -> list[Client]:
    return await people.all_clients(conn)
