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


async def hold_planned(conn: AsyncConnection, id: UUID) -> Claim | None:
    """Return what was planned under this id, held until the commit."""
    columns = [reminders.c[name] for name in Claim.__dataclass_fields__]
    rows = await conn.execute(sa.select(*columns).where(reminders.c.id == id).with_for_update())
    row = rows.mappings().first()
    if row is None:
        return None
    return Claim(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])})


async def plan_again(conn: AsyncConnection, id: UUID, now: datetime) -> UUID:
    """Plan a copy of this mail, due at `now`, and return its id."""
    row = (await conn.execute(sa.select(reminders).where(reminders.c.id == id))).mappings().one()
    base = row["plan_key"].split(_AGAIN)[0]
    before = sa.select(sa.func.count()).where(reminders.c.plan_key.startswith(base + _AGAIN))
    key = f"{base}{_AGAIN}{(await conn.execute(before)).scalar_one() + 1}"
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
