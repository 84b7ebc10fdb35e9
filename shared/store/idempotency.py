"""A retried request finds its own footprint: the answer, kept in the change's transaction.

Source of the idea: Stripe's idempotent requests; here the footprint and the change commit
together, so no crash can part them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.store.columns import UtcDateTime
from shared.store.dialects import insert_for

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
    made = await conn.execute(
        _claim(conn.dialect.name),
        {
            **_named(footprint),
            "request_sha256": footprint.request_sha256,
            "made_at": now,
            "forgotten_at": now - KEPT_FOR,
        },
    )
    if made.rowcount == 1:
        return None
    row = (await conn.execute(_KEPT, _named(footprint))).one()
    return KeptAnswer(request_sha256=row.request_sha256, status=row.status, body=row.body)


async def keep(conn: AsyncConnection, footprint: Footprint, *, status: int, body: str) -> None:
    """Store the answer of the transaction that claimed `footprint`."""
    await conn.execute(_KEEP, _named(footprint) | {"status": status, "body": body})


async def forget_old_answers(conn: AsyncConnection, now: datetime) -> int:
    """Drop what is older than a day, and return how many."""
    gone = await conn.execute(sa.delete(answers).where(answers.c.made_at <= now - KEPT_FOR))
    return gone.rowcount


def _named(footprint: Footprint) -> dict[str, object]:
    return {
        "of_caller": footprint.caller,
        "of_route": footprint.route,
        "of_key": footprint.key,
    }


@cache
def _claim(dialect: str) -> Any:
    """An answer that is older than a day is as if it were not there: the claim takes its row."""
    new = {
        "caller": sa.bindparam("of_caller"),
        "route": sa.bindparam("of_route"),
        "key": sa.bindparam("of_key"),
        "request_sha256": sa.bindparam("request_sha256"),
        "made_at": sa.bindparam("made_at"),
        "status": sa.null(),
        "body": sa.null(),
    }
    claim = insert_for(dialect, answers).values(new)
    return claim.on_conflict_do_update(
        index_elements=[answers.c.caller, answers.c.route, answers.c.key],
        set_={
            name: claim.excluded[name] for name in ("request_sha256", "made_at", "status", "body")
        },
        where=answers.c.made_at <= sa.bindparam("forgotten_at"),
    )


_IS: Final = (
    answers.c.caller == sa.bindparam("of_caller"),
    answers.c.route == sa.bindparam("of_route"),
    answers.c.key == sa.bindparam("of_key"),
)
_KEPT: Final = sa.select(answers).where(*_IS)
_KEEP: Final = (
    sa.update(answers).where(*_IS).values(status=sa.bindparam("status"), body=sa.bindparam("body"))
)
