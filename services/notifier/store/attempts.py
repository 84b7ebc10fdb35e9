"""Each attempt whose outcome is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.store.tables import attempts
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One attempt from its record to its answer, and what that was, in a word."""

    reminder_id: UUID
    number: int
    begun_at: datetime
    ended_at: datetime
    channel: str
    outcome: str
    reason: str | None


async def add(conn: AsyncConnection, ended: Sequence[Ended]) -> None:
    """Keep these attempts; one that is kept already stays as it is."""
    if ended:
        statement = insert(conn, attempts).on_conflict_do_nothing()
        await conn.execute(statement, [_row(each) for each in ended])


def _row(ended: Ended) -> dict[str, object]:
    return {name: getattr(ended, name) for name in Ended.__dataclass_fields__}
