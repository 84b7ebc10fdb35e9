"""Zoom on the loopback: tokens by server-to-server OAuth, meetings made and read.

It checks what the real one checks and answers with its codes: 124 for a token that has ended,
1001 for a user that is not, 3001 for a meeting that is not, 300 for a field that is wrong.
https://developers.zoom.us/docs/internal-apps/s2s-oauth/ and docs/api/meetings/.
"""

from __future__ import annotations

import asyncio
import base64
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Final, Self

from aiohttp import web

from shared.clock import Clock
from tests.fakes.video_behaviours import Behaviour, Mood

ACCOUNT: Final = "an-account-of-the-tests"
CLIENT: Final = "a-client-of-the-tests"
SECRET: Final = "a-client-secret-of-the-tests"
OWNER: Final = "owner-user-id"
LASTS: Final = 3600
HOST_URL_LASTS: Final = timedelta(hours=2)
_START: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Zoom:
    """A server on a free loopback port; started and stopped by `async with`."""

    def __init__(self, clock: Clock, *, users: tuple[str, ...] = (OWNER,)) -> None:
        self.clock, self.users = clock, users
        self.port = 0
        self.mood, self.oauth_mood = Mood(), Mood()
        self.requests: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.meetings: dict[int, dict[str, Any]] = {}
        self.slow = asyncio.Event()
        self.slow.set()
        self.asked_for = asyncio.Event()
        self._tokens: dict[str, datetime] = {}

    @property
    def url(self) -> str:
        """What `ZOOM_API_URL` and `ZOOM_AUTH_URL` are set to."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/oauth/token", self._token)
        app.router.add_post("/v2/users/{user}/meetings", self._create)
        app.router.add_get("/v2/meetings/{id}", self._show)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.mood.close()
        self.oauth_mood.close()
        self.slow.set()
        await self._runner.cleanup()

    def end_tokens(self) -> None:
        """As when the app is deactivated for a moment: what was given out is worth nothing."""
        self._tokens.clear()

    async def _token(self, request: web.Request) -> web.Response:
        self.requests.append("token")
        behaviour = self.oauth_mood.take()
        if spoilt := await self.oauth_mood.spoilt(behaviour, request):
            return spoilt
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {basic}":
            told = {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}
            return web.json_response(told, status=400)
        form = await request.post()
        if form.get("grant_type") != "account_credentials":
            told = {"reason": "unsupported grant type", "error": "unsupported_grant_type"}
            return web.json_response(told, status=400)
        if form.get("account_id") != ACCOUNT:
            told = {"reason": "Bad Request", "error": "invalid_request"}
            return web.json_response(told, status=400)
        token = secrets.token_urlsafe(32)
        self._tokens[token] = self.clock.now() + timedelta(seconds=LASTS)
        answer = {"access_token": token, "token_type": "bearer", "expires_in": LASTS}
        return web.json_response(answer | {"scope": "meeting:write:meeting:admin"})

    async def _create(self, request: web.Request) -> web.Response:
        self.requests.append("create")
        behaviour = self.mood.take()
        if refused := await self._refused(behaviour, request):
            return refused
        user = request.match_info["user"]
        if user != "me" and user not in self.users:
            return _error(404, 1001, f"User does not exist: {user}.")
        body = await request.json()
        self.asked.append(body)
        if wrong := _wrong(body):
            return _error(300, 300, "Validation Failed.", field=wrong)
        self.asked_for.set()
        await self.slow.wait()
        number = 80_000_000_000 + secrets.randbelow(10**10)
        host = "elsewhere.example" if behaviour is Behaviour.ELSEWHERE else "us05web.zoom.us"
        self.meetings[number] = {
            **body,
            "id": number,
            "host_id": OWNER if user == "me" else user,
            "join_url": f"https://{host}/j/{number}?pwd={secrets.token_urlsafe(16)}.1",
        }
        return web.json_response(self._document(number), status=201)

    async def _show(self, request: web.Request) -> web.Response:
        self.requests.append("show")
        if refused := await self._refused(self.mood.take(), request):
            return refused
        number = int(request.match_info["id"])
        if number not in self.meetings:
            return _error(404, 3001, f"Meeting does not exist: {number}.")
        return web.json_response(self._document(number))

    async def _refused(self, behaviour: Behaviour, request: web.Request) -> web.Response | None:
        if spoilt := await self.mood.spoilt(behaviour, request):
            return spoilt
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if behaviour is Behaviour.UNAUTHORIZED or token not in self._tokens:
            return _error(401, 124, "Invalid access token.")
        if self._tokens[token] <= self.clock.now():
            return _error(401, 124, "Access token is expired.")
        return None

    def _document(self, number: int) -> dict[str, Any]:
        meeting = self.meetings[number]
        begin = f"https://us05web.zoom.us/s/{number}?zak={secrets.token_urlsafe(24)}"
        return {key: value for key, value in meeting.items() if key != "password"} | {
            "start_url": begin,
            "status": "waiting",
        }


def _wrong(body: dict[str, Any]) -> str | None:
    """Return the field that the real one would refuse."""
    if body.get("type") not in (1, 2, 3, 8):
        return "type"
    if not _START.fullmatch(body.get("start_time", "")):
        return "start_time"
    if len(body.get("password", "")) > 10:
        return "password"
    if not isinstance(body.get("duration"), int) or len(body.get("topic", "")) > 200:
        return "duration"
    return None


def _error(status: int, code: int, message: str, field: str | None = None) -> web.Response:
    told: dict[str, Any] = {"code": code, "message": message}
    if field:
        told["errors"] = [{"field": field, "message": "Invalid field."}]
    return web.json_response(told, status=400 if status == 300 else status)
