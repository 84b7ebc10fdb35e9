"""Append events in the caller's transaction, and read them in order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.eventlog.tables import event_counter, events
from shared.events.envelope import Event

CHANNEL: Final = "standing_hour_events"

# Built once: building a statement takes longer than running it (`benchmarks/booking.py`).
_RAISE: Final = (
    sa.update(event_counter)
    .values(position=event_counter.c.position + sa.bindparam("by"))
    .returning(event_counter.c.position)
)
_ADD: Final = sa.insert(events)


async def append(conn: AsyncConnection, told: Sequence[Event]) -> int:
    """Put `told` at the end of the log and return the last position; call it last.

    The counter row stays locked until the commit, so positions become visible in their
    order. A sequence would let an older transaction take the later number, commit after a
    reader has passed it, and be skipped for ever.
    """
    last: int = (await conn.execute(_RAISE, {"by": len(told)})).scalar_one()
    if not told:
        return last
    first = last - len(told) + 1
    await conn.execute(_ADD, [_row(event, first + i) for i, event in enumerate(told)])
    if conn.dialect.name == "postgresql":
        await conn.execute(sa.select(sa.func.pg_notify(CHANNEL, str(last))))
    return last


async def read_after(conn: AsyncConnection, position: int, limit: int) -> list[dict[str, Any]]:
    """Return up to `limit` events after `position`, oldest first, as CloudEvents."""
    rows = await conn.execute(
        sa.select(events.c.position, events.c.body)
        .where(events.c.position > position)
        .order_by(events.c.position)
        .limit(limit)
    )
    return [{**json.loads(row.body), "position": row.position} for row in rows.all()]


def _row(event: Event, position: int) -> dict[str, object]:
    return {
        "position": position,
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "body": event.model_dump_json(exclude={"position"}),
    }
