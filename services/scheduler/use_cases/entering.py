"""Let someone into a session's room, which is made at the first press and never before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.audit import Entry
from services.scheduler.domain.joining import Door
from services.scheduler.domain.rooms import (
    Room,
    Window,
    guest_in,
    host_of,
    may_lead_to,
    new_name,
)
from services.scheduler.rooms.port import NotReady, Wish
from services.scheduler.store import rooms as store
from services.scheduler.use_cases.auditing import record
from services.scheduler.use_cases.joining import Invitation, invitation_of
from services.scheduler.use_cases.making_rooms import (
    Doorway,
    Making,
    NotAllowed,
    Turn,
    in_time,
    made_room,
    others_room,
    take_turn,
)
from shared.links import Link
from shared.logs import log


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """What pressing Join gave: `way` leads in; else try again after some seconds, if given."""

    invitation: Invitation
    way: str | None = field(default=None, repr=False)
    retry_after: int | None = None


async def enter(doorway: Doorway, now: datetime, link: Link) -> Entrance | None:
    """Record the arrival and return the way in, or why there is none; None for a bad link."""
    invitation = await doorway.database.read(lambda conn: invitation_of(conn, now, link))
    if invitation is None:
        return None
    if invitation.door is not Door.OPEN:
        return Entrance(invitation=invitation)
    id = str(invitation.session.id)
    try:
        way = await _way(doorway, now, invitation)
    except NotReady as why:
        log.warning("join.not_ready", session_id=id, cause=why.cause)
        return Entrance(invitation=invitation, retry_after=why.retry_after)
    except NotAllowed:
        log.error("join.host_not_allowed", session_id=id)
        return Entrance(invitation=invitation)
    log.info("join.let_in", session_id=id)
    return Entrance(invitation=invitation, way=way)


async def _way(doorway: Doorway, now: datetime, invitation: Invitation) -> str:
    """Return the address that lets this person in, on a host that is on the list."""
    deadline = asyncio.get_running_loop().time() + doorway.patience
    hosts = doorway.rooms.hosts | doorway.hosts | host_of(invitation.room_url)
    room = await _room(doorway, now, invitation, hosts, deadline)
    guest = guest_in(room.name, invitation.person_id, is_host=invitation.is_host)
    try:
        way = await in_time(doorway.rooms.way_in(room, guest), deadline)
    except NotReady as why:
        if why.gone:
            id = invitation.session.id
            await doorway.database.write(lambda conn: store.forget_room(conn, id, room))
        raise
    if not may_lead_to(way, hosts):
        raise NotAllowed
    return way


async def _room(
    doorway: Doorway,
    now: datetime,
    invitation: Invitation,
    hosts: frozenset[str],
    deadline: float,
) -> Room:
    """Record the arrival, and return the session's room as soon as it is made."""
    session, claim = invitation.session, uuid4()
    wanted = Room(provider=doorway.rooms.name, name=new_name(), window=Window.of(session))

    async def come(conn: AsyncConnection) -> tuple[Turn, Room]:
        await store.arrive(conn, session.id, invitation.person_id, now)
        taken = (Turn.OURS, wanted)
        if doorway.rooms.kept:
            taken = await take_turn(conn, now, session.id, wanted, claim)
        await record(conn, _arrival(invitation, now))
        return taken

    turn, room = await doorway.database.write(come)
    if turn is Turn.NOBODYS:
        return room
    if turn is Turn.OTHERS:
        return await others_room(doorway, session.id, deadline)
    wish = Wish(room=room, host=str(session.clinician_id), own_url=invitation.room_url)
    if not doorway.rooms.kept:
        return await in_time(doorway.rooms.make(wish), deadline)
    making = Making(session_id=session.id, claim=claim, wish=wish, hosts=hosts, deadline=deadline)
    return await made_room(doorway, making)


def _arrival(invitation: Invitation, now: datetime) -> Entry:
    who = "clinician" if invitation.is_host else "client"
    person = invitation.person_id
    return Entry(
        actor=f"{who}:{person}",
        action="session.join",
        at=now,
        subject=invitation.session.id,
        others=(person,),
    )
