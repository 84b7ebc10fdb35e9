"""The switch by which staff stop all sending: one row, for all replicas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.store.tables import sending

_THE_SWITCH: Final = sending.c.id == 1
_READ: Final = sa.select(sending.c.paused_at, sending.c.paused_by, sending.c.reason).where(
    _THE_SWITCH
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Since when, by whom and why nothing is sent; while all is sent, nothing of that."""

    paused_at: datetime | None = None
    paused_by: str | None = None
    reason: str | None = None


async def read_switch(conn: AsyncConnection) -> Sending:
    return Sending(**(await conn.execute(_READ)).mappings().one())


async def is_paused(conn: AsyncConnection) -> bool:
    """Whether nothing may begin to be sent; it cannot be paused before this transaction ends."""
    return (await conn.execute(_READ.with_for_update(read=True))).one().paused_at is not None


async def set_switch(conn: AsyncConnection, to: Sending) -> None:
    values = {"paused_at": to.paused_at, "paused_by": to.paused_by, "reason": to.reason}
    await conn.execute(sa.update(sending).where(_THE_SWITCH).values(values))
