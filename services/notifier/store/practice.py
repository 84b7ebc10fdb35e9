"""What the practice has settled about its mail, as last told: one row, or none yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.practice import Practice
from services.notifier.store.people import offsets_of, quiet_of, quiet_row, seconds_of
from services.notifier.store.tables import practice
from shared.store.dialects import insert

_THE_ROW: Final = 1


async def save_practice(conn: AsyncConnection, saved: Practice) -> bool:
    """Store it unless as late a revision is known; return whether it was stored."""
    after = saved.follow_up_after
    values = {
        "id": _THE_ROW,
        "revision": saved.revision,
        "settled": {
            "offsets": seconds_of(saved.offsets),
            "quiet_hours": quiet_row(saved.quiet_hours),
            "staff_address": saved.staff_address,
            "follow_up_days": None if after is None else after.days,
        },
    }
    statement = insert(conn, practice).values(values)
    stored = await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[practice.c.id],
            set_=values,
            where=practice.c.revision < saved.revision,
        )
    )
    return stored.rowcount == 1


async def read_practice(conn: AsyncConnection) -> Practice:
    row = (await conn.execute(sa.select(practice).where(practice.c.id == _THE_ROW))).first()
    if row is None:
        return Practice()
    settled = row.settled
    days = settled["follow_up_days"]
    return Practice(
        revision=row.revision,
        offsets=offsets_of(settled["offsets"]),
        quiet_hours=quiet_of(settled["quiet_hours"]),
        staff_address=settled["staff_address"],
        follow_up_after=None if days is None else timedelta(days=days),
    )
