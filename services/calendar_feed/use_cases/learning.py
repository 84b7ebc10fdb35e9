"""Learn what an event tells, in the consumer's transaction; what is older changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.clinicians import Clinician
from services.calendar_feed.domain.entries import Entry, Kind, Status
from services.calendar_feed.domain.initials import initials_of
from services.calendar_feed.domain.office_hours import Hours, OfficeHours
from services.calendar_feed.domain.rising import after
from services.calendar_feed.domain.series import Changes
from services.calendar_feed.store import (
    bodies,
    clients,
    clinicians,
    course_changes,
    entries,
    office_hours,
)
from services.calendar_feed.store.clients import Client
from services.calendar_feed.store.entries import Known
from services.calendar_feed.use_cases.raising import raise_initials
from services.calendar_feed.use_cases.unseen import tell_unseen
from shared.events import data as told

_CANCELLED = "cancelled"


async def learn_clinician(conn: AsyncConnection, news: told.ClinicianSaved, at: datetime) -> None:
    """Store the clinician; a raised generation gives every entry a new link from `at` on."""
    known = await clinicians.find_clinician(conn, news.clinician_id)
    if known is not None and known.revision >= news.revision:
        return
    same_links = known is not None and known.link_generation == news.link_generation
    said = await clinicians.said_of_all(conn, [news.clinician_id])
    new_at = after(at, known.changed_at if known else None, said.get(news.clinician_id))
    links_at = known.links_at if known and same_links else new_at
    await clinicians.save_clinician(
        conn,
        Clinician(
            id=news.clinician_id,
            revision=news.revision,
            timezone=news.timezone,
            link_generation=news.link_generation,
            links_at=links_at,
            version=known.version if known else 0,
            changed_at=known.changed_at if known else at,
        ),
    )
    await _learn_hours(conn, news, at)
    if not same_links:
        whole = await entries.sessions_of(conn, news.clinician_id)
        await clinicians.touch(conn, news.clinician_id, links_at, sessions=whole)


async def _learn_hours(conn: AsyncConnection, news: told.ClinicianSaved, at: datetime) -> None:
    office = OfficeHours(
        clinician_id=news.clinician_id,
        timezone=news.timezone,
        hours=tuple(Hours(**dict(each)) for each in news.working_hours),
        changed_at=at,
    )
    if await office_hours.holds(conn, office):
        return
    await office_hours.save_office_hours(conn, office)
    await clinicians.touch(conn, news.clinician_id, at, sessions=())


async def learn_client(conn: AsyncConnection, news: told.ClientSaved, at: datetime) -> None:
    """Keep the client's initials; other ones are a change of every feed that tells them."""
    known = await clients.find_client(conn, news.client_id)
    if known is not None and known.revision >= news.revision:
        return
    same_links = known is not None and known.link_generation == news.link_generation
    changed_at = after(at, known.changed_at if known else None)
    client = Client(
        id=news.client_id,
        revision=news.revision,
        initials=initials_of(news.name),
        link_generation=news.link_generation,
        links_at=known.links_at if known and same_links else changed_at,
        version=known.version + 1 if known else 0,
        changed_at=changed_at,
    )
    await clients.save_client(conn, client)
    if not same_links:
        await bodies.forget_body(conn, client.id)
    if known is None or known.initials != client.initials:
        await raise_initials(conn, await clients.clinicians_of(conn, client.id), at)


async def learn_sessions(conn: AsyncConnection, news: Sequence[told.Session], at: datetime) -> None:
    """Store each session as told at `at`, and say which clinicians' feeds now differ."""
    known = await entries.find_known(conn, [session.session_id for session in news])
    fresh = [each for each in news if _is_news(each, known.get(each.session_id))]
    touched = _touched(fresh, known)
    said = await clinicians.said_of_all(conn, touched)
    saved = [
        _entry(each, known.get(each.session_id), at, said.get(each.clinician_id)) for each in fresh
    ]
    await entries.save_entries(conn, saved)
    concerned = await entries.expected_at(conn, [each.session_id for each in fresh])
    concerned |= {client_id for each in fresh for client_id in each.client_ids}
    await entries.save_expected(conn, {each.session_id: set(each.client_ids) for each in fresh})
    latest = max([at, *(each.last_modified for each in saved)])
    for clinician_id in sorted(touched):
        courses = _courses(fresh, known, clinician_id)
        last = await _count_changes(conn, clinician_id, courses, latest, said.get(clinician_id))
        await clinicians.touch(conn, clinician_id, last, sessions=touched[clinician_id])
    await clients.touch_clients(conn, sorted(concerned), latest)
    await tell_unseen(conn, [(known.get(each.session_id), each) for each in fresh], at)


def _touched(fresh: Sequence[told.Session], known: Mapping[UUID, Known]) -> dict[UUID, set[UUID]]:
    """Return in whose diaries these are or were, and which of them."""
    touched: dict[UUID, set[UUID]] = {}
    for each in fresh:
        for clinician_id in {each.clinician_id, known.get(each.session_id, each).clinician_id}:
            touched.setdefault(clinician_id, set()).add(each.session_id)
    return touched


def _courses(
    fresh: Sequence[told.Session], known: Mapping[UUID, Known], clinician_id: UUID
) -> Counter[UUID]:
    """Return of which courses so many of these are or were in this diary."""
    theirs = (
        {
            each.course_id
            for each in (now, known.get(now.session_id, now))
            if each.clinician_id == clinician_id and each.course_id is not None
        }
        for now in fresh
    )
    return Counter(course_id for found in theirs for course_id in found)


async def _count_changes(
    conn: AsyncConnection,
    clinician_id: UUID,
    courses: Counter[UUID],
    at: datetime,
    said: datetime | None,
) -> datetime:
    """Count so many changes of each course in this diary, and return the last time of them."""
    known = await course_changes.changes_of(conn, clinician_id, courses)
    usual = Changes(count=0, last_at=at)
    changes = {
        id: Changes(
            count=known.get(id, usual).count + count,
            last_at=after(at, known[id].last_at, said) if id in known else at,
        )
        for id, count in courses.items()
    }
    await course_changes.save_changes(conn, clinician_id, changes)
    return max([at, *(each.last_at for each in changes.values())])


def _is_news(session: told.Session, before: Known | None) -> bool:
    """The revision that is known is news where less of it was kept when it came."""
    if before is None:
        return True
    kept = (before.kind, before.course_id, before.timezone, before.clients)
    same = kept == (session.kind, session.course_id, session.timezone, len(session.client_ids))
    return session.revision > before.revision or (session.revision == before.revision and not same)


def _entry(
    session: told.Session, before: Known | None, at: datetime, said: datetime | None
) -> Entry:
    """Return the session as an entry, changed later than what was `said` of all of that diary."""
    if before is None:
        created = last_modified = at
    elif before.revision == session.revision:
        created, last_modified = before.created, before.last_modified
    else:
        created, last_modified = before.created, after(at, before.last_modified, said)
    return Entry(
        session_id=session.session_id,
        clinician_id=session.clinician_id,
        client_id=session.client_ids[0] if len(session.client_ids) == 1 else None,
        revision=session.revision,
        dtstart=session.starts_at,
        dtend=session.ends_at,
        status=Status.CANCELLED if session.status == _CANCELLED else Status.CONFIRMED,
        created=created,
        last_modified=last_modified,
        links_expire_at=session.links_expire_at,
        kind=Kind(session.kind),
        course_id=session.course_id,
        timezone=session.timezone,
        clients=len(session.client_ids),
    )
