"""Who a join link lets in, read from the state and never from the link alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.joining import Company, Door, door_of, next_to_join, opens_at
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.sessions import Session
from services.scheduler.store import diary, people, rooms
from shared.links import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A good link: whose clock and language to speak, how the door stands, who has come."""

    session: Session
    person_id: UUID
    door: Door
    company: Company
    timezone: str
    locale: str
    room_url: str | None = field(repr=False)

    @property
    def is_host(self) -> bool:
        return self.person_id == self.session.clinician_id


async def invitation_of(conn: AsyncConnection, now: datetime, link: Link) -> Invitation | None:
    """Return what `link` opens, or None if it has ended, was revoked, or fits nobody."""
    session = await _session(conn, now, link)
    if session is None or link.expires_at <= now:
        return None
    clinician = await people.find_clinician(conn, session.clinician_id)
    person = await _person(conn, link, session, clinician)
    if clinician is None or person is None or person.link_generation != link.generation:
        return None
    return Invitation(
        session=session,
        person_id=person.id,
        door=door_of(session, now=now),
        company=await _company(conn, session, person.id),
        timezone=person.timezone,
        locale=person.locale if isinstance(person, Client) else "en",
        room_url=clinician.room_url,
    )


async def _session(conn: AsyncConnection, now: datetime, link: Link) -> Session | None:
    """Return the session of the link; one for a whole course is for whichever it is time for."""
    found = await diary.find(conn, link.session_id)
    if found is not None:
        return found
    course = await diary.of_course(conn, link.session_id)
    return next_to_join(course, link.person_id, now=now)


async def _company(conn: AsyncConnection, session: Session, person_id: UUID) -> Company:
    """Return who has come of those whom this person is to meet: a client sees no other client."""
    met: tuple[UUID, ...] = (session.clinician_id,)
    if person_id == session.clinician_id:
        met = session.client_ids
    come = await rooms.arrived_since(conn, session.id, met, opens_at(session))
    return Company(expected=len(met), come=len(come))


async def _person(
    conn: AsyncConnection, link: Link, session: Session, clinician: Clinician | None
) -> Client | Clinician | None:
    if link.person_id == session.clinician_id:
        return clinician
    if link.person_id in session.client_ids:
        return await people.find_client(conn, link.person_id)
    return None
