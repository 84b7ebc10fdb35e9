"""SendGrid's v3 mail/send on the loopback: it checks, takes and answers as the real one does.

`python -m tests.fakes.sendgrid_server PORT` serves other processes; the key it expects is
then `LOCAL_KEY`. `POST /_control {"behaviour": "error", "times": 2, "retry_after": 1}` is
`behave`, `GET /_mails` answers `{"mails": [{message_id, at, payload}], "requests": N}`, and
`GET /_count` only how many there are of both.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, Self

from aiohttp import web

from shared.clock import Clock, SystemClock
from tests.fakes.sendgrid_rules import Complaint, complaints

LOCAL_KEY: Final = "SG.local-fake-key-000000.not-a-secret-it-opens-a-loopback-port-only00"
MOST_BYTES: Final = 30 * 1024 * 1024
TOO_LARGE: Final = "The JSON payload you have included in your request is too large."
_FOREVER: Final = -1


class Behaviour(StrEnum):
    """What the next requests meet; the last two take the mail and give no answer."""

    ACCEPT = "accept"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    ERROR = "error"
    UNAVAILABLE = "unavailable"
    HANG = "hang"
    DROP = "drop"


_ERRORS: Final = {
    Behaviour.UNAUTHORIZED: (
        401,
        "The provided authorization grant is invalid, expired, or revoked",
    ),
    Behaviour.FORBIDDEN: (403, "access forbidden"),
    Behaviour.TOO_LARGE: (413, TOO_LARGE),
    Behaviour.ERROR: (500, "Internal Server Error"),
    Behaviour.UNAVAILABLE: (503, "Service Unavailable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One mail that was taken, in the order of arrival; `at` is aware, in UTC."""

    message_id: str
    at: datetime
    payload: dict[str, Any]

    @property
    def recipients(self) -> list[str]:
        return [to["email"] for block in self.payload["personalizations"] for to in block["to"]]


@dataclass(slots=True, kw_only=True)
class _Told:
    behaviour: Behaviour
    times: int
    retry_after: int


class SendGrid:
    """A server on a free loopback port, or on `port`; started and stopped by `async with`."""

    def __init__(self, *, key: str = LOCAL_KEY, port: int = 0, clock: Clock | None = None) -> None:
        self.key, self.port = key, port
        self.mails: list[Taken] = []
        self.requests = 0
        self._clock = clock or SystemClock()
        self._told: deque[_Told] = deque()
        self._arrived = asyncio.Condition()
        self._closing = asyncio.Event()

    @property
    def url(self) -> str:
        """What `SENDGRID_API_URL` is set to."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_post("/v3/mail/send", self._send)
        app.router.add_post("/_control", self._control)
        app.router.add_get("/_mails", self._show)
        app.router.add_get("/_count", self._count)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self._runner.cleanup()

    def behave(
        self, behaviour: Behaviour, *, times: int | None = None, retry_after: int = 1
    ) -> None:
        """Meet the next `times` requests so, or all of them; `ACCEPT` for all forgets the rest."""
        if behaviour is Behaviour.ACCEPT and times is None:
            self._told.clear()
            return
        count = _FOREVER if times is None else times
        self._told.append(_Told(behaviour=behaviour, times=count, retry_after=retry_after))

    async def arrived(self, count: int, *, within: float = 5) -> list[Taken]:
        """Return the mails as soon as there are `count`, or raise `TimeoutError`."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: len(self.mails) >= count)
        return list(self.mails)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        told = self._next()
        if told.behaviour is Behaviour.TOO_MANY:
            return self._too_many(told.retry_after)
        authorized = request.headers.get("Authorization") == f"Bearer {self.key}"
        met = told.behaviour if authorized else Behaviour.UNAUTHORIZED
        if met in _ERRORS:
            return _errors(*_ERRORS[met])
        mail = await self._take(request)
        if mail is None:
            return web.Response(status=200)
        if isinstance(mail, web.Response):
            return mail
        if told.behaviour is Behaviour.HANG:
            await self._closing.wait()
        if told.behaviour in (Behaviour.HANG, Behaviour.DROP) and request.transport:
            request.transport.abort()
        return web.Response(status=202, headers={"X-Message-Id": mail.message_id})

    async def _take(self, request: web.Request) -> Taken | web.Response | None:
        """Take the mail, or say what is wrong; None for one that is good, in a sandbox."""
        if request.content_type != "application/json":
            return _errors(415, "Content-Type should be application/json.")
        try:
            payload = json.loads(await request.read())
        except web.HTTPRequestEntityTooLarge:
            return _errors(413, TOO_LARGE)
        except ValueError:
            return _errors(400, "Bad Request")
        if wrong := complaints(payload):
            return _refusal(400, wrong)
        if payload.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return None
        mail = Taken(message_id=secrets.token_urlsafe(16), at=self._clock.now(), payload=payload)
        async with self._arrived:
            self.mails.append(mail)
            self._arrived.notify_all()
        return mail

    def _next(self) -> _Told:
        if not self._told:
            return _Told(behaviour=Behaviour.ACCEPT, times=1, retry_after=0)
        told = self._told[0]
        if told.times != _FOREVER:
            told.times -= 1
            if told.times == 0:
                self._told.popleft()
        return told

    def _too_many(self, retry_after: int) -> web.Response:
        answer = _errors(429, "too many requests")
        answer.headers["Retry-After"] = str(retry_after)
        answer.headers["X-RateLimit-Limit"] = "600"
        answer.headers["X-RateLimit-Remaining"] = "0"
        reset = int(self._clock.now().timestamp()) + retry_after
        answer.headers["X-RateLimit-Reset"] = str(reset)
        return answer

    async def _control(self, request: web.Request) -> web.Response:
        told = await request.json()
        self.behave(
            Behaviour(told["behaviour"]),
            times=told.get("times"),
            retry_after=told.get("retry_after", 1),
        )
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _show(self, request: web.Request) -> web.Response:
        mails = [{**asdict(mail), "at": mail.at.isoformat()} for mail in self.mails]
        return web.json_response({"mails": mails, "requests": self.requests})

    async def _count(self, request: web.Request) -> web.Response:
        return web.json_response({"mails": len(self.mails), "requests": self.requests})


def _errors(status: int, message: str) -> web.Response:
    return _refusal(status, [Complaint(message=message, field=None)])


def _refusal(status: int, wrong: list[Complaint]) -> web.Response:
    return web.json_response({"errors": [asdict(each) for each in wrong]}, status=status)


async def serve(port: int) -> None:
    """Serve on `port` until the process is ended."""
    async with SendGrid(port=port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
