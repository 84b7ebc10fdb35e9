"""A server of calendars on the loopback, with a certificate that signs itself."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

from services.calendar_feed.channels.address_guard import guarding
from services.calendar_feed.channels.ics_fetch import IcsFetch
from tests.fakes.certificates import loopback_tls

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(kw_only=True)
class IcsServer:
    """Answers every path with what it is told to; `asked` keeps the requests' headers."""

    server: TestServer
    trusted: ssl.SSLContext
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return self.server.port or 0

    def address(self, path: str = "/secret.ics") -> str:
        return f"https://127.0.0.1:{self.port}{path}"

    def reader(self, seconds: float = 5.0) -> IcsFetch:
        """Return what reads from this server, and from no other place of the loopback."""
        sockets = guarding(frozenset({("127.0.0.1", self.port)}))
        return IcsFetch(sockets=sockets, tls=self.trusted, seconds=seconds)


@asynccontextmanager
async def ics_server(answering: Answering) -> AsyncIterator[IcsServer]:
    """Serve for as long as this runs."""
    asked: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(dict(request.headers))
        return await answering(request)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    context, pem = loopback_tls()
    server = TestServer(app, scheme="https", host="127.0.0.1")
    await server.start_server(ssl=context)
    try:
        trusted = ssl.create_default_context(cadata=pem)
        yield IcsServer(server=server, trusted=trusted, asked=asked)
    finally:
        await server.close()
