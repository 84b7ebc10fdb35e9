"""Keep hours for someone while they decide, and let them go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import holds as domain
from services.scheduler.domain.errors import UnknownHold
from services.scheduler.domain.holds import Hold, HoldRequest
from services.scheduler.store import holds
from services.scheduler.use_cases.free_hours import Booking, hold, require_free


async def place_hold(
    conn: AsyncConnection,
    now: datetime,
    request: HoldRequest,
    *,
    timezone: str,
    id: UUID | None = None,
    moving: frozenset[UUID] = frozenset(),
) -> Hold:
    """Keep all hours of `request`, or raise why not; dates in the way are told in `timezone`.

    With an `id` the hold takes the place of the one that has it. Hours of the sessions in
    `moving` may be held: they are the holder's own.
    """
    clients = () if request.client_id is None else (request.client_id,)
    clinician = await hold(conn, request.clinician_id, clients)
    placed = domain.hold(request, id=id or uuid4(), now=now)
    booking = Booking(
        clinician=clinician,
        client_ids=clients,
        slots=placed.slots,
        timezone=timezone,
        now=now,
        moving=moving,
        hold_id=placed.id,
    )
    await require_free(conn, booking)
    await holds.remove(conn, placed.id)
    await holds.add(conn, placed)
    return placed


async def release_hold(conn: AsyncConnection, id: UUID) -> None:
    """Let the hours of the hold go, or raise `UnknownHold`."""
    if not await holds.remove(conn, id):
        raise UnknownHold


async def redeem(conn: AsyncConnection, id: UUID | None) -> None:
    """Let the hours go that have just been booked, if they were held at all."""
    if id is not None:
        await holds.remove(conn, id)


async def forget_expired_holds(conn: AsyncConnection, now: datetime) -> int:
    """Drop the hours that no hold keeps any more, and return how many."""
    return await holds.forget_expired(conn, now)
