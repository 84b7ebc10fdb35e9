"""Rooms at 8x8's Jitsi as a Service: the tenant is the app's id, and a token is all they need.

https://developer.8x8.com/jaas/docs/api-keys-jwt: `aud` and `iss` are fixed words, and what is
true or false is text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import uuid4

from services.scheduler.domain.rooms import Guest, Room
from services.scheduler.rooms.accounts import JAAS_URL, JaasAccount
from services.scheduler.rooms.port import Wish
from services.scheduler.rooms.tokens import lasting, signed, with_token

_NOTHING_RECORDED: Final = dict.fromkeys(
    ("livestreaming", "recording", "transcription", "outbound-call"), "false"
)


class Jaas:
    """A room is there as soon as someone enters it; nothing of it may be recorded."""

    name = "jaas"
    kept = True
    hosts = frozenset({JAAS_URL.host or ""})

    def __init__(self, account: JaasAccount) -> None:
        self._account = account

    async def make(self, wish: Wish) -> Room:
        return replace(wish.room, url=str(JAAS_URL / self._account.app_id / wish.room.name))

    async def way_in(self, room: Room, guest: Guest) -> str:
        user = {"id": guest.id, "moderator": "true" if guest.is_host else "false"}
        claims = {
            "iss": "chat",
            "aud": "jitsi",
            "sub": self._account.app_id,
            "room": room.name,
            "jti": uuid4().hex,
            "context": {"user": user, "features": _NOTHING_RECORDED},
            **lasting(room.window),
        }
        return with_token(room, "jwt", signed(claims, self._account.signing))
