"""The room that staff entered for a clinician: doxy.me, Meet, or any other fixed address.

Nothing is remembered of it, since staff may change it at any time.
"""

from __future__ import annotations

from dataclasses import replace

from services.scheduler.domain.rooms import Guest, Room
from services.scheduler.rooms.port import NotReady, Wish


class StaticLinks:
    """Leads everyone to the clinician's own room."""

    name = "static"
    kept = False
    hosts: frozenset[str] = frozenset()

    async def make(self, wish: Wish) -> Room:
        if wish.own_url is None:
            raise NotReady("no_room_entered", retry_after=None)
        return replace(wish.room, url=wish.own_url)

    async def way_in(self, room: Room, guest: Guest) -> str:
        return room.url
