"""Sessions in the order of time, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.sessions import Session
from services.scheduler.store import diary
from services.scheduler.store.tables import session_clients, sessions
from shared.store.places import Place as Place
from shared.store.places import after


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Sessions of a clinician, of a client, that start from `since` and before `until`."""

    clinician_id: UUID | None = None
    client_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: Place | None = None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some sessions by start and id, and where to go on, if there are more."""

    sessions: tuple[Session, ...]
    next: Place | None


async def list_sessions(conn: AsyncConnection, wanted: Wanted) -> Page:
    query = sa.select(sessions).where(*_conditions(wanted))
    query = query.order_by(sessions.c.starts_at, sessions.c.id).limit(wanted.limit + 1)
    found = await diary.read(conn, query)
    given = found[: wanted.limit]
    more = len(found) > wanted.limit
    last = Place(starts_at=given[-1].slot.starts_at, id=given[-1].id) if more else None
    return Page(sessions=tuple(given), next=last)


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.clinician_id is not None:
        conditions.append(sessions.c.clinician_id == wanted.clinician_id)
    if wanted.client_id is not None:
        theirs = sa.select(session_clients.c.session_id)
        theirs = theirs.where(session_clients.c.client_id == wanted.client_id)
        conditions.append(sessions.c.id.in_(theirs))
    if wanted.since is not None:
        conditions.append(sessions.c.starts_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(sessions.c.starts_at < wanted.until)
    if wanted.after is not None:
        conditions.append(after(wanted.after, sessions.c.starts_at, sessions.c.id))
    return conditions
