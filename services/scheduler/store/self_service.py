"""What clients did by link, and how often they tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.self_service import PACED_OVER, Act, Action, Before
from services.scheduler.domain.sessions import Session
from services.scheduler.domain.slots import Slot
from services.scheduler.store.tables import (
    course_clients,
    courses,
    link_posts,
    self_service_actions,
)


async def add_action(conn: AsyncConnection, action: Action) -> None:
    """Store what was done; after the lock of its session."""
    await conn.execute(sa.insert(self_service_actions).values(_row(action)))


async def change_action(conn: AsyncConnection, action: Action) -> None:
    await conn.execute(
        sa.update(self_service_actions)
        .where(self_service_actions.c.id == action.id)
        .values(_row(action))
    )


async def last_action(conn: AsyncConnection, session_id: UUID, client_id: UUID) -> Action | None:
    """Return what this client did last about this session, undone or not."""
    rows = await conn.execute(
        sa.select(self_service_actions)
        .where(
            self_service_actions.c.session_id == session_id,
            self_service_actions.c.client_id == client_id,
        )
        .order_by(self_service_actions.c.number.desc())
        .limit(1)
    )
    row = rows.first()
    return _action(row) if row else None


async def is_group(conn: AsyncConnection, session: Session) -> bool:
    """Whether others may be in this session too, now or on another day of its course."""
    if len(session.client_ids) > 1:
        return True
    members = (
        sa.select(sa.func.count())
        .select_from(course_clients)
        .where(course_clients.c.course_id == session.course_id)
        .scalar_subquery()
    )
    closed = sa.select(courses.c.id).where(
        courses.c.id == session.course_id, sa.or_(courses.c.maximum.is_not(None), members > 1)
    )
    return await conn.scalar(closed) is not None


async def posts_of_the_hour(
    conn: AsyncConnection, session_id: UUID, client_id: UUID, now: datetime
) -> int:
    """Return how many posts of this link were counted in the hour up to `now`."""
    counted = await conn.scalar(
        sa.select(sa.func.count())
        .select_from(link_posts)
        .where(
            link_posts.c.session_id == session_id,
            link_posts.c.client_id == client_id,
            link_posts.c.made_at > now - PACED_OVER,
        )
    )
    return int(counted or 0)


async def count_post(
    conn: AsyncConnection, session_id: UUID, client_id: UUID, now: datetime
) -> None:
    values = {"id": uuid4(), "session_id": session_id, "client_id": client_id, "made_at": now}
    await conn.execute(sa.insert(link_posts).values(values))


async def forget_posts(conn: AsyncConnection, now: datetime) -> int:
    """Drop posts that no pace counts any more, and return how many."""
    gone = await conn.execute(sa.delete(link_posts).where(link_posts.c.made_at <= now - PACED_OVER))
    return gone.rowcount


def _row(action: Action) -> dict[str, object]:
    before = action.before
    return {
        "id": action.id,
        "session_id": action.session_id,
        "client_id": action.client_id,
        "number": action.number,
        "act": action.act.value,
        "made_at": action.made_at,
        "seen": action.seen,
        "revision": action.revision,
        "before_starts_at": before.slot.starts_at,
        "before_ends_at": before.slot.ends_at,
        "before_links_expire_at": before.links_expire_at,
        "before_confirmed": before.confirmed,
        "undone_at": action.undone_at,
    }


def _action(row: sa.Row[Any]) -> Action:
    return Action(
        id=row.id,
        session_id=row.session_id,
        client_id=row.client_id,
        number=row.number,
        act=Act(row.act),
        made_at=row.made_at,
        seen=row.seen,
        revision=row.revision,
        before=Before(
            slot=Slot(starts_at=row.before_starts_at, ends_at=row.before_ends_at),
            links_expire_at=row.before_links_expire_at,
            confirmed=row.before_confirmed,
        ),
        undone_at=row.undone_at,
    )
