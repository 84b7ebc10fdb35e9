"""Hold the diaries of everyone concerned, and find what is in the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.conflicts import Conflict, Diaries, conflicts_of
from services.scheduler.domain.errors import HourTaken, NotRecorded
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.slots import Slot
from services.scheduler.store import people
from services.scheduler.store.in_the_way import Concerned, taken_near
from services.scheduler.store.people import KnownClient
from services.scheduler.use_cases.working_times import availability_of
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Hours that are asked for at `now`; `timezone` is whose dates are told.

    The hours of the sessions in `moving` are no conflict, nor is the hold that is redeemed.
    """

    clinician: Clinician
    client_ids: Sequence[UUID]
    slots: Sequence[Slot]
    timezone: str
    now: datetime
    moving: frozenset[UUID] = frozenset()
    hold_id: UUID | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A clinician and clients whose diaries are held."""

    clinician: Clinician
    clients: Mapping[UUID, KnownClient]

    @property
    def zones(self) -> dict[UUID, str]:
        """The time zone of each of them."""
        clients = {each.id: each.timezone for each in self.clients.values()}
        return {self.clinician.id: self.clinician.timezone, **clients}


async def hold_clinicians(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Clinician]:
    """Lock several clinicians by id, before any client; raise `NotRecorded` if one is not."""
    held = {}
    for id in sorted(ids):
        clinician = await people.lock_clinician(conn, id)
        if clinician is None:
            raise NotRecorded("no clinician has this id", pointer="#/clinician_id")
        held[id] = clinician
    return held


async def hold(conn: AsyncConnection, clinician_id: UUID, client_ids: Sequence[UUID]) -> Clinician:
    """Lock the clinician, then the clients by id; raise `NotRecorded` with the field at fault."""
    return (await hold_people(conn, clinician_id, client_ids)).clinician


async def hold_people(
    conn: AsyncConnection, clinician_id: UUID, client_ids: Sequence[UUID]
) -> People:
    """Do as `hold`, and return all of them."""
    clinician = await people.lock_clinician(conn, clinician_id)
    if clinician is None:
        raise NotRecorded("no clinician has this id", pointer="#/clinician_id")
    known = await people.lock_clients(conn, client_ids)
    for place, client_id in enumerate(client_ids):
        if client_id not in known:
            raise NotRecorded("no client has this id", pointer=f"#/client_ids/{place}")
    return People(clinician=clinician, clients=known)


async def find_conflicts(conn: AsyncConnection, booking: Booking) -> tuple[Conflict, ...]:
    """Return every hour of `booking` that cannot be had."""
    span = Slot(
        starts_at=min(slot.starts_at for slot in booking.slots),
        ends_at=max(slot.ends_at for slot in booking.slots),
    )
    clinician = booking.clinician
    available = (await availability_of(conn, [clinician], span, booking.now))[clinician.id]
    concerned = Concerned(
        clinician_id=clinician.id,
        client_ids=booking.client_ids,
        moving=booking.moving,
        but=booking.hold_id,
        now=booking.now,
    )
    taken = await taken_near(conn, concerned, [available.around(slot) for slot in booking.slots])
    diaries = Diaries(
        clinician=taken.clinician, clients=taken.clients, held=taken.held, availability=available
    )
    return conflicts_of(booking.slots, diaries, zone(booking.timezone))


async def require_free(conn: AsyncConnection, booking: Booking) -> tuple[Conflict, ...]:
    """Raise `HourTaken` with every date that is in the way; return what was overridden."""
    found = await find_conflicts(conn, booking)
    if found and booking.override is None:
        raise HourTaken(found)
    return found
