"""What a simulated practice leaves behind, by which its promises are judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.store.tables import reminders
from services.notifier.store.tables import told as heard
from shared.events.data import EventData

# What became of a mail that reached the provider, as its sender was told: `lost` is no word at
# all, `killed` that the sender ended before it could hear one.
Answer = Literal["sent", "lost", "killed", "retry", "rest", "refused"]
Hour = tuple[datetime | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One fact as the log has it, and when it was told."""

    at: datetime
    fact: EventData


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One planned mail as the notifier has it in the end."""

    id: UUID
    kind: str
    person_id: UUID
    session_id: UUID | None
    course_id: UUID | None
    revision: int
    offset_seconds: int | None
    due_at: datetime
    state: str
    reason: str | None
    attempts: int
    answer_lost: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One mail that reached the provider, and whether it went on to its reader.

    So many events had been applied by then (`known`), and so many at most, one being applied at
    that moment (`begun`); `life` is the process that handed it over, from its start to its end.
    """

    delivery: UUID
    at: datetime
    to: str
    text: str
    known: int
    begun: int
    life: int
    answer: Answer
    wait: timedelta | None = None
    arrived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that was told, planned, handed over and heard, and what was in the way."""

    told: tuple[Told, ...]
    rows: tuple[Row, ...]
    handed: tuple[Handed, ...]
    heard: dict[tuple[UUID, UUID], Hour]  # by session and person
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    killed: dict[int, datetime] = field(default_factory=dict)  # when each life ended


async def rows_of(conn: AsyncConnection) -> tuple[Row, ...]:
    columns = [reminders.c[name] for name in Row.__dataclass_fields__]
    found = await conn.execute(sa.select(*columns).order_by(reminders.c.due_at, reminders.c.id))
    return tuple(Row(**row) for row in found.mappings().all())


async def heard_of(conn: AsyncConnection) -> dict[tuple[UUID, UUID], Hour]:
    """Return what each person last heard of each session."""
    found = await conn.execute(sa.select(heard))
    return {(row.session_id, row.person_id): (row.starts_at, row.status) for row in found.all()}


NOTICES: Final = ("confirmation", "moved", "cancelled", "changed")
