"""What a batch of reminders is decided by, read for all of it at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.people import Person
from services.notifier.domain.states import Kind, State
from services.notifier.store.people import COLUMNS, person_of
from services.notifier.store.tables import participants, people, reminders, stopped_addresses
from shared.store.columns import UtcDateTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom a reminder is for, and all else that it is decided by but its session.

    `expected`: it is a session of theirs, or of whom they hear of. `stopped`: mail came back
    from one of their addresses, which may be the present one.
    """

    person: Person
    expected: bool
    nearer_is_due: bool
    stopped: bool


async def readers_of(
    conn: AsyncConnection, reminder_ids: Collection[UUID], now: datetime
) -> dict[UUID, Reader]:
    """Return the reader of each of these reminders; of whom we were not told yet, none."""
    rows = await conn.execute(_READERS, {"ids": list(reminder_ids), "now": now})
    return {
        row[0]: Reader(
            expected=row[1], nearer_is_due=row[2], stopped=row[3], person=person_of(row[4:])
        )
        for row in rows.all()
    }


_nearer = reminders.alias("nearer")
_READERS: Final = (
    sa.select(
        reminders.c.id,
        sa.exists().where(
            participants.c.session_id == reminders.c.session_id,
            participants.c.person_id == sa.func.coalesce(people.c.ward_id, people.c.id),
        ),
        sa.exists().where(
            _nearer.c.session_id == reminders.c.session_id,
            _nearer.c.person_id == reminders.c.person_id,
            _nearer.c.revision == reminders.c.revision,
            _nearer.c.offset_seconds < reminders.c.offset_seconds,
            _nearer.c.kind == Kind.REMINDER,
            _nearer.c.due_at <= sa.bindparam("now", type_=UtcDateTime),
            sa.or_(
                _nearer.c.next_at.is_not(None),
                sa.and_(_nearer.c.state == State.SENT, _nearer.c.due_at >= reminders.c.due_at),
            ),
        ),
        sa.exists().where(stopped_addresses.c.person_id == people.c.id),
        *COLUMNS,
    )
    .join(people, people.c.id == reminders.c.person_id)
    .where(reminders.c.id.in_(sa.bindparam("ids", expanding=True)))
)
