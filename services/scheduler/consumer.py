"""What the events of other services mean here."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.use_cases.busy_calendars import learn_busy
from services.scheduler.use_cases.tasks import is_asked, raise_task
from shared.events.data import (
    THE_PRACTICE,
    AddressBounced,
    BusyChanged,
    MailFailed,
    SendingRefused,
)
from shared.events.envelope import Event

ADDRESS_BOUNCED: Final = "address_bounced"
MAIL_FAILED: Final = "mail_failed"
SENDING_REFUSED: Final = "sending_refused"


async def apply_mail(conn: AsyncConnection, event: Event) -> None:
    """Ask staff to see to mail that does not arrive: one person's, or all of it.

    Who needs another address is asked about once: what fails for that reason adds nothing.
    """
    match event.data:
        case AddressBounced(person_id=person_id, fate=note):
            kind = ADDRESS_BOUNCED
        case MailFailed(person_id=person_id, fault=note):
            if await is_asked(conn, ADDRESS_BOUNCED, person_id):
                return
            kind = MAIL_FAILED
        case SendingRefused(fault=note):
            kind, person_id = SENDING_REFUSED, THE_PRACTICE
        case _:
            return
    await raise_task(conn, kind=kind, subject=person_id, now=event.time, note=note)


async def apply_calendars(conn: AsyncConnection, event: Event) -> None:
    """Learn from the calendar feed when clinicians are taken elsewhere."""
    match event.data:
        case BusyChanged() as news:
            await learn_busy(conn, news)
