"""Tasks of the staff: raised once, listed, finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.tasks import Task
from services.scheduler.store.listing import Place
from services.scheduler.store.tables import tasks
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTasks:
    """Tasks that are open, or done, or both for None, after a place."""

    is_open: bool | None
    after: Place | None = None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """Some tasks, the oldest first, and where to go on if there are more."""

    tasks: tuple[Task, ...]
    next: Place | None


async def add(conn: AsyncConnection, task: Task) -> bool:
    """Store `task` and return whether it is new: one of its kind and subject may be open."""
    made = await conn.execute(insert(conn, tasks).values(_row(task)).on_conflict_do_nothing())
    return made.rowcount == 1


async def lock(conn: AsyncConnection, id: UUID) -> Task | None:
    """Return the task and hold it until the commit."""
    rows = await conn.execute(sa.select(tasks).where(tasks.c.id == id).with_for_update())
    row = rows.first()
    return _task(row) if row else None


async def lock_open(conn: AsyncConnection, kind: str, subject: UUID) -> Task | None:
    """Return the open task of that kind about `subject` and hold it until the commit."""
    same = (tasks.c.kind == kind, tasks.c.subject_id == subject, tasks.c.done_at.is_(None))
    row = (await conn.execute(sa.select(tasks).where(*same).with_for_update())).first()
    return _task(row) if row else None


async def change(conn: AsyncConnection, task: Task) -> None:
    await conn.execute(sa.update(tasks).where(tasks.c.id == task.id).values(_row(task)))


async def page(conn: AsyncConnection, wanted: WantedTasks) -> TaskPage:
    query = sa.select(tasks).where(*_conditions(wanted))
    query = query.order_by(tasks.c.raised_at, tasks.c.id).limit(wanted.limit + 1)
    found = [_task(row) for row in (await conn.execute(query)).all()]
    given = found[: wanted.limit]
    more = len(found) > wanted.limit
    last = Place(starts_at=given[-1].raised_at, id=given[-1].id) if more else None
    return TaskPage(tasks=tuple(given), next=last)


def _conditions(wanted: WantedTasks) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.is_open is not None:
        undone = tasks.c.done_at.is_(None)
        conditions.append(undone if wanted.is_open else sa.not_(undone))
    if wanted.after is not None:
        place = wanted.after
        later = sa.and_(tasks.c.raised_at == place.starts_at, tasks.c.id > place.id)
        conditions.append(sa.or_(tasks.c.raised_at > place.starts_at, later))
    return conditions


def _row(task: Task) -> dict[str, object]:
    return {
        "id": task.id,
        "kind": task.kind,
        "subject_id": task.subject,
        "note": task.note,
        "raised_at": task.raised_at,
        "done_at": task.done_at,
        "done_by": task.done_by,
    }


def _task(row: sa.Row[Any]) -> Task:
    return Task(
        id=row.id,
        kind=row.kind,
        subject=row.subject_id,
        note=row.note,
        raised_at=row.raised_at,
        done_at=row.done_at,
        done_by=row.done_by,
    )
