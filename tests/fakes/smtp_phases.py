"""An SMTP server that fails at one named phase, which no well-behaved server can be told to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, Self

Phase = Literal[
    "greeting", "EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body", "QUIT"
]
DROP: Final = "drop"
SILENCE: Final = "silence"
_GOOD: Final[dict[str, str]] = {
    "greeting": "220 ready",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 come in",
    "DATA": "354 go on",
    "QUIT": "221 bye",
}


@dataclass(kw_only=True)
class PhasedServer:
    """Answers `at` a phase as told there, or drops the connection, or says nothing more.

    After `mails_each` mails it ends a connection: `while_idle` at once, else with 421 at the next
    MAIL. `injected` follows the answer to STARTTLS in plain text. `heard` is every command.
    """

    at: dict[Phase, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    tls: ssl.SSLContext | None = None
    injected: bytes = b""
    mails_each: int | None = None
    while_idle: bool = False
    port: int = 0
    heard: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0

    async def __aenter__(self) -> Self:
        self._talks: set[asyncio.Task[None]] = set()
        self._happened = asyncio.Event()
        self._let_go = asyncio.Event()
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    def verbs(self) -> list[str]:
        return [line.split(" ")[0] for line in self.heard]

    async def until(self, true: Callable[[], bool], *, within: float = 5) -> None:
        """Wait for what commands, bodies or closing connections make true."""
        async with asyncio.timeout(within):
            while not true():
                self._happened.clear()
                await self._happened.wait()

    def let_go(self) -> None:
        """Answer everywhere as a good server does, also where nothing was said until now."""
        self.at.clear()
        self._let_go.set()

    async def silent(self) -> None:
        await self._let_go.wait()

    def happened(self) -> None:
        self._happened.set()

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open_now += 1
        try:
            await _Dialogue(self, reader, writer).hold()
        except (OSError, EOFError, _Dropped):
            pass
        finally:
            self.open_now -= 1
            self.happened()
            writer.transport.abort()


class _Dropped(Exception):
    """The connection is to be cut now."""


class _Dialogue:
    def __init__(
        self, server: PhasedServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._mails = 0

    async def hold(self) -> None:
        await self._answer("greeting")
        while line := (await self._reader.readline()).decode().strip():
            self._server.heard.append(line)
            self._server.happened()
            match line.split(" ")[0]:
                case "EHLO":
                    await self._offer()
                case "STARTTLS":
                    await self._start_tls()
                case "DATA":
                    await self._take_body()
                case "MAIL" if self._mails == self._server.mails_each:
                    await self._say("421 4.7.0 too many mails")
                    raise _Dropped
                case "HELO" | "AUTH" | "MAIL" | "RCPT" | "QUIT" | "RSET" as verb:
                    await self._answer(verb)
                    if verb == "QUIT":
                        return
                case _:
                    await self._say("502 5.5.1 not known here")

    async def _answer(self, phase: str) -> bool:
        """Say what is said at this phase; return whether it is the good answer."""
        told = next((said for at, said in self._server.at.items() if at == phase), None)
        if told == DROP:
            raise _Dropped
        if told == SILENCE:
            await self._server.silent()
            told = None
        await self._say(told or _GOOD.get(phase, "250 2.0.0 OK"))
        return told is None

    async def _offer(self) -> None:
        encrypted = self._writer.get_extra_info("sslcontext") is not None
        offers = [*self._server.offers]
        if self._server.tls and not encrypted:
            offers.append("STARTTLS")
        if "EHLO" in self._server.at or not offers:
            await self._answer("EHLO")
            return
        lines = ["phases.example", *offers]
        marks = ["-"] * len(offers) + [" "]
        await self._say("\r\n".join(f"250{m}{t}" for m, t in zip(marks, lines, strict=True)))

    async def _start_tls(self) -> None:
        if "STARTTLS" in self._server.at or self._server.tls is None:
            await self._answer("STARTTLS")
            return
        self._writer.write(b"220 go ahead\r\n" + self._server.injected)
        await self._writer.drain()
        await self._writer.start_tls(self._server.tls)

    async def _take_body(self) -> None:
        if not await self._answer("DATA"):
            return
        body = await self._reader.readuntil(b"\r\n.\r\n")
        self._server.bodies.append(body.removesuffix(b".\r\n"))
        self._server.happened()
        self._mails += 1
        await self._answer("body")
        if self._server.while_idle and self._mails == self._server.mails_each:
            await self._say("421 4.4.2 idle for too long")
            raise _Dropped

    async def _say(self, text: str) -> None:
        self._writer.write(text.encode() + b"\r\n")
        await self._writer.drain()
