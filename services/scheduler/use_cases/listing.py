"""Read sessions in the order of time."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.errors import UnknownClinician
from services.scheduler.store.listing import Page, Wanted, list_sessions


async def sessions_page(conn: AsyncConnection, wanted: Wanted, *, own: UUID | None) -> Page:
    """Return a page of what is wanted; to a clinician, another's diary does not exist."""
    if own not in (None, wanted.clinician_id):
        raise UnknownClinician
    return await list_sessions(conn, wanted)
