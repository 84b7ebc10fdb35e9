"""Learn what clinicians' calendars may show too late, in the consumer's transaction."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.plan import Change, unseen_notice
from services.notifier.store import plans
from shared.events import data as told


async def learn_unseen(conn: AsyncConnection, news: told.FeedChangeUnseen, change: Change) -> None:
    """Plan the mail that says it; what it is about may yet be told by the scheduler's log."""
    notice = unseen_notice(news.clinician_id, news.session_id, news.revision, change)
    await plans.add(conn, [notice])
