"""What each person last heard of each session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.news import Told
from services.notifier.store.tables import told
from shared.store.dialects import insert


async def last_told(conn: AsyncConnection, session_id: UUID, person: UUID) -> Told:
    """Return what `person` last heard; of a session never mailed about, that is nothing."""
    rows = await conn.execute(
        sa.select(told.c.session_id, told.c.starts_at, told.c.status, told.c.doubted).where(
            told.c.session_id == session_id, told.c.person_id == person
        )
    )
    row = rows.mappings().first()
    return Told(**row) if row else Told(session_id=session_id)


async def told_of(
    conn: AsyncConnection, session_ids: Collection[UUID], person: UUID
) -> dict[UUID, Told]:
    """Return what `person` last heard of each of these sessions, nothing of new ones too."""
    rows = await conn.execute(
        sa.select(told.c.session_id, told.c.starts_at, told.c.status, told.c.doubted).where(
            told.c.session_id.in_(session_ids), told.c.person_id == person
        )
    )
    found = {row["session_id"]: Told(**row) for row in rows.mappings().all()}
    return {id: found.get(id, Told(session_id=id)) for id in session_ids}


async def doubt(conn: AsyncConnection, person: UUID, saying: Sequence[Told]) -> list[Told]:
    """Note, before the attempt, that `person` may hear this; return what is a new doubt."""
    if not saying:
        return []
    ids = [each.session_id for each in saying]
    rows = await conn.execute(
        sa.select(told.c.session_id).where(
            told.c.person_id == person, told.c.session_id.in_(ids), told.c.doubted
        )
    )
    doubted_before = set(rows.scalars())
    await conn.execute(
        insert(conn, told).on_conflict_do_update(
            index_elements=[told.c.session_id, told.c.person_id], set_={"doubted": True}
        ),
        [_row(Told(session_id=id_, doubted=True), person) for id_ in ids],
    )
    return [each for each in saying if each.session_id not in doubted_before]


async def heard(conn: AsyncConnection, person: UUID, said: Sequence[Told]) -> None:
    """Note that `person` was told all this."""
    if not said:
        return
    statement = insert(conn, told)
    new = {column.name: statement.excluded[column.name] for column in told.c}
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[told.c.session_id, told.c.person_id], set_=new
        ),
        [_row(each, person) for each in said],
    )


async def not_heard(conn: AsyncConnection, person: UUID, said: Iterable[Told]) -> None:
    """Note that the attempt that raised a doubt about `said` certainly did not arrive."""
    ids = [each.session_id for each in said]
    if ids:
        await conn.execute(
            sa.update(told)
            .where(told.c.person_id == person, told.c.session_id.in_(ids))
            .values(doubted=False)
        )


def _row(heard_of: Told, person: UUID) -> dict[str, object]:
    return {
        "session_id": heard_of.session_id,
        "person_id": person,
        "starts_at": heard_of.starts_at,
        "status": heard_of.status,
        "doubted": heard_of.doubted,
    }
