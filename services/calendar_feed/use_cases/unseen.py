"""Say which changes a clinician's calendar may not show before they matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.announcements import change_unseen
from services.calendar_feed.domain.readers import Reader
from services.calendar_feed.domain.unseen import Changed, unseen
from services.calendar_feed.store import readers
from services.calendar_feed.store.entries import Known
from shared.eventlog import log
from shared.events import data as told

_SCHEDULED = "scheduled"


async def tell_unseen(
    conn: AsyncConnection, news: Sequence[tuple[Known | None, told.Session]], at: datetime
) -> None:
    """Tell of each change that a calendar may show too late; call it last, it takes a lock.

    An event that comes late, as in a replay, tells of nothing: what it changed is past.
    """
    changes = [changed for before, now in news for changed in _changes(before, now, at)]
    read_by: dict[UUID, list[Reader]] = {}
    for each in changes:
        if each.clinician_id not in read_by:
            read_by[each.clinician_id] = await readers.readers_of_clinician(conn, each.clinician_id)
    late = [found for each in changes if (found := unseen(each, read_by[each.clinician_id]))]
    if late:
        await log.append(conn, [change_unseen(each, at=at) for each in late])


def _changes(before: Known | None, now: told.Session, at: datetime) -> list[Changed]:
    """Return whom it touches: who had it, when it would have been, and who has it now.

    A conclusion changes no time. What was learnt again, as it was, is no change.
    """
    had = before is not None and before.status == "CONFIRMED"
    has = now.status == _SCHEDULED
    stays = before is not None and (before.dtstart, before.clinician_id) == (
        now.starts_at,
        now.clinician_id,
    )
    if (before is not None and before.revision >= now.revision) or (stays and had == has):
        return []
    if stays and now.status != "cancelled" and not has:
        return []
    touched = []
    if before is not None and had:
        touched.append((before.clinician_id, before.dtstart))
    if has:
        touched.append((now.clinician_id, now.starts_at))
    return [
        Changed(
            clinician_id=clinician_id,
            session_id=now.session_id,
            revision=now.revision,
            at=at,
            matters_at=min(start for whose, start in touched if whose == clinician_id),
        )
        for clinician_id in sorted({whose for whose, _ in touched})
    ]
