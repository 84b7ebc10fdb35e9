"""The hours that active sessions hold, of many people at once, as minutes.

The database puts the times of all rows of a person into one text of fixed width, so that no
object is made for each row; many hold the same hours, so each is read from its text once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.minutes import EPOCH, MINUTE, Minutes
from services.scheduler.domain.slots import Slot
from services.scheduler.store.diary import within
from services.scheduler.store.tables import session_clients, sessions

_WIDTH: Final = len("2027-02-16 20:00:00.000000")  # a moment as SQLite keeps it
_BOTH: Final = 2 * _WIDTH
_EPOCH: Final = EPOCH.replace(tzinfo=None)


async def taken_of_clinicians(
    conn: AsyncConnection, clinician_ids: Collection[UUID], span: Slot
) -> dict[UUID, list[Minutes]]:
    """Return what the sessions of each of these clinicians hold within `span`."""
    rows = await conn.execute(
        sa.select(sessions.c.clinician_id, _together(conn, sessions))
        .where(sessions.c.clinician_id.in_(clinician_ids), *within(sessions, span))
        .group_by(sessions.c.clinician_id)
    )
    return {clinician_id: _minutes(together) for clinician_id, together in rows.all()}


async def taken_of_client(conn: AsyncConnection, client_id: UUID, span: Slot) -> list[Minutes]:
    """Return what the sessions of this client hold within `span`."""
    rows = await conn.execute(
        sa.select(_together(conn, session_clients)).where(
            session_clients.c.client_id == client_id, *within(session_clients, span)
        )
    )
    return _minutes(rows.scalar() or "")


def _together(conn: AsyncConnection, table: sa.Table) -> sa.ColumnElement[str]:
    both = _text(conn, table.c.starts_at).concat(_text(conn, table.c.ends_at))
    return sa.func.aggregate_strings(both, "")


def _text(conn: AsyncConnection, column: sa.Column[datetime]) -> sa.ColumnElement[str]:
    if conn.dialect.name == "postgresql":
        return sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    return sa.type_coerce(column, sa.Text)


def _minutes(together: str) -> list[Minutes]:
    return [_read(together[place : place + _BOTH]) for place in range(0, len(together), _BOTH)]


@lru_cache(maxsize=8192)  # as many hours as all of a practice's weeks have, and little memory
def _read(both: str) -> Minutes:
    """Return every minute that is touched, as `minutes_of` has it; both are in UTC."""
    start = datetime.fromisoformat(both[:_WIDTH]) - _EPOCH
    end = datetime.fromisoformat(both[_WIDTH:]) - _EPOCH
    return start // MINUTE, -(-end // MINUTE)
