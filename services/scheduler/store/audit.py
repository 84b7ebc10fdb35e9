"""The audit log: one entry added after another, and read again in that order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.audit import Entry, Head, Sealed, canonical
from services.scheduler.store.tables import audit_entries, audit_head, audit_subjects
from services.scheduler.store.tables.care import THE_HEAD

# Every change and every reading runs these: they are built once.
_READ_HEAD: Final = sa.select(audit_head).where(audit_head.c.id == THE_HEAD)
_LOCK_HEAD: Final = _READ_HEAD.with_for_update()
_MOVE_HEAD: Final = sa.update(audit_head).where(audit_head.c.id == THE_HEAD)
_ADD_ENTRY: Final = sa.insert(audit_entries)
_ADD_SUBJECTS: Final = sa.insert(audit_subjects)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedEntries:
    """Entries by an actor, about a subject, from `since` and before `until`, after a position."""

    actor: str | None = None
    subject: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: int = 0
    limit: int


async def lock_head(conn: AsyncConnection) -> Head:
    """Return the end of the chain and hold it until the commit."""
    return await _head(conn, _LOCK_HEAD)


async def read_head(conn: AsyncConnection) -> Head:
    return await _head(conn, _READ_HEAD)


async def add(conn: AsyncConnection, sealed: Sealed) -> None:
    """Put `sealed` at the end of the chain; its head must be held."""
    entry = sealed.entry
    await conn.execute(
        _ADD_ENTRY,
        {
            "position": sealed.position,
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "details": canonical(entry.details),
            "hash": sealed.hash,
        },
    )
    subjects = [
        {"position": sealed.position, "place": place, "subject_id": id}
        for place, id in enumerate(entry.subjects)
    ]
    if subjects:
        await conn.execute(_ADD_SUBJECTS, subjects)
    await conn.execute(_MOVE_HEAD, {"position": sealed.position, "hash": sealed.hash})


async def entries(conn: AsyncConnection, wanted: WantedEntries) -> list[Sealed]:
    """Return the entries that are wanted, oldest first; raise ValueError if one is ruined."""
    query = sa.select(audit_entries).where(*_conditions(wanted))
    query = query.order_by(audit_entries.c.position).limit(wanted.limit)
    rows = (await conn.execute(query)).all()
    subjects = await _subjects(conn, [row.position for row in rows])
    return [_sealed(row, subjects.get(row.position, ())) for row in rows]


async def _head(conn: AsyncConnection, query: sa.Select[Any]) -> Head:
    row = (await conn.execute(query)).one()
    return Head(position=row.position, hash=row.hash)


async def _subjects(conn: AsyncConnection, positions: Sequence[int]) -> dict[int, tuple[UUID, ...]]:
    rows = await conn.execute(
        sa.select(audit_subjects.c.position, audit_subjects.c.subject_id)
        .where(audit_subjects.c.position.in_(positions))
        .order_by(audit_subjects.c.position, audit_subjects.c.place)
    )
    found: dict[int, tuple[UUID, ...]] = {}
    for row in rows.all():
        found[row.position] = (*found.get(row.position, ()), row.subject_id)
    return found


def _conditions(wanted: WantedEntries) -> list[sa.ColumnElement[bool]]:
    conditions = [audit_entries.c.position > wanted.after]
    if wanted.actor is not None:
        conditions.append(audit_entries.c.actor == wanted.actor)
    if wanted.subject is not None:
        about = sa.select(audit_subjects.c.position)
        about = about.where(audit_subjects.c.subject_id == wanted.subject)
        conditions.append(audit_entries.c.position.in_(about))
    if wanted.since is not None:
        conditions.append(audit_entries.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(audit_entries.c.at < wanted.until)
    return conditions


def _sealed(row: sa.Row[Any], subjects: Sequence[UUID]) -> Sealed:
    details = json.loads(row.details)
    if not isinstance(details, dict) or canonical(details) != row.details:
        raise ValueError("the details are spelled as no entry spells them")
    entry = Entry(
        actor=row.actor,
        action=row.action,
        at=row.at,
        subject=subjects[0] if subjects else None,
        others=tuple(subjects[1:]),
        details=details,
    )
    return Sealed(position=row.position, entry=entry, hash=row.hash)
