"""Store sessions of several courses, and of none, in one change, and tell of each course once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.course_changes import changed
from services.scheduler.domain.sessions import Session, Status
from services.scheduler.store import diary
from services.scheduler.store.courses import find_course
from services.scheduler.use_cases.changing_courses import news_of
from shared.eventlog import log
from shared.events.envelope import Event


async def keep_together(
    conn: AsyncConnection, now: datetime, put: Sequence[Session], *, before: Sequence[Session]
) -> tuple[Session, ...]:
    """Store all sessions at once, since they may take each other's hours, and tell of them."""
    stored: list[Session] = []
    told: list[Session] = []
    news: list[Event] = []
    together: dict[UUID, list[Session]] = {}
    previous = {session.id: session.slot for session in before}
    for session in put:
        if session.course_id is not None:
            together.setdefault(session.course_id, []).append(session)
            continue
        stored.append(session)
        told.append(session)
        if session.status is Status.CANCELLED:
            news.append(announcements.session_cancelled(session, at=now))
        else:
            moved = announcements.session_moved(session, previous[session.id], at=now)
            news.append(moved)
    for course_id, touched in together.items():
        course = await find_course(conn, course_id)
        if course is not None:
            change = changed(course, touched)
            stored.extend(change.rewritten)
            told.extend(change.told)
            news.extend(news_of(change, now))
    if stored:
        await diary.change(conn, stored)
    await log.append(conn, news)
    return tuple(sorted(told, key=lambda session: session.slot))
