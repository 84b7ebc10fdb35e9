"""Stop all sending, and let it go on; start an address again that mail came back from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.errors import AddressNotStopped, UnknownPerson
from services.notifier.store import addresses, people, sending
from services.notifier.store.sending import Sending


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


async def start_address(conn: AsyncConnection, person_id: UUID) -> None:
    """Send to the person's present address again, after staff have looked at it."""
    person = await people.find_person(conn, person_id)
    if person is None:
        raise UnknownPerson
    if not await addresses.start(conn, person.id, person.email):
        raise AddressNotStopped
