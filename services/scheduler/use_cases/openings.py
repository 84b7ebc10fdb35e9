"""Find openings: everything is read once for the whole span, then asked of minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.errors import UnknownClient, UnknownClinician
from services.scheduler.domain.hour_marks import Taken, marks_of
from services.scheduler.domain.local_hours import LocalHours
from services.scheduler.domain.minutes import MINUTE, Minutes, minutes_of
from services.scheduler.domain.openings import Opening, Search
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.suitability import Wishes, licensed, suits
from services.scheduler.domain.weekly_search import Marked, WeeklySearch
from services.scheduler.store import holds, people, taken
from services.scheduler.store.courses_held import courses_held
from services.scheduler.use_cases.working_times import availability_of

ANYTHING: Final = Wishes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is searched for: of one clinician, or of all who suit and take clients.

    With a `client_id` that client's own diary counts too.
    """

    search: Search
    clinician_id: UUID | None = None
    client_id: UUID | None = None
    wishes: Wishes = ANYTHING
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Diaries:
    """What is taken and held of everyone who is looked at, in minutes."""

    clinicians: Mapping[UUID, Sequence[Minutes]]
    held: Mapping[UUID, Sequence[Minutes]]
    client: Sequence[Minutes]
    client_held: Sequence[Minutes]


async def find_openings(conn: AsyncConnection, now: datetime, asked: Asked) -> list[Opening]:
    """Return the openings at `now`: fewest exceptions first, then soonest."""
    clinicians = await _clinicians(conn, now, asked)
    hours = asked.search.hours()
    span = hours.span()
    available = await availability_of(conn, clinicians, span, now)
    diaries = await _diaries(conn, now, asked, available, span)
    marked = [_marked(hours, each.id, available[each.id], diaries) for each in clinicians]
    searches = [WeeklySearch(asked.search, hours, each, now=now) for each in marked]
    found = [
        place
        for turn, search in enumerate(searches)
        for place in search.found(turn)
        if asked.wishes.state is None
        or licensed(clinicians[turn], asked.wishes.state, search.dates(place))
    ]
    best = sorted(found)[: asked.limit]
    return [searches[each.turn].opening(each) for each in best]


async def _clinicians(conn: AsyncConnection, now: datetime, asked: Asked) -> list[Clinician]:
    """Return who is looked at: one who is named also if they take no new clients."""
    if asked.clinician_id is not None:
        named = await people.find_clinician(conn, asked.clinician_id)
        if named is None:
            raise UnknownClinician
        return [named] if suits(named, asked.wishes) else []
    found = [
        each
        for each in await people.all_clinicians(conn)
        if each.accepting_clients and suits(each, asked.wishes)
    ]
    if all(each.capacity is None for each in found):
        return found
    held = await courses_held(conn, now)
    return [each for each in found if each.capacity is None or held.get(each.id, 0) < each.capacity]


async def _diaries(
    conn: AsyncConnection,
    now: datetime,
    asked: Asked,
    available: Mapping[UUID, Availability],
    span: Slot,
) -> _Diaries:
    buffer = max((each.buffer for each in available.values()), default=0 * MINUTE)
    near = Slot(starts_at=span.starts_at - buffer, ends_at=span.ends_at + buffer)
    held = await holds.held_of_clinicians(conn, list(available), span, now=now)
    client = asked.client_id
    if client is not None and await people.find_client(conn, client) is None:
        raise UnknownClient
    return _Diaries(
        clinicians=await taken.taken_of_clinicians(conn, list(available), near),
        held={id: [minutes_of(slot) for slot in slots] for id, slots in held.items()},
        client=await taken.taken_of_client(conn, client, span) if client else (),
        client_held=await _held_of_client(conn, client, span, now) if client else (),
    )


async def _held_of_client(
    conn: AsyncConnection, client_id: UUID, span: Slot, now: datetime
) -> list[Minutes]:
    return [minutes_of(slot) for slot in await holds.held_of_client(conn, client_id, span, now=now)]


def _marked(
    hours: LocalHours, clinician_id: UUID, availability: Availability, diaries: _Diaries
) -> Marked:
    held = diaries.held.get(clinician_id, ())
    taken = Taken(
        clinician=diaries.clinicians.get(clinician_id, ()),
        client=diaries.client,
        held=[*held, *diaries.client_held],
    )
    marks = marks_of(hours, availability, taken)
    return Marked(clinician_id=clinician_id, availability=availability, marks=marks)
