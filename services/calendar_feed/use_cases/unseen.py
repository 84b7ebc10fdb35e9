"""Say which changes a clinician's calendar may not show before they matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.announcements import change_unseen
from services.calendar_feed.domain.entries import Kind, Status
from services.calendar_feed.domain.unseen import Changed, Subscriber, unseen
from services.calendar_feed.store import feeds, readers
from services.calendar_feed.store.entries import Known
from shared.eventlog import log
from shared.events import data as told

_SCHEDULED: Final = "scheduled"
_CANCELLED: Final = "cancelled"


async def tell_unseen(
    conn: AsyncConnection, news: Sequence[tuple[Known | None, told.Session]], at: datetime
) -> None:
    """Tell of each change that a calendar may show too late; call it last, it takes a lock.

    The diaries have the versions by now that the news made.
    """
    changes = [changed for before, now in news for changed in _changes(before, now, at)]
    known: dict[UUID, list[Subscriber]] = {}
    for each in changes:
        if each.clinician_id not in known:
            known[each.clinician_id] = await _subscribers(conn, each.clinician_id)
    late = [found for each in changes if (found := unseen(each, known[each.clinician_id]))]
    if late:
        await log.append(conn, [change_unseen(each, at=at) for each in late])


async def _subscribers(conn: AsyncConnection, clinician_id: UUID) -> list[Subscriber]:
    sources = {each.feed.id: each for each in await feeds.sources_of(conn, clinician_id)}
    return [
        Subscriber(
            feed=source.feed,
            window=source.window,
            version=source.clinician.version,
            reader=reader,
        )
        for reader in await readers.readers_of(conn, sources.keys())
        if (source := sources.get(reader.feed_id))
    ]


def _changes(before: Known | None, now: told.Session, at: datetime) -> list[Changed]:
    """Return whom it touches: who had it, when it would have been, and who has it now.

    A conclusion changes no time. What was learnt again, as it was, is no change.
    """
    if now.status not in (_SCHEDULED, _CANCELLED):
        return []
    if before is not None and before.revision >= now.revision:
        return []
    had = has = None
    if before is not None and before.status == Status.CONFIRMED:
        had = before.clinician_id, before.dtstart, before.dtend
    if now.status == _SCHEDULED:
        has = now.clinician_id, now.starts_at, now.ends_at
    if had == has:
        return []
    touched: dict[UUID, list[datetime]] = {}
    for clinician_id, starts_at, _ in filter(None, (had, has)):
        touched.setdefault(clinician_id, []).append(starts_at)
    return [
        Changed(
            clinician_id=clinician_id,
            session_id=now.session_id,
            revision=now.revision,
            kind=Kind(now.kind),
            course_id=now.course_id,
            at=at,
            hours=tuple(touched[clinician_id]),
        )
        for clinician_id in sorted(touched)
    ]
