"""Stop all sending, and let it go on; start an address again that mail came back from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.errors import AddressNotStopped, UnknownPerson
from services.notifier.store import addresses, sending
from services.notifier.store.sending import Sending
from services.notifier.use_cases.resending import repeat_what_came_back
from services.notifier.use_cases.stopping_addresses import known_address
from shared.links import about_address


async def pause(conn: AsyncConnection, now: datetime, *, by: str, reason: str) -> Sending:
    """Let nothing begin to be sent from now on; while it is paused already, that stays as it is."""
    known = await sending.read_switch(conn)
    if known.paused_at is not None:
        return known
    paused = Sending(paused_at=now, paused_by=by, reason=reason)
    await sending.set_switch(conn, paused)
    return paused


async def resume(conn: AsyncConnection) -> Sending:
    """Send again what is due and still useful."""
    await sending.set_switch(conn, Sending())
    return Sending()


async def start_address(conn: AsyncConnection, now: datetime, person_id: UUID) -> None:
    """Send to the person's present address again, also what had not arrived and is still of use."""
    email = await known_address(conn, person_id)
    if email is None:
        raise UnknownPerson
    if not await addresses.start(conn, person_id, email):
        raise AddressNotStopped
    await repeat_what_came_back(conn, person_id, about_address(email), now)
