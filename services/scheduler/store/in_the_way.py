"""What stands in the way of a booking, of everyone concerned, in one statement.

Only what lies near an hour that is asked for is read: a full diary has hundreds of hours within
the sixteen weeks of a course, and a free course meets none of them. The statement is built once
for each number of hours, since building it takes longer than running it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.slots import Slot
from services.scheduler.store.diary import LONGEST
from services.scheduler.store.holds import NOBODYS
from services.scheduler.store.tables import held_hours, session_clients, sessions
from shared.store.columns import UtcDateTime

_CLINICIAN: Final = "clinician"
_CLIENTS: Final = "clients"
_HELD: Final = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Whose hours matter at `now`; neither those of `moving` sessions nor of the hold `but`."""

    clinician_id: UUID
    client_ids: Sequence[UUID]
    moving: Collection[UUID]
    but: UUID | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the clinician's and the clients' active sessions hold, and what is kept of them."""

    clinician: Sequence[Slot]
    clients: Sequence[Slot]
    held: Sequence[Slot]


async def taken_near(conn: AsyncConnection, concerned: Concerned, spans: Sequence[Slot]) -> Taken:
    """Return what is taken within any of `spans`."""
    rows = await conn.execute(_query(len(spans)), _values(concerned, spans))
    found: dict[str, list[Slot]] = {_CLINICIAN: [], _CLIENTS: [], _HELD: []}
    for row in dict.fromkeys(rows.all()):  # what reaches into two spans is found twice
        found[row.of].append(Slot(starts_at=row.starts_at, ends_at=row.ends_at))
    return Taken(clinician=found[_CLINICIAN], clients=found[_CLIENTS], held=found[_HELD])


def _values(concerned: Concerned, spans: Sequence[Slot]) -> Mapping[str, object]:
    values: dict[str, object] = {
        "clinician_id": concerned.clinician_id,
        "client_ids": list(concerned.client_ids),
        "moving": list(concerned.moving),
        "but": concerned.but or NOBODYS,
        "now": concerned.now,
    }
    for place, span in enumerate(spans):
        values[f"start_{place}"], values[f"end_{place}"] = span.starts_at, span.ends_at
        values[f"reach_{place}"] = span.starts_at - LONGEST
    return values


@cache
def _query(count: int) -> sa.CompoundSelect[Any]:
    spans = _spans(count)
    held, side = held_hours.c, session_clients.c
    moving: sa.BindParameter[UUID] = sa.bindparam("moving", expanding=True)
    client_ids: sa.BindParameter[UUID] = sa.bindparam("client_ids", expanding=True)
    clinician_id: sa.BindParameter[UUID] = sa.bindparam("clinician_id")
    return sa.union_all(
        _hours(_CLINICIAN, sessions, spans).where(
            sessions.c.clinician_id == clinician_id, sessions.c.active, sessions.c.id.not_in(moving)
        ),
        _hours(_CLIENTS, session_clients, spans).where(
            side.client_id.in_(client_ids), side.active, side.session_id.not_in(moving)
        ),
        _hours(_HELD, held_hours, spans).where(
            sa.or_(held.clinician_id == clinician_id, held.client_id.in_(client_ids)),
            held.hold_id != sa.bindparam("but"),
            held.expires_at > sa.bindparam("now"),
        ),
    )


def _spans(count: int) -> sa.CTE:
    """The spans as rows, so that each is bound once for all three tables."""
    rows = (
        sa.select(*(_moment(f"{name}_{place}").label(name) for name in ("reach", "start", "end")))
        for place in range(count)
    )
    return sa.union_all(*rows).cte("spans")


def _hours(of: str, table: sa.Table, spans: sa.CTE) -> sa.Select[Any]:
    starts_at, ends_at = table.c.starts_at, table.c.ends_at
    return sa.select(sa.literal_column(f"'{of}'").label("of"), starts_at, ends_at).where(
        starts_at > spans.c.reach,  # with the next, bounds the search of the index
        starts_at < spans.c.end,
        ends_at > spans.c.start,
    )


def _moment(name: str) -> sa.BindParameter[datetime]:
    return sa.bindparam(name, type_=UtcDateTime)
