"""Ask staff to look after something, and hear that it is done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import tasks as domain
from services.scheduler.domain.errors import UnknownTask
from services.scheduler.domain.tasks import Task
from services.scheduler.store import tasks
from services.scheduler.store.tasks import TaskPage, WantedTasks


async def raise_task(
    conn: AsyncConnection, *, kind: str, subject: UUID, now: datetime, note: str | None = None
) -> None:
    """Ask staff to look after `subject`; while such a task is open, it is not asked again."""
    await tasks.add(conn, Task(id=uuid4(), kind=kind, subject=subject, note=note, raised_at=now))


async def is_asked(conn: AsyncConnection, kind: str, subject: UUID) -> bool:
    """Whether staff are asked to look after this already; it stays so until the commit."""
    return await tasks.lock_open(conn, kind, subject) is not None


async def finish_task(conn: AsyncConnection, now: datetime, id: UUID, *, by: str) -> Task:
    """Record that the task is done; one that is done already stays as it is."""
    known = await tasks.lock(conn, id)
    if known is None:
        raise UnknownTask
    finished = domain.finish(known, by, now=now)
    await tasks.change(conn, finished)
    return finished


async def tasks_page(conn: AsyncConnection, wanted: WantedTasks) -> TaskPage:
    return await tasks.page(conn, wanted)
