"""A session's room, made once: claimed in one transaction, made, and settled in another.

No connection is held while a provider is asked. Whoever comes meanwhile, here or at another
replica, waits for that same room. What could not be made is forgotten whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.rooms import Room, Standing, may_lead_to, standing
from services.scheduler.rooms.port import NotReady, Rooms, Wish
from services.scheduler.store import rooms as store
from shared.store.database import Database

T = TypeVar("T")

LEASE: Final = timedelta(seconds=10)
KEPT_FOR: Final = timedelta(days=1)
# Another replica tells no event of a room, so nothing but looking again finds it.
LOOK_AGAIN_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorway:
    """What letting someone in needs; `patience` is how long a provider may take, in seconds."""

    database: Database
    rooms: Rooms
    hosts: frozenset[str]
    patience: float


class Turn(Enum):
    """Whose turn it is to make a room."""

    NOBODYS = auto()  # it is made
    OURS = auto()
    OTHERS = auto()


class NotAllowed(Exception):
    """The provider names a host that is not on the list."""


async def take_turn(
    conn: AsyncConnection, now: datetime, session_id: UUID, wanted: Room, claim: UUID
) -> tuple[Turn, Room]:
    """Claim the making of a session's room, unless it is made or someone is at it."""
    until = now + LEASE
    if await store.add_room(conn, session_id, wanted, claim, until):
        return Turn.OURS, wanted
    found = await store.lock_room(conn, session_id)
    if found is None:  # its maker gave up between the two statements
        return Turn.OTHERS, wanted
    if found.claimed_until is not None and found.claimed_until > now:
        return Turn.OTHERS, found.room
    room = _as_wanted(found, wanted, now)
    if room == found.room and found.claim is None:
        return Turn.NOBODYS, room
    await store.claim_room(conn, session_id, room, claim, until)
    return Turn.OURS, room


def _as_wanted(found: store.Remembered, wanted: Room, now: datetime) -> Room:
    """Return the room that is to be: what was found, at its new time, or a new one."""
    match standing(found.room, provider=wanted.provider, window=wanted.window, now=now):
        case Standing.STALE:
            return wanted
        case Standing.SHIFTED:
            return replace(found.room, window=wanted.window)
        case Standing.GOOD:
            return found.room


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """A room that is ours to make, before `deadline` of the loop's clock, on one of `hosts`."""

    session_id: UUID
    claim: UUID
    wish: Wish
    hosts: frozenset[str]
    deadline: float


async def made_room(doorway: Doorway, making: Making) -> Room:
    """Make the room and remember it; on any failure forget it."""
    database, id, claim = doorway.database, making.session_id, making.claim
    try:
        room = await in_time(doorway.rooms.make(making.wish), making.deadline)
        if not may_lead_to(room.url, making.hosts):
            raise NotAllowed
    except BaseException:
        await database.write(lambda conn: store.forget_claim(conn, id, claim))
        raise
    if await database.write(lambda conn: store.settle_room(conn, id, room, claim)):
        return room
    return await others_room(doorway, id, making.deadline)


async def others_room(doorway: Doorway, session_id: UUID, deadline: float) -> Room:
    """Return the room that someone else is making, or raise `NotReady` after `deadline`."""
    while True:
        found = await doorway.database.wait_for(
            lambda conn: _settled(conn, session_id), seconds=LOOK_AGAIN_SECONDS
        )
        if found is not None:
            return found
        if asyncio.get_running_loop().time() > deadline:
            raise NotReady("being_made")


async def _settled(conn: AsyncConnection, session_id: UUID) -> Room | None:
    found = await store.find_room(conn, session_id)
    if found is None:
        raise NotReady("others_failed")
    return found.room if found.claim is None else None


async def forget_passed_rooms(conn: AsyncConnection, now: datetime) -> int:
    """Forget where rooms were a day after they closed: some addresses still let people in."""
    return await store.forget_rooms(conn, now - KEPT_FOR)


async def in_time(doing: Awaitable[T], deadline: float) -> T:
    """Return what `doing` gives before `deadline` of the loop's clock, or raise `NotReady`."""
    try:
        async with asyncio.timeout_at(deadline):
            return await doing
    except TimeoutError as error:
        raise NotReady("slow") from error
