"""A retried request finds its own footprint: the answer, kept in the change's transaction.

Source of the idea: Stripe's idempotent requests; here the footprint and the change commit
together, so no crash can part them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.store.columns import UtcDateTime
from shared.store.dialects import insert

KEPT_FOR: Final = timedelta(hours=24)

metadata = sa.MetaData()

answers = sa.Table(
    "idempotent_answers",
    metadata,
    sa.Column("caller", sa.String(80), primary_key=True),
    sa.Column("route", sa.String(200), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("request_sha256", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.Text),
    sa.Column("made_at", UtcDateTime, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Who asked for what, under which key."""

    caller: str
    route: str
    key: str
    request_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What was answered the first time."""

    request_sha256: str
    status: int
    body: str


async def claim(conn: AsyncConnection, footprint: Footprint, now: datetime) -> KeptAnswer | None:
    """Return None if this transaction is the first, else the first one's answer.

    While the first is still in progress this waits for it: on PostgreSQL on its unique row,
    on SQLite on the write lock.
    """
    await conn.execute(
        sa.delete(answers).where(*_is(footprint), answers.c.made_at <= now - KEPT_FOR)
    )
    made = await conn.execute(
        insert(conn, answers)
        .values(
            caller=footprint.caller,
            route=footprint.route,
            key=footprint.key,
            request_sha256=footprint.request_sha256,
            made_at=now,
        )
        .on_conflict_do_nothing()
    )
    if made.rowcount == 1:
        return None
    rows = await conn.execute(sa.select(answers).where(*_is(footprint)))
    row = rows.one()
    return KeptAnswer(request_sha256=row.request_sha256, status=row.status, body=row.body)


async def keep(conn: AsyncConnection, footprint: Footprint, *, status: int, body: str) -> None:
    """Store the answer of the transaction that claimed `footprint`."""
    await conn.execute(sa.update(answers).where(*_is(footprint)).values(status=status, body=body))


async def forget_old_answers(conn: AsyncConnection, now: datetime) -> int:
    """Drop what is older than a day, and return how many."""
    gone = await conn.execute(sa.delete(answers).where(answers.c.made_at <= now - KEPT_FOR))
    return gone.rowcount


def _is(footprint: Footprint) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        answers.c.caller == footprint.caller,
        answers.c.route == footprint.route,
        answers.c.key == footprint.key,
    )
