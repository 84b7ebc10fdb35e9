"""Daily's REST API on the loopback: the domain's configuration, rooms made and changed.

It refuses what the real one refuses: names of other letters, a name that exists, a room that
does not. `admits` is what its video servers do with a token.
https://docs.daily.co/reference/rest-api/rooms/create-room
"""

from __future__ import annotations

import re
from typing import Any, Final, Self

import jwt
from aiohttp import web
from jwt.types import Options

from shared.clock import Clock
from tests.fakes.video_behaviours import Behaviour, Mood

KEY: Final = "a-daily-key-of-the-tests-0123456789abcdef"
DOMAIN: Final = "practice"
DOMAIN_ID: Final = "30f866c3-9123-452a-8723-ff58322d09c5"
_BY_OUR_CLOCK: Final[Options] = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
_PROPERTIES: Final = frozenset({"nbf", "exp", "eject_at_room_exp", "max_participants"})


class Daily:
    """A server on a free loopback port; started and stopped by `async with`."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.port = clock, 0
        self.mood = Mood()
        self.requests: list[str] = []
        self.rooms: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        """What `DAILY_API_URL` is set to."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/v1/", self._domain)
        app.router.add_post("/v1/rooms", self._create)
        app.router.add_post("/v1/rooms/{name}", self._update)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.mood.close()
        await self._runner.cleanup()

    def admits(self, name: str, token: str) -> dict[str, Any]:
        """Return the claims with which the token's holder is in the room now, or raise."""
        room, now = self.rooms[name], self.clock.now().timestamp()
        claims: dict[str, Any] = jwt.decode(token, KEY, algorithms=["HS256"], options=_BY_OUR_CLOCK)
        assert claims["d"] == DOMAIN_ID, "of another domain"
        assert claims["r"] == name, "for another room"
        assert claims["nbf"] <= now < claims["exp"], "not now"
        assert room["config"]["nbf"] <= now < room["config"]["exp"], "the room is closed"
        assert claims["iat"] <= now, "issued in the future"
        return claims

    async def _domain(self, request: web.Request) -> web.Response:
        self.requests.append("domain")
        if refused := await self._refused(self.mood.take(), request):
            return refused
        told = {"domain_name": DOMAIN, "domain_id": DOMAIN_ID, "config": {"hipaa": True}}
        return web.json_response(told)

    async def _create(self, request: web.Request) -> web.Response:
        self.requests.append("create")
        behaviour = self.mood.take()
        if refused := await self._refused(behaviour, request):
            return refused
        body = await request.json()
        name = body.get("name", "")
        if not _NAME.fullmatch(name):
            return _invalid(f"invalid room name {name}")
        if name in self.rooms:
            return _invalid(f"a room named {name} already exists")
        if unknown := set(body.get("properties", {})) - _PROPERTIES:
            return _invalid(f"unknown parameter '{unknown.pop()}'")
        host = "elsewhere.example" if behaviour is Behaviour.ELSEWHERE else f"{DOMAIN}.daily.co"
        self.rooms[name] = {
            "id": "5e3cf703-5547-47d6-a371-37b1f0b4427f",
            "name": name,
            "api_created": True,
            "privacy": body.get("privacy", "public"),
            "url": f"https://{host}/{name}",
            "config": dict(body.get("properties", {})),
        }
        return web.json_response(self.rooms[name])

    async def _update(self, request: web.Request) -> web.Response:
        self.requests.append("update")
        if refused := await self._refused(self.mood.take(), request):
            return refused
        room = self.rooms.get(request.match_info["name"])
        if room is None:
            return web.json_response({"error": "not-found"}, status=404)
        room["config"].update((await request.json()).get("properties", {}))
        return web.json_response(room)

    async def _refused(self, behaviour: Behaviour, request: web.Request) -> web.Response | None:
        if spoilt := await self.mood.spoilt(behaviour, request):
            return spoilt
        good = request.headers.get("Authorization") == f"Bearer {KEY}"
        if behaviour is Behaviour.UNAUTHORIZED or not good:
            return web.json_response({"error": "authentication-error"}, status=401)
        return None


def _invalid(info: str) -> web.Response:
    return web.json_response({"error": "invalid-request-error", "info": info}, status=400)
