"""Rooms on a Jitsi of the practice's own: a token is all that a room needs.

https://github.com/jitsi/lib-jitsi-meet/blob/master/doc/tokens.md: Prosody checks `iss`, `aud`,
`room` and `sub`, and nothing in `context`; there every value of `user` is a string.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from services.scheduler.domain.rooms import Guest, Room
from services.scheduler.rooms.accounts import JitsiServer
from services.scheduler.rooms.port import Wish
from services.scheduler.rooms.tokens import lasting, signed, with_token


class Jitsi:
    """A Jitsi server that checks tokens; a room is there as soon as someone enters it."""

    name = "jitsi"
    kept = True

    def __init__(self, server: JitsiServer) -> None:
        self._server = server
        self.hosts = frozenset({(server.url.host or "").lower()})

    async def make(self, wish: Wish) -> Room:
        return replace(wish.room, url=str(self._server.url / wish.room.name))

    async def way_in(self, room: Room, guest: Guest) -> str:
        server = self._server
        claims = {
            "iss": server.app_id,
            "aud": server.audience,
            "sub": server.domain,
            "room": room.name,
            "jti": uuid4().hex,
            "context": {"user": _user(guest)},
            **lasting(room.window),
        }
        return with_token(room, "jwt", signed(claims, server.signing))


def _user(guest: Guest) -> dict[str, str]:
    """Prosody's token_affiliation reads `affiliation`; without it everyone is a moderator."""
    if guest.is_host:
        return {"id": guest.id, "moderator": "true", "affiliation": "owner"}
    return {"id": guest.id, "moderator": "false", "affiliation": "member"}
