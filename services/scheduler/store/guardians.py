"""Guardians: stored and read with the clients who are their wards."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.people import Client, Guardian, Notices
from services.scheduler.store.mail_wishes import wishes_in, wishes_row
from services.scheduler.store.tables import guardians


async def add_guardians(conn: AsyncConnection, wards: Sequence[Client]) -> None:
    """Store the guardians of several clients in one statement."""
    rows = [
        {
            "id": guardian.id,
            "client_id": client.id,
            "place": place,
            "name": guardian.name,
            "email": guardian.email,
            "notices": guardian.notices.value,
            "link_generation": guardian.link_generation,
            "timezone": guardian.timezone,
            "locale": guardian.locale,
            "address_vouched": guardian.address_vouched,
            "mail": wishes_row(guardian.mail),
        }
        for client in wards
        for place, guardian in enumerate(client.guardians)
    ]
    if rows:
        await conn.execute(sa.insert(guardians), rows)


async def drop_guardians(conn: AsyncConnection, client_id: UUID) -> None:
    await conn.execute(sa.delete(guardians).where(guardians.c.client_id == client_id))


async def guardians_of(
    conn: AsyncConnection, client_ids: Sequence[UUID]
) -> dict[UUID, list[Guardian]]:
    """Return the guardians of these clients, in their order; of more than one, of everybody."""
    query = sa.select(guardians).order_by(guardians.c.place)
    if len(client_ids) == 1:
        query = query.where(guardians.c.client_id == client_ids[0])
    found: dict[UUID, list[Guardian]] = {}
    for row in (await conn.execute(query)).all():
        guardian = Guardian(
            id=row.id,
            name=row.name,
            email=row.email,
            notices=Notices(row.notices),
            link_generation=row.link_generation,
            timezone=row.timezone,
            locale=row.locale,
            address_vouched=row.address_vouched,
            mail=wishes_in(row.mail),
        )
        found.setdefault(row.client_id, []).append(guardian)
    return found


async def ward_of(conn: AsyncConnection, guardian_id: UUID) -> UUID | None:
    """Return the client whose guardian this is."""
    query = sa.select(guardians.c.client_id).where(guardians.c.id == guardian_id)
    found: UUID | None = await conn.scalar(query)
    return found
