"""Imports: stored with their file, claimed, brought forward, ended without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.imports import Fault, Import, Kind, Status
from services.scheduler.store.tables import clients, clinicians, imports

_AT_A_TIME: Final = 1000  # SQLite and PostgreSQL bound the parameters of a statement
_PEOPLE: Final = {Kind.CLINICIANS: clinicians, Kind.CLIENTS: clients}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An import that is ours to work, as long as `claim` stands in its row."""

    found: Import
    claim: UUID
    actor: str
    attempts: int
    body: bytes = field(repr=False)


async def add(conn: AsyncConnection, new: Import, body: bytes, actor: str, now: datetime) -> None:
    values = _row(new) | {"id": new.id, "kind": new.kind.value, "dry_run": new.dry_run}
    values |= {"body": body, "actor": actor, "attempts": 0, "created_at": now}
    await conn.execute(sa.insert(imports).values(values))


async def find(conn: AsyncConnection, id: UUID) -> Import | None:
    columns = [column for column in imports.c if column.name != "body"]
    row = (await conn.execute(sa.select(*columns).where(imports.c.id == id))).first()
    return _import(row) if row else None


async def is_any_due(conn: AsyncConnection, now: datetime) -> bool:
    found = await conn.execute(sa.select(imports.c.id).where(*_due(now)).limit(1))
    return found.first() is not None


async def take(conn: AsyncConnection, now: datetime, claim: UUID, until: datetime) -> Taken | None:
    """Claim the oldest import that nobody works on, and return it with its file."""
    due = sa.select(imports).where(*_due(now)).order_by(imports.c.created_at, imports.c.id)
    row = (await conn.execute(due.limit(1).with_for_update(skip_locked=True))).first()
    if row is None:
        return None
    values = {"claim": claim, "claimed_until": until, "attempts": row.attempts + 1}
    values |= {"status": Status.WORKING.value}
    await conn.execute(sa.update(imports).where(imports.c.id == row.id).values(values))
    return Taken(
        found=_import(row),
        claim=claim,
        actor=row.actor,
        attempts=row.attempts + 1,
        body=row.body or b"",
    )


async def bring_forward(conn: AsyncConnection, now: Import, claim: UUID, until: datetime) -> bool:
    """Store how far it has come and keep the claim; False if the claim was lost."""
    mine = (imports.c.id == now.id, imports.c.claim == claim)
    values = _row(now) | {"claimed_until": until}
    return (await conn.execute(sa.update(imports).where(*mine).values(values))).rowcount == 1


async def end(conn: AsyncConnection, ended: Import, claim: UUID, at: datetime) -> bool:
    """Store how it ended and drop the file; False, and nothing stored, if the claim was lost."""
    mine = (imports.c.id == ended.id, imports.c.claim == claim)
    values = _row(ended) | {"body": None, "claim": None, "claimed_until": None, "ended_at": at}
    return (await conn.execute(sa.update(imports).where(*mine).values(values))).rowcount == 1


async def recorded(conn: AsyncConnection, kind: Kind, emails: Sequence[str]) -> frozenset[str]:
    """Return which of these addresses, in lower case, people of that kind have."""
    table, found = _PEOPLE[kind], set[str]()
    lowered = sa.func.lower(table.c.email)
    for start in range(0, len(emails), _AT_A_TIME):
        some = [email.lower() for email in emails[start : start + _AT_A_TIME]]
        rows = await conn.execute(sa.select(lowered).where(lowered.in_(some)))
        found.update(rows.scalars().all())
    return frozenset(found)


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    free = sa.or_(imports.c.claimed_until.is_(None), imports.c.claimed_until <= now)
    return imports.c.ended_at.is_(None), free


def _row(found: Import) -> dict[str, object]:
    return {
        "status": found.status.value,
        "lines": found.lines,
        "done": found.done,
        "entered": found.entered,
        "faults": [asdict(fault) for fault in found.faults],
    }


def _import(row: sa.Row[Any]) -> Import:
    return Import(
        id=row.id,
        kind=Kind(row.kind),
        dry_run=row.dry_run,
        status=Status(row.status),
        lines=row.lines,
        done=row.done,
        entered=row.entered,
        faults=tuple(Fault(**fault) for fault in row.faults),
    )
