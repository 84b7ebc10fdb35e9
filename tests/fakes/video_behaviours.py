"""How a provider of rooms can fail, for the two that are asked over HTTP."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus

from aiohttp import web


class Behaviour(StrEnum):
    """What the next requests meet."""

    ACCEPT = "accept"
    TOO_MANY = "too_many"  # 429 with Retry-After
    ERROR = "error"  # 500
    HANG = "hang"  # no answer
    DROP = "drop"  # the connection is cut
    NOT_JSON = "not_json"  # 200 with a page of HTML
    EMPTY = "empty"  # 200 with an object that has nothing in it
    REDIRECT = "redirect"  # 302 to somewhere else
    ELSEWHERE = "elsewhere"  # a room on a host that is not theirs
    UNAUTHORIZED = "unauthorized"  # 401


class Mood:
    """The behaviours to come; without any, requests are taken."""

    def __init__(self) -> None:
        self.retry_after = "7"
        self._told: deque[Behaviour] = deque()
        self._always = Behaviour.ACCEPT
        self._closing = asyncio.Event()

    def next_ones(self, *behaviours: Behaviour) -> None:
        self._told.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        self._told.clear()
        self._always = behaviour

    def close(self) -> None:
        self._closing.set()

    def take(self) -> Behaviour:
        return self._told.popleft() if self._told else self._always

    async def spoilt(self, behaviour: Behaviour, request: web.Request) -> web.Response | None:
        """Return the answer of a provider in trouble, or None where it does its work."""
        if behaviour in (Behaviour.HANG, Behaviour.DROP):
            return await self._cut(behaviour, request)
        answers: dict[Behaviour, Callable[[], web.Response]] = {
            Behaviour.TOO_MANY: self._too_many,
            Behaviour.ERROR: lambda: web.json_response({"error": "server-error"}, status=500),
            Behaviour.NOT_JSON: lambda: web.Response(
                text="<html>Sign in</html>", content_type="text/html"
            ),
            Behaviour.EMPTY: lambda: web.json_response({}),
            Behaviour.REDIRECT: lambda: web.Response(
                status=HTTPStatus.FOUND, headers={"Location": "https://elsewhere.example/"}
            ),
        }
        return answers[behaviour]() if behaviour in answers else None

    def _too_many(self) -> web.Response:
        told = {"code": 429, "message": "You have reached the maximum per-second rate limit"}
        return web.json_response(told, status=429, headers={"Retry-After": self.retry_after})

    async def _cut(self, behaviour: Behaviour, request: web.Request) -> web.Response:
        if behaviour is Behaviour.HANG:
            await self._closing.wait()
        if request.transport:
            request.transport.abort()
        return web.Response()
