"""Change what is known of a client, revoke links, and let guardians go at 18."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.audit import Entry
from services.scheduler.domain.errors import (
    DateAhead,
    NotRecorded,
    UnknownClient,
    UnknownClinician,
)
from services.scheduler.domain.people import (
    Client,
    Clinician,
    Guardian,
    GuardianRequest,
    Notices,
    born_by,
    close_to_guardians,
    guardian,
    is_of_age,
    revoke_links,
    with_mail,
)
from services.scheduler.store import people
from services.scheduler.use_cases.auditing import record
from services.scheduler.use_cases.tasks import raise_task
from shared.eventlog import log

CAME_OF_AGE: Final = "came_of_age"
BY_ITSELF: Final = "scheduler"  # who acted, where no person did


def require_born(client: Client, now: datetime) -> None:
    """Raise `DateAhead` for a date of birth that is still to come where the client is."""
    if not client.is_born_by(now):
        raise DateAhead("nobody is born in the future", pointer="#/date_of_birth")


async def change_client(
    conn: AsyncConnection, now: datetime, id: UUID, facts: Mapping[str, Any]
) -> Client:
    """Store what is said anew of the client, and tell of it; no session changes by it.

    `guardians` are a list of `GuardianRequest` that takes the place of all that are known.
    """
    known = await _held(conn, id)
    if "guardians" in facts:
        facts = {**facts, "guardians": _guardians(known, facts["guardians"])}
    changed = replace(known, revision=known.revision + 1, **with_mail(known.mail, facts))
    require_born(changed, now)
    return await _save(conn, now, changed)


async def revoke_client_links(conn: AsyncConnection, now: datetime, id: UUID) -> Client:
    """Make every link dead that the client or a guardian was ever sent."""
    return await _save(conn, now, revoke_links(await _held(conn, id)))


async def revoke_clinician_links(conn: AsyncConnection, now: datetime, id: UUID) -> Clinician:
    """Make every link dead that the clinician was ever sent."""
    known = await people.lock_clinician(conn, id)
    if known is None:
        raise UnknownClinician
    changed = replace(known, revision=known.revision + 1, link_generation=known.link_generation + 1)
    await people.change_clinician(conn, changed)
    await log.append(conn, [announcements.clinician_saved(changed, at=now)])
    return changed


async def clients_who_may_have_come_of_age(conn: AsyncConnection, now: datetime) -> list[UUID]:
    """Return who has a guardian that hears of them and is 18, or nearly, wherever they are."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)  # the first calendars are there
    return await people.guarded_and_born_by(conn, born_by(tomorrow))


async def let_guardians_go(conn: AsyncConnection, now: datetime, id: UUID) -> bool:
    """Close the client to guardians if they are 18 by now; tell of it, and ask staff to look.

    Return whether it was this call that did so: whoever comes second finds nothing to do.
    """
    client = await people.lock_client(conn, id)
    if client is None or not is_of_age(client.date_of_birth, client.day_of(now)):
        return False
    if all(each.notices is Notices.NONE for each in client.guardians):
        return False
    await raise_task(conn, kind=CAME_OF_AGE, subject=id, now=now)
    await _save(conn, now, close_to_guardians(client))
    entry = Entry(actor=BY_ITSELF, action="guardians let go", subject=id, at=now)
    await record(conn, entry)
    return True


async def _held(conn: AsyncConnection, id: UUID) -> Client:
    client = await people.lock_client(conn, id)
    if client is None:
        raise UnknownClient
    return client


async def _save(conn: AsyncConnection, now: datetime, client: Client) -> Client:
    await people.change_client(conn, client)
    await log.append(conn, [announcements.client_saved(client, at=now)])
    return client


def _guardians(known: Client, said: Sequence[GuardianRequest]) -> tuple[Guardian, ...]:
    before = {each.id: each for each in known.guardians}
    for place, each in enumerate(said):
        if each.id is not None and each.id not in before:
            pointer = f"#/guardians/{place}/id"
            raise NotRecorded("no guardian of this client has this id", pointer=pointer)
    return tuple(
        guardian(each, before.get(each.id) if each.id else None, id=uuid4()) for each in said
    )
