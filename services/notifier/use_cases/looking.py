"""Look at what is planned for a session."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.errors import UnknownSession
from services.notifier.domain.sessions import Session
from services.notifier.store import plans, sessions
from services.notifier.store.plans import Shown
from shared.store.database import Database

PATIENCE_SECONDS: Final = 2.0


async def planned_for(database: Database, session_id: UUID) -> tuple[Session, list[Shown]]:
    """Return a session and all that was ever planned for it.

    An id that an event may still bring is waited for, two seconds; then `UnknownSession`.
    """

    async def look(conn: AsyncConnection) -> tuple[Session, list[Shown]] | None:
        session = await sessions.find_session(conn, session_id)
        return None if session is None else (session, await plans.of_session(conn, session_id))

    found = await database.wait_for(look, seconds=PATIENCE_SECONDS)
    if found is None:
        raise UnknownSession
    return found
