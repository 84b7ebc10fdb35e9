"""What an appointment link shows, read from the state and never from the link alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.holds import Hold
from services.scheduler.domain.nearby_hours import Weeks, full_hours, weeks_near
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.self_service import Choices, Standing, choices_of
from services.scheduler.domain.slots import Slot
from services.scheduler.store import diary, holds, people, self_service
from services.scheduler.use_cases.free_hours import Booking, find_conflicts
from services.scheduler.use_cases.practice import policy_of
from services.scheduler.use_cases.working_times import availability_of
from shared.links import Link
from shared.zones import zone

_DECIDING: Final = UUID("7c0a1d52-6b0e-4a53-9a5b-0f3f6f0f8f11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A good link: what it is about, whose clock and language to speak, and what can be done.

    `chosen` is the hour that is kept while the client decides.
    """

    standing: Standing
    client: Client
    choices: Choices
    late_within: timedelta
    chosen: Hold | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The hours of one week that can be had instead, and the weeks there are."""

    monday: date
    weeks: Weeks
    slots: tuple[Slot, ...]


def deciding_id(session_id: UUID, client_id: UUID) -> UUID:
    """Return the id of the one hold that this client can have while they decide."""
    return uuid5(_DECIDING, f"{session_id}/{client_id}")


async def appointment_of(conn: AsyncConnection, now: datetime, link: Link) -> Appointment | None:
    """Return what `link` shows, or None if it has ended, was revoked, or is no client's."""
    session = await diary.find(conn, link.session_id)
    client = await people.find_client(conn, link.person_id)
    if session is None or client is None or link.expires_at <= now:
        return None
    last = await self_service.last_action(conn, session.id, client.id)
    concerned = client.id in session.client_ids or last is not None
    if not concerned or client.link_generation != link.generation:
        return None
    in_group = await self_service.is_group(conn, session)
    standing = Standing(session=session, client_id=client.id, in_group=in_group, last=last)
    late_within = timedelta(hours=(await policy_of(conn)).late_cancel_hours)
    kept = await holds.find(conn, deciding_id(session.id, client.id))
    return Appointment(
        standing=standing,
        client=client,
        choices=choices_of(standing, late_within=late_within, now=now),
        late_within=late_within,
        chosen=kept if kept is not None and kept.keeps_at(now) else None,
    )


async def times_near(
    conn: AsyncConnection, now: datetime, shown: Appointment, day: date | None = None
) -> Times:
    """Return what can be had in the week of `day`, without it in that of the appointment."""
    session, there = shown.standing.session, zone(shown.client.timezone)
    weeks = weeks_near(session.slot, there, now=now)
    monday = weeks.nearest(day or session.slot.starts_at.astimezone(there).date())
    clinician = await people.find_clinician(conn, session.clinician_id)
    if clinician is None or not shown.choices.move:
        return Times(monday=monday, weeks=weeks, slots=())
    wanted = full_hours(
        monday,
        there,
        zone(clinician.timezone),
        now=now,
        daytime=not clinician.working_hours,
    )
    slots = await _free(conn, now, shown, clinician, wanted)
    return Times(monday=monday, weeks=weeks, slots=slots)


async def _free(
    conn: AsyncConnection,
    now: datetime,
    shown: Appointment,
    clinician: Clinician,
    wanted: tuple[Slot, ...],
) -> tuple[Slot, ...]:
    """Return those of `wanted` that a move would be granted, by the rules of every move."""
    session = shown.standing.session
    wanted = tuple(slot for slot in wanted if slot != session.slot)
    if not wanted:
        return ()
    booking = Booking(
        clinician=clinician,
        client_ids=session.client_ids,
        slots=wanted,
        timezone=session.timezone,
        now=now,
        moving=frozenset({session.id}),
        hold_id=deciding_id(session.id, shown.client.id),
    )
    found = await find_conflicts(conn, booking)
    taken = {conflict.starts_at.astimezone(UTC) for conflict in found}
    span = Slot(starts_at=wanted[0].starts_at, ends_at=wanted[-1].ends_at)
    limits = (await availability_of(conn, [clinician], span, now))[clinician.id]
    earliest, latest = limits.earliest or now, limits.latest or span.ends_at
    return tuple(
        slot
        for slot in wanted
        if slot.starts_at not in taken and earliest <= slot.starts_at <= latest
    )
