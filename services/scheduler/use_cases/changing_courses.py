"""What every change of a course has in common: hold it, look for room, store it and tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.course_changes import Change
from services.scheduler.domain.courses import Course
from services.scheduler.domain.errors import HourTaken, UnknownCourse
from services.scheduler.domain.overrides import Override, overbooked
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.sessions import Session
from services.scheduler.store.courses import change_course, find_course, lock_course
from services.scheduler.store.people import lock_clients
from services.scheduler.use_cases.free_hours import Booking, find_conflicts, hold_clinicians
from shared.eventlog import log
from shared.events.envelope import Event
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A course that nobody else can change until the commit, and who holds its sessions."""

    course: Course
    clinicians: Mapping[UUID, Clinician]


async def hold_course(
    conn: AsyncConnection, id: UUID, *, and_clinicians: Iterable[UUID] = ()
) -> Held:
    """Lock everyone concerned, then the sessions; raise `UnknownCourse` if there is none.

    Who is concerned may change between our look and our lock: then those are locked as well.
    """
    course = await find_course(conn, id)
    if course is None:
        raise UnknownCourse
    people = None
    while people != _people(course):
        people = _people(course)
        clinicians = await hold_clinicians(conn, {*people[0], *and_clinicians})
        await lock_clients(conn, list(people[1]))
        course = await lock_course(conn, id)
        if course is None:
            raise UnknownCourse
    return Held(course=course, clinicians=clinicians)


async def find_clashes(
    conn: AsyncConnection,
    now: datetime,
    held: Held,
    change: Change,
    *,
    hold_id: UUID | None = None,
) -> tuple[Conflict, ...]:
    """Return every date on which the change has no room, in the order of time.

    Its sessions may take each other's old hours, and none of each other's new ones.
    """
    alike: dict[tuple[UUID, tuple[UUID, ...]], list[Session]] = {}
    for session in change.placed:
        alike.setdefault((session.clinician_id, session.client_ids), []).append(session)
    found = _on_top_of_each_other(change)
    for (clinician_id, client_ids), together in alike.items():
        booking = Booking(
            clinician=held.clinicians[clinician_id],
            client_ids=client_ids,
            slots=[session.slot for session in together],
            timezone=change.after.timezone,
            now=now,
            moving=frozenset(session.id for session in change.told),
            hold_id=hold_id,
        )
        found.extend(await find_conflicts(conn, booking))
    first = {conflict.starts_at: conflict for conflict in reversed(found)}
    return tuple(first[starts_at] for starts_at in sorted(first))


def refuse_clashes(found: Sequence[Conflict], override: Override | None) -> None:
    """Raise `HourTaken` with every date in the way, unless staff pass over them."""
    if found and override is None:
        raise HourTaken(found)


def passed_over(change: Change, found: Sequence[Conflict]) -> Change:
    """Return the change with the sessions overbooked whose hour is someone else's."""
    anew = {each.id: each for each in overbooked(change.placed, found)}
    sessions = tuple(anew.get(each.id, each) for each in change.after.sessions)
    return replace(change, after=replace(change.after, sessions=sessions))


async def keep(
    conn: AsyncConnection, now: datetime, change: Change, events: Iterable[Event] | None = None
) -> None:
    """Store the change and tell of it: in one event, unless it is said in which `events`."""
    await change_course(conn, change.after, changed=change.rewritten, added=change.added)
    await log.append(conn, list(news_of(change, now) if events is None else events))


def news_of(change: Change, now: datetime) -> list[Event]:
    """Return the one event that tells of the whole change; none if nobody need know."""
    if change.ends:
        return [announcements.course_ended(change.after, change.told, at=now)]
    if change.told:
        return [announcements.course_changed(change.after, change.told, at=now)]
    return []


def _people(course: Course) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Return the clinicians and the clients of a course, of all its sessions."""
    return (
        frozenset({course.clinician_id, *(each.clinician_id for each in course.sessions)}),
        frozenset({*course.client_ids, *(id for s in course.sessions for id in s.client_ids)}),
    )


def _on_top_of_each_other(change: Change) -> list[Conflict]:
    clock = zone(change.after.timezone)
    found = []
    for one, next_one in pairwise(sorted(each.slot for each in change.placed)):
        if one.overlaps(next_one):
            local = next_one.starts_at.astimezone(clock)
            conflict = Conflict(date=local.date(), starts_at=local, reason=Reason.CLINICIAN_BUSY)
            found.append(conflict)
    return found
