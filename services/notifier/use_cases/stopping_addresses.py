"""An address that mail comes back from for good gets no more, and staff hear of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.announcements import address_bounced
from services.notifier.domain.fates import Stopping
from services.notifier.domain.mail import BadAddress, plain_address
from services.notifier.domain.people import THE_STAFF
from services.notifier.store import addresses, people, practice
from services.notifier.use_cases.telling_staff import plan_trouble
from shared.events.envelope import Event
from shared.links import about_address


async def stop_address(
    conn: AsyncConnection,
    person_id: UUID,
    sent_to: str,
    *,
    reason: Stopping,
    reminder_id: UUID,
    now: datetime,
) -> list[Event]:
    """Send nothing more there, mail staff about it once, and return what the log is to tell.

    Who has another address by now is not troubled, and nobody is about them.
    """
    known = await known_address(conn, person_id)
    current = known is not None and _is_same(known, sent_to)
    stopped = await addresses.stop(
        conn,
        person_id,
        known if known is not None and current else sent_to,
        reason=reason,
        reminder_id=reminder_id,
        now=now,
    )
    if not (stopped and current):
        return []
    if person_id != THE_STAFF:
        await plan_trouble(conn, now)
    return [address_bounced(person_id, reminder_id, reason, at=now)]


async def known_address(conn: AsyncConnection, person_id: UUID) -> str | None:
    """Return where mail to this person, or to the staff, goes now."""
    if person_id == THE_STAFF:
        return (await practice.read_practice(conn)).staff_address
    person = await people.find_person(conn, person_id)
    return None if person is None else person.email


def _is_same(known: str, sent_to: str) -> bool:
    """Whether mail to `known` goes there: on the wire its domain is in ASCII."""
    try:
        return about_address(plain_address(known)) == about_address(sent_to)
    except BadAddress:
        return False
