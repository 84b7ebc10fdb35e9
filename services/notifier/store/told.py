"""What each person last heard of each session.

A row that names no time says that they have certainly heard nothing: they are about to. Where
there is none, nobody ever meant to mail them of it, and they may have heard in any other way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.news import Told
from services.notifier.domain.sessions import SCHEDULED
from services.notifier.store.tables import reminders, sessions, told
from shared.store.dialects import insert, insert_for

Heard = tuple[UUID, Told]  # who, and what


async def begin(conn: AsyncConnection, knowing: Sequence[Heard]) -> None:
    """Note what people know to begin with; what is noted already stays as it is."""
    if knowing:
        await conn.execute(insert(conn, told).on_conflict_do_nothing(), _rows(knowing))


async def told_of(
    conn: AsyncConnection, session_ids: Collection[UUID], person: UUID
) -> dict[UUID, Told]:
    """Return what `person` last heard of each of these sessions."""
    columns = [told.c[name] for name in Told.__dataclass_fields__]
    rows = await conn.execute(
        sa.select(*columns).where(told.c.session_id.in_(session_ids), told.c.person_id == person)
    )
    found = {row["session_id"]: Told(**row) for row in rows.mappings().all()}
    return {id: found.get(id, Told(session_id=id, doubted=True)) for id in session_ids}


async def doubt(conn: AsyncConnection, person: UUID, saying: Sequence[Told]) -> list[Told]:
    """Note, before the attempt, that `person` may hear this; return what is a new doubt."""
    if not saying:
        return []
    ids = [each.session_id for each in saying]
    rows = await conn.execute(
        sa.select(told.c.session_id).where(
            told.c.person_id == person, told.c.session_id.in_(ids), ~told.c.doubted
        )
    )
    certain_before = set(rows.scalars())
    await conn.execute(
        insert(conn, told).on_conflict_do_update(
            index_elements=[told.c.session_id, told.c.person_id], set_={"doubted": True}
        ),
        _rows([(person, Told(session_id=id, doubted=True)) for id in ids]),
    )
    return [each for each in saying if each.session_id in certain_before]


async def heard(conn: AsyncConnection, said: Sequence[Heard]) -> None:
    """Note that these people were told all this."""
    if not said:
        return
    statement = insert(conn, told)
    new = {column.name: statement.excluded[column.name] for column in told.c}
    await conn.execute(
        statement.on_conflict_do_update(
            index_elements=[told.c.session_id, told.c.person_id], set_=new
        ),
        _rows(said),
    )


async def reminded(conn: AsyncConnection, ids: Collection[UUID]) -> None:
    """Note what the readers of these reminders have heard by them, where it is not noted yet.

    One of a time that was left while it was on its way says nothing of how it is now.
    """
    if ids:
        await conn.execute(_reminded(conn.dialect.name), {"ids": list(ids)})


@lru_cache(maxsize=2)
def _reminded(dialect: str) -> sa.Insert:
    about = reminders.c.session_id == sessions.c.id
    theirs = sa.and_(
        told.c.session_id == reminders.c.session_id, told.c.person_id == reminders.c.person_id
    )
    noted = sa.and_(
        ~told.c.doubted,
        told.c.starts_at == sessions.c.starts_at,
        told.c.status == sessions.c.status,
    )
    no = sa.false()
    unnoted = (
        sa.select(
            sessions.c.id, reminders.c.person_id, sessions.c.starts_at, sessions.c.status, no, no
        )
        .select_from(reminders.join(sessions, about).outerjoin(told, theirs))
        .where(
            reminders.c.id.in_(sa.bindparam("ids", expanding=True)),
            reminders.c.revision == sessions.c.times_revision,
            sessions.c.status == SCHEDULED,
            sa.or_(told.c.status.is_(None), ~noted),
        )
        .distinct()
        .order_by(sessions.c.id, reminders.c.person_id)
    )
    names = ["starts_at", "status", "doubted"]
    statement = insert_for(dialect, told)
    return statement.from_select(
        ["session_id", "person_id", *names, "confirmed"], unnoted
    ).on_conflict_do_update(
        index_elements=[told.c.session_id, told.c.person_id],
        set_={name: statement.excluded[name] for name in names},
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


def _rows(known: Iterable[Heard]) -> list[dict[str, object]]:
    """Everyone writes them in one order, so that nobody waits for someone who waits for them."""
    rows = [
        {"person_id": person} | {name: getattr(each, name) for name in Told.__dataclass_fields__}
        for person, each in known
    ]
    return sorted(rows, key=lambda row: (str(row["session_id"]), str(row["person_id"])))
