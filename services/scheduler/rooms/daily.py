"""Rooms at Daily: made private over the REST API, entered with a token that we sign.

https://docs.daily.co/reference/rest-api/rooms/create-room and
https://docs.daily.co/docs/guides/privacy-and-security/self-signing-tokens
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from yarl import URL

from services.scheduler.domain.rooms import Guest, Room, Window
from services.scheduler.rooms.accounts import DailyAccount, Signing
from services.scheduler.rooms.asking import Answered, Asking
from services.scheduler.rooms.port import NotReady, Wish
from services.scheduler.rooms.tokens import lasting, signed, with_token
from shared.clock import Clock

_OURS_TO_MEND: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class Daily:
    """A private room for each session; the same name asked for twice is the same room."""

    name = "daily"
    kept = True

    def __init__(self, account: DailyAccount, asking: Asking, clock: Clock) -> None:
        self._account, self._asking, self._clock = account, asking, clock
        self._domain_id: str | None = None
        self.hosts = frozenset({f"{account.domain}.daily.co"})

    async def make(self, wish: Wish) -> Room:
        room, rooms = wish.room, self._account.api / "v1" / "rooms"
        properties = _properties(room.window)
        body = {"name": room.name, "privacy": "private", "properties": properties}
        made = await self._ask("POST", rooms, body)
        if made.status == HTTPStatus.BAD_REQUEST:  # most likely it is there already
            made = await self._ask("POST", rooms / room.name, {"properties": properties})
        if not made.good:
            raise NotReady("refused")
        if made.text("name") != room.name or made.document.get("privacy") != "private":
            raise NotReady("nonsense")
        return replace(room, url=made.text("url"), reference=await self._domain())

    async def way_in(self, room: Room, guest: Guest) -> str:
        claims = {
            "r": room.name,
            "d": room.reference,
            "ud": guest.id,
            "o": guest.is_host,
            "iat": int(self._clock.now().timestamp()),
            **lasting(room.window),
        }
        return with_token(room, "t", signed(claims, Signing(key=self._account.key)))

    async def _domain(self) -> str:
        """Return the id of our domain, which tokens name; it never changes."""
        if self._domain_id is None:
            told = await self._ask("GET", self._account.api / "v1/", None)
            if not told.good or told.text("domain_name") != self._account.domain:
                raise NotReady("another_domain")
            self._domain_id = told.text("domain_id")
        return self._domain_id

    async def _ask(self, method: str, url: URL, body: Mapping[str, object] | None) -> Answered:
        headers = {"Authorization": f"Bearer {self._account.key}"}
        answer = await self._asking.ask(method, url, headers, body=body)
        if answer.status in _OURS_TO_MEND:
            raise NotReady("key_refused")
        return answer


def _properties(window: Window) -> dict[str, object]:
    """Outside of the window nobody is in the room; recording stays off, as it is by default."""
    return {**lasting(window), "eject_at_room_exp": True}
