"""Ask staff for another time, in a person's own words; the words stay in the scheduler.

One task about a session is open at a time: whoever asks too adds a line to its note.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.self_service import said_by
from services.scheduler.domain.tasks import finish
from services.scheduler.store import tasks
from services.scheduler.use_cases.tasks import raise_task

ASKS_FOR_TIME: Final = "asks_for_time"


async def ask_staff(
    conn: AsyncConnection, now: datetime, session_id: UUID, client_id: UUID, words: str
) -> None:
    """Have a task say that this client asks for another time, and in which words."""
    line = said_by(client_id, words)
    task = await tasks.lock_open(conn, ASKS_FOR_TIME, session_id)
    if task is None:
        await raise_task(conn, kind=ASKS_FOR_TIME, subject=session_id, now=now, note=line)
    else:
        await tasks.change(conn, replace(task, note="\n".join(filter(None, (task.note, line)))))


async def take_back(
    conn: AsyncConnection, now: datetime, session_id: UUID, client_id: UUID
) -> None:
    """Forget what this client wrote last; a task that nobody else asked for is done with."""
    task = await tasks.lock_open(conn, ASKS_FOR_TIME, session_id)
    lines = (task.note or "").split("\n") if task else []
    own = [place for place, line in enumerate(lines) if line.startswith(said_by(client_id, ""))]
    if task is None or not own:
        return
    del lines[own[-1]]
    left = replace(task, note="\n".join(lines) or None)
    await tasks.change(conn, left if lines else finish(left, f"client:{client_id}", now=now))
