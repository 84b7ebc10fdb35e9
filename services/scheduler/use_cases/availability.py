"""Enter, list and take back a clinician's time off and extra hours; no session changes by it.

`own` is the clinician whose key asks, if it is a clinician's: another's does not exist.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.errors import UnknownClinician, UnknownExtraHours, UnknownTimeOff
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.time_off import ExtraHours, TimeOff, TimeOffRequest
from services.scheduler.store import availability, people
from shared.zones import zone


async def enter_time_off(
    conn: AsyncConnection, now: datetime, request: TimeOffRequest, id: UUID
) -> TimeOff:
    """Store the time off; what is booked then stays until it is moved or cancelled."""
    clinician = await _lock(conn, request.clinician_id)
    off = request.time_off(id, zone(clinician.timezone))
    await availability.add_time_off(conn, off, now)
    return off


async def time_off_with(conn: AsyncConnection, id: UUID, *, own: UUID | None = None) -> TimeOff:
    found = await availability.find_time_off(conn, id)
    if found is None or own not in (None, found.clinician_id):
        raise UnknownTimeOff
    return found


async def take_back_time_off(conn: AsyncConnection, id: UUID, *, own: UUID | None) -> TimeOff:
    """Forget the time off; those hours can be had again."""
    off = await time_off_with(conn, id, own=own)
    await _lock(conn, off.clinician_id)
    await availability.remove_time_off(conn, id)
    return off


async def all_time_off(conn: AsyncConnection, clinician_id: UUID) -> list[TimeOff]:
    await _known(conn, clinician_id)
    return await availability.time_off_of(conn, clinician_id)


async def enter_extra_hours(conn: AsyncConnection, now: datetime, extra: ExtraHours) -> ExtraHours:
    """Store hours that are worked beside the weekly ones, also on a holiday."""
    await _lock(conn, extra.clinician_id)
    await availability.add_extra_hours(conn, extra, now)
    return extra


async def extra_hours_with(
    conn: AsyncConnection, id: UUID, *, own: UUID | None = None
) -> ExtraHours:
    found = await availability.find_extra_hours(conn, id)
    if found is None or own not in (None, found.clinician_id):
        raise UnknownExtraHours
    return found


async def take_back_extra_hours(conn: AsyncConnection, id: UUID, *, own: UUID | None) -> ExtraHours:
    """Forget the extra hours; what is booked in them stays."""
    extra = await extra_hours_with(conn, id, own=own)
    await _lock(conn, extra.clinician_id)
    await availability.remove_extra_hours(conn, id)
    return extra


async def all_extra_hours(conn: AsyncConnection, clinician_id: UUID) -> list[ExtraHours]:
    await _known(conn, clinician_id)
    return await availability.extra_hours_of(conn, clinician_id)


async def _lock(conn: AsyncConnection, id: UUID) -> Clinician:
    """Hold the diary, so that no booking looks while this changes what it looks at."""
    return _or_unknown(await people.lock_clinician(conn, id))


async def _known(conn: AsyncConnection, id: UUID) -> Clinician:
    return _or_unknown(await people.find_clinician(conn, id))


def _or_unknown(clinician: Clinician | None) -> Clinician:
    if clinician is None:
        raise UnknownClinician
    return clinician
