"""Who a join link lets in, read from the state and never from the link alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.joining import Door, door_of
from services.scheduler.domain.people import Client, Clinician
from services.scheduler.domain.sessions import Session
from services.scheduler.store import diary, people
from shared.links import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A good link: whose clock and language to speak, and how the door stands."""

    session: Session
    door: Door
    timezone: str
    locale: str
    room_url: str | None


async def invitation_of(conn: AsyncConnection, now: datetime, link: Link) -> Invitation | None:
    """Return what `link` opens, or None if it has ended, was revoked, or fits nobody."""
    session = await diary.find(conn, link.session_id)
    if session is None or link.expires_at <= now:
        return None
    clinician = await people.find_clinician(conn, session.clinician_id)
    person = await _person(conn, link, session, clinician)
    if clinician is None or person is None or person.link_generation != link.generation:
        return None
    return Invitation(
        session=session,
        door=door_of(session, now=now),
        timezone=person.timezone,
        locale=person.locale if isinstance(person, Client) else "en",
        room_url=clinician.room_url,
    )


async def _person(
    conn: AsyncConnection, link: Link, session: Session, clinician: Clinician | None
) -> Client | Clinician | None:
    if link.person_id == session.clinician_id:
        return clinician
    if link.person_id in session.client_ids:
        return await people.find_client(conn, link.person_id)
    return None
