"""Record consents, revoke them, and let nobody under 18 begin a course without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import consents as domain
from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.consents import Consent
from services.scheduler.domain.errors import (
    ConsentMissing,
    DateAhead,
    UnknownClient,
    UnknownConsent,
)
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.people import is_minor
from services.scheduler.store import consents, people
from services.scheduler.store.people import KnownClient
from services.scheduler.use_cases.tasks import raise_task
from shared.zones import zone

CONSENT_MISSING: Final = "consent_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Who begins a course, at its `first` session; dates are told in `timezone`.

    `pointers` name the field of each client, if they are not those of a booking; `known` are the
    clients, where their lock has told of them.
    """

    client_ids: Sequence[UUID]
    first: datetime
    timezone: str
    override: Override | None = None
    pointers: Sequence[str] = ()
    known: Mapping[UUID, KnownClient] = field(default_factory=dict)


async def record_consent(conn: AsyncConnection, now: datetime, consent: Consent) -> Consent:
    """Store the consent; one that is dated in the future is refused."""
    client = await people.lock_client(conn, consent.client_id)
    if client is None:
        raise UnknownClient
    if consent.given_on > client.day_of(now):
        raise DateAhead("a consent is recorded once it is given", pointer="#/given_on")
    await consents.add(conn, consent)
    return consent


async def revoke_consent(
    conn: AsyncConnection, now: datetime, client_id: UUID, id: UUID
) -> Consent:
    """Record that the consent holds no more; what is booked stays, and staff are asked to look."""
    client = await people.lock_client(conn, client_id)
    known = await consents.lock(conn, id)
    if client is None or known is None or known.client_id != client_id:
        raise UnknownConsent
    revoked = domain.revoke(known, now=now)
    await consents.change(conn, revoked)
    if (
        is_minor(client.date_of_birth, client.day_of(now))
        and not await consents.consented(conn, [client_id])
        and await consents.is_in_a_course(conn, client_id, now)
    ):
        await raise_task(conn, kind=CONSENT_MISSING, subject=client_id, now=now)
    return revoked


async def consents_of(conn: AsyncConnection, client_id: UUID) -> list[Consent]:
    if await people.find_client(conn, client_id) is None:
        raise UnknownClient
    return await consents.of_client(conn, client_id)


async def require_consents(conn: AsyncConnection, beginning: Beginning) -> tuple[Conflict, ...]:
    """Raise `ConsentMissing` for those who are under 18 on the first date, and have none.

    With an override nothing is raised, and what it passed over is returned. Of whom no date of
    birth is recorded, nothing is checked.
    """
    first, ids = beginning.first, beginning.client_ids
    known = beginning.known or await people.known_clients(conn, ids)
    minors = {
        each.id
        for each in known.values()
        if is_minor(each.date_of_birth, first.astimezone(zone(each.timezone)).date())
    }
    without = minors and minors - await consents.consented(conn, sorted(minors))
    pointers = beginning.pointers or [f"#/client_ids/{place}" for place in range(len(ids))]
    missing = [each for each in zip(ids, pointers, strict=True) if each[0] in without]
    if missing and beginning.override is None:
        raise ConsentMissing([pointer for _, pointer in missing])
    local = first.astimezone(zone(beginning.timezone))
    return tuple(
        Conflict(date=local.date(), starts_at=local, reason=Reason.CONSENT_MISSING, client_id=id)
        for id, _ in missing
    )
