"""What the events of other services mean here."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.use_cases.busy_calendars import learn_busy
from services.scheduler.use_cases.tasks import raise_task
from shared.events.data import AddressBounced, BusyChanged
from shared.events.envelope import Event

ADDRESS_BOUNCED: Final = "address_bounced"


async def apply_mail(conn: AsyncConnection, event: Event) -> None:
    """Ask staff for another address of whoever mail does not reach any more."""
    match event.data:
        case AddressBounced(person_id=person_id, fate=reason):
            await raise_task(
                conn, kind=ADDRESS_BOUNCED, subject=person_id, now=event.time, note=reason
            )


async def apply_calendars(conn: AsyncConnection, event: Event) -> None:
    """Learn from the calendar feed when clinicians are taken elsewhere."""
    match event.data:
        case BusyChanged() as news:
            await learn_busy(conn, news)
