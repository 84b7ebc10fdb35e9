"""Consents: recorded, revoked, and looked up for those who need one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.consents import Basis, Consent
from services.scheduler.store.tables import consents, session_clients, sessions


async def add(conn: AsyncConnection, consent: Consent) -> None:
    await conn.execute(sa.insert(consents).values(_row(consent)))


async def change(conn: AsyncConnection, consent: Consent) -> None:
    await conn.execute(sa.update(consents).where(consents.c.id == consent.id).values(_row(consent)))


async def lock(conn: AsyncConnection, id: UUID) -> Consent | None:
    """Return the consent and hold it until the commit."""
    rows = await conn.execute(sa.select(consents).where(consents.c.id == id).with_for_update())
    row = rows.first()
    return _consent(row) if row else None


async def of_client(conn: AsyncConnection, client_id: UUID) -> list[Consent]:
    """Return every consent for the client, revoked ones too, as they were recorded."""
    query = sa.select(consents).where(consents.c.client_id == client_id)
    rows = await conn.execute(query.order_by(consents.c.recorded_at, consents.c.id))
    return [_consent(row) for row in rows.all()]


async def consented(conn: AsyncConnection, client_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of these clients for whom a consent holds."""
    rows = await conn.execute(
        sa.select(consents.c.client_id).where(
            consents.c.client_id.in_(client_ids), consents.c.revoked_at.is_(None)
        )
    )
    return frozenset(rows.scalars().all())


async def is_in_a_course(conn: AsyncConnection, client_id: UUID, now: datetime) -> bool:
    """Whether sessions of a course are still to come for the client."""
    ahead = (
        sa.select(sessions.c.id)
        .join(session_clients, session_clients.c.session_id == sessions.c.id)
        .where(
            session_clients.c.client_id == client_id,
            session_clients.c.active,
            session_clients.c.starts_at > now,
            sessions.c.course_id.is_not(None),
        )
        .limit(1)
    )
    return (await conn.execute(ahead)).first() is not None


def _row(consent: Consent) -> dict[str, object]:
    return {
        "id": consent.id,
        "client_id": consent.client_id,
        "basis": consent.basis.value,
        "given_by": consent.given_by,
        "given_on": consent.given_on,
        "note": consent.note,
        "recorded_at": consent.recorded_at,
        "revoked_at": consent.revoked_at,
    }


def _consent(row: sa.Row[Any]) -> Consent:
    return Consent(
        id=row.id,
        client_id=row.client_id,
        basis=Basis(row.basis),
        given_by=row.given_by,
        given_on=row.given_on,
        note=row.note,
        recorded_at=row.recorded_at,
        revoked_at=row.revoked_at,
    )
