"""Learn what an event tells, in the consumer's transaction; what is older changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.store import clinicians, entries
from shared.events import data as told

_CANCELLED = "cancelled"


async def learn_clinician(conn: AsyncConnection, news: told.ClinicianSaved, at: datetime) -> None:
    """Store the clinician; a raised generation gives every entry a new link from `at` on."""
    known = await clinicians.find_clinician(conn, news.clinician_id)
    if known is not None and known.revision >= news.revision:
        return
    same_links = known is not None and known.link_generation == news.link_generation
    await clinicians.save_clinician(
        conn,
        Clinician(
            id=news.clinician_id,
            revision=news.revision,
            timezone=news.timezone,
            link_generation=news.link_generation,
            links_at=known.links_at if known and same_links else at,
            version=known.version if known else 0,
            changed_at=known.changed_at if known else at,
        ),
    )
    if not same_links:
        await clinicians.touch(conn, news.clinician_id, at)


async def learn_sessions(conn: AsyncConnection, news: Sequence[told.Session], at: datetime) -> None:
    """Store each session as told at `at`, and say which clinicians' feeds now differ."""
    known = await entries.find_known(conn, [session.session_id for session in news])
    fresh, touched = [], set()
    for session in news:
        before = known.get(session.session_id)
        if before is not None and before.revision >= session.revision:
            continue
        fresh.append(_entry(session, created=before.created if before else at, at=at))
        touched |= {session.clinician_id, before.clinician_id if before else session.clinician_id}
    await entries.save_entries(conn, fresh)
    for clinician_id in sorted(touched):
        await clinicians.touch(conn, clinician_id, at)


def _entry(session: told.Session, *, created: datetime, at: datetime) -> Entry:
    alone = len(session.client_ids) == 1
    return Entry(
        session_id=session.session_id,
        clinician_id=session.clinician_id,
        client_id=session.client_ids[0] if alone else None,
        revision=session.revision,
        dtstart=session.starts_at,
        dtend=session.ends_at,
        status=Status.CANCELLED if session.status == _CANCELLED else Status.CONFIRMED,
        created=created,
        last_modified=max(created, at),
        links_expire_at=session.links_expire_at,
    )
