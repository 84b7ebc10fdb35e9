"""What else is planned for the same person about the same thing as a notice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.states import NOTICES, Kind, State
from services.notifier.store.claims import Claim
from services.notifier.store.tables import reminders

_IS_OPEN = reminders.c.next_at.is_not(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A notice that is open: of an earlier change than another, or of a later one."""

    kind: Kind
    revision: int
    state: State


async def open_beside(conn: AsyncConnection, claim: Claim) -> list[Other]:
    """Return the open notices to the same person about the same thing, but for this one."""
    rows = await conn.execute(
        sa.select(reminders.c.kind, reminders.c.revision, reminders.c.state).where(
            *_same(claim), _of(NOTICES), _IS_OPEN, reminders.c.id != claim.id
        )
    )
    return [
        Other(kind=Kind(row.kind), revision=row.revision, state=State(row.state))
        for row in rows.all()
    ]


async def later_is_open(conn: AsyncConnection, claim: Claim) -> bool:
    """Whether one of the same kind that is due later is open."""
    same = reminders.c.kind == claim.kind
    return await _any(conn, *_same(claim), same, _IS_OPEN, reminders.c.due_at > claim.due_at)


async def cancels_what_was_left(conn: AsyncConnection, claim: Claim) -> bool:
    """Whether what ended the course is a cancel, of which the same person hears or has heard."""
    heard = sa.or_(_IS_OPEN, reminders.c.state == State.SENT)
    since = reminders.c.revision >= claim.revision
    return await _any(conn, *_same(claim), _of((Kind.CANCELLED, Kind.CHANGED)), since, heard)


def _same(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    about = (
        reminders.c.session_id == claim.session_id
        if claim.course_id is None
        else reminders.c.course_id == claim.course_id
    )
    return about, reminders.c.person_id == claim.person_id


def _of(kinds: Collection[Kind]) -> sa.ColumnElement[bool]:
    return reminders.c.kind.in_(kinds)


async def _any(conn: AsyncConnection, *conditions: sa.ColumnElement[bool]) -> bool:
    rows = await conn.execute(sa.select(reminders.c.id).where(*conditions).limit(1))
    return rows.first() is not None
