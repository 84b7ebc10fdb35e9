"""Meetings at Zoom by server-to-server OAuth: the clinician starts them, clients join.

https://developers.zoom.us/docs/internal-apps/s2s-oauth/ and
https://developers.zoom.us/docs/api/meetings/: an access token lasts an hour and a `start_url`
two, and the latter lets anyone in as the host, so it is asked for at each press and never kept.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import encode_basic_auth
from yarl import URL

from services.scheduler.domain.rooms import Guest, Room, Window
from services.scheduler.rooms.accounts import ZoomAccount
from services.scheduler.rooms.asking import Answered, Asking
from services.scheduler.rooms.port import NotReady, Wish
from shared.clock import Clock

TOPIC: Final = "Appointment"
_SCHEDULED: Final = 2
_EARLY: Final = timedelta(minutes=1)
_PASSCODE_BYTES: Final = 5  # ten characters, the most that Zoom takes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    value: str = field(repr=False)
    good_until: datetime


class Zoom:
    """A meeting for each session, with a waiting room, that only its host can begin."""

    name = "zoom"
    kept = True
    hosts = frozenset({"zoom.us", "*.zoom.us"})

    def __init__(self, account: ZoomAccount, asking: Asking, clock: Clock) -> None:
        self._account, self._asking, self._clock = account, asking, clock
        self._token: _Token | None = None
        self._renewing = asyncio.Lock()

    async def make(self, wish: Wish) -> Room:
        room = wish.room
        if room.reference:  # the session moved a little; a meeting may start at any time
            return room
        user = self._account.users.get(wish.host, self._account.user)
        url = self._account.api / "v2" / "users" / user / "meetings"
        made = await self._ask("POST", url, _meeting(room.window))
        number = made.document.get("id")
        if made.status != HTTPStatus.CREATED:
            raise NotReady("refused")
        if not isinstance(number, int) or isinstance(number, bool):
            raise NotReady("nonsense")
        return replace(room, url=made.text("join_url"), reference=str(number))

    async def way_in(self, room: Room, guest: Guest) -> str:
        if not guest.is_host:
            return room.url
        found = await self._ask("GET", self._account.api / "v2" / "meetings" / room.reference)
        if found.status == HTTPStatus.NOT_FOUND:
            raise NotReady("meeting_gone", gone=True)
        if not found.good:
            raise NotReady("refused")
        return found.text("start_url")

    async def _ask(self, method: str, url: URL, body: dict[str, object] | None = None) -> Answered:
        """Ask with our token; one that is refused is renewed once."""
        token = await self._good_token(None)
        answer = await self._asking.ask(method, url, _bearing(token), body=body)
        if answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        token = await self._good_token(token)
        answer = await self._asking.ask(method, url, _bearing(token), body=body)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise NotReady("token_refused")
        return answer

    async def _good_token(self, refused: _Token | None) -> _Token:
        """Return a token that has not been refused; however many ask, one is fetched."""
        async with self._renewing:
            held = self._token
            if held is None or held is refused or held.good_until <= self._clock.now():
                self._token = held = await self._new_token()
            return held

    async def _new_token(self) -> _Token:
        account = self._account
        told = await self._asking.ask(
            "POST",
            account.auth / "oauth" / "token",
            {"Authorization": encode_basic_auth(account.client_id, account.client_secret)},
            form={"grant_type": "account_credentials", "account_id": account.account_id},
        )
        if not told.good:
            raise NotReady("credentials_refused")
        seconds = told.document.get("expires_in")
        if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < 86_400:
            raise NotReady("nonsense")
        lasts = max(timedelta(seconds=seconds) - _EARLY, timedelta())
        return _Token(value=told.text("access_token"), good_until=self._clock.now() + lasts)


def _bearing(token: _Token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.value}"}


def _meeting(window: Window) -> dict[str, object]:
    """Return what Zoom is told: a time and a neutral word, nothing of who or what for."""
    return {
        "topic": TOPIC,
        "type": _SCHEDULED,
        "start_time": window.opens_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "duration": int((window.closes_at - window.opens_at).total_seconds() // 60),
        "timezone": "UTC",
        "password": secrets.token_hex(_PASSCODE_BYTES),
        "settings": {
            "waiting_room": True,
            "join_before_host": False,
            "use_pmi": False,
            "auto_recording": "none",
            "meeting_authentication": False,
            "email_notification": False,
        },
    }
