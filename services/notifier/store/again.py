"""The same mail planned once more, as a delivery of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.plan import delivery_id
from services.notifier.domain.states import Kind, State
from services.notifier.store.claims import Claim
from services.notifier.store.tables import reminders, sessions, told

_AGAIN: Final = "/again/"
_KEY: Final = sa.select(reminders.c.plan_key)


async def hold_planned(conn: AsyncConnection, id: UUID) -> Claim | None:
    """Return what was planned under this id.

    The mail that it is, or repeats, is held until the commit: it is repeated once at a time.
    """
    key = (await conn.execute(_KEY.where(reminders.c.id == id))).scalar()
    if key is None:
        return None
    await conn.execute(_KEY.where(reminders.c.plan_key == _first(key)).with_for_update())
    columns = [reminders.c[name] for name in Claim.__dataclass_fields__]
    rows = await conn.execute(sa.select(*columns).where(reminders.c.id == id))
    row = rows.mappings().one()
    return Claim(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])})


async def is_open(conn: AsyncConnection, id: UUID) -> bool:
    """Whether the mail that this is, or repeats, has not ended, or a repeat of it has not."""
    key = (await conn.execute(_KEY.where(reminders.c.id == id))).scalar_one()
    rows = await conn.execute(
        _KEY.where(_same_as(_first(key)), reminders.c.next_at.is_not(None)).limit(1)
    )
    return rows.first() is not None


async def plan_again(conn: AsyncConnection, id: UUID, now: datetime) -> UUID:
    """Plan a copy of this mail, due at `now`, and return its id."""
    row = (await conn.execute(sa.select(reminders).where(reminders.c.id == id))).mappings().one()
    first = _first(row["plan_key"])
    number = sa.select(sa.func.count()).select_from(reminders).where(_same_as(first))
    key = f"{first}{_AGAIN}{(await conn.execute(number)).scalar_one()}"
    new = {
        "id": delivery_id(key),
        "plan_key": key,
        "due_at": now,
        "next_at": now,
        "state": State.PLANNED,
        "fence": 0,
        "attempts": 0,
        "answer_lost": False,
        "reason": None,
        "message_id": None,
        "ended_at": None,
        "attempted_at": None,
        "fate": None,
        "fate_at": None,
    }
    await conn.execute(sa.insert(reminders).values({**row, **new}))
    return delivery_id(key)


def _first(key: str) -> str:
    """Return the key of the mail that this one is, or repeats."""
    return key.split(_AGAIN)[0]


def _same_as(first: str) -> sa.ColumnElement[bool]:
    repeats = reminders.c.plan_key.startswith(first + _AGAIN, autoescape=True)
    return sa.or_(reminders.c.plan_key == first, repeats)


async def may_not_have_heard(conn: AsyncConnection, claim: Claim) -> None:
    """Note that the reader may know nothing of what the mail said, so that it is said again."""
    about = sa.select(sessions.c.id).where(
        sessions.c.id == claim.session_id
        if claim.session_id is not None
        else sessions.c.course_id == claim.course_id
    )
    await conn.execute(
        sa.update(told)
        .where(told.c.person_id == claim.person_id, told.c.session_id.in_(about))
        .values(doubted=True)
    )
