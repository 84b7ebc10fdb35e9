"""A connection to a relay, opened as far as it must be to carry mail (RFC 5321)."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import aiosmtplib

from services.notifier.channels.smtp_answers import NotEncrypted, SignInNotOffered
from services.notifier.domain.loopback import is_loopback

_GOODBYE_SECONDS: Final = 1.0
_EHLO_NOT_KNOWN: Final = frozenset({500, 501, 502})  # RFC 5321 section 3.2
_TRY_ANOTHER: Final = frozenset({504, 534})  # RFC 4954 sections 4 and 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The server that takes our mail; `tls_first` is implicit TLS, as on port 465."""

    host: str
    port: int
    tls_first: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def is_here(self) -> bool:
        return is_loopback(self.host)


class Line(aiosmtplib.SMTP):
    """The library's client, which also closes at once."""

    async def say_goodbye(self) -> None:
        """Say QUIT (RFC 5321 section 4.1.1.10); the mails are settled, whatever is answered."""
        transport = self.transport
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await self.quit(timeout=_GOODBYE_SECONDS)
        _abort(transport)

    def hang_up(self) -> None:
        transport = self.transport
        self.close()
        _abort(transport)


async def open_line(relay: Relay, trust: ssl.SSLContext) -> Line:
    """Return a line that may carry mail: encrypted as it must be, and signed in.

    It waits for as long as whoever calls it does.
    """
    line = Line(
        hostname=relay.host,
        port=relay.port,
        timeout=None,
        use_tls=relay.tls_first,
        start_tls=False,  # said below, where what is not offered is told from what failed
        tls_context=trust,
    )
    try:
        await line.connect()
        await _greet(line, relay)
        if not relay.tls_first and line.supports_extension("starttls"):
            await line.starttls()
            await line.ehlo()  # RFC 3207 section 4.2: what was offered before is forgotten
        if not relay.is_here and line.get_transport_info("sslcontext") is None:
            raise NotEncrypted
        if relay.user is not None:
            await _sign_in(line, relay.user, relay.password or "")
    except BaseException:
        line.hang_up()
        raise
    return line


async def _greet(line: Line, relay: Relay) -> None:
    """Say EHLO, or HELO to a server that knows no more, where no more is needed."""
    try:
        await line.ehlo()
    except aiosmtplib.SMTPHeloError as error:
        if error.code not in _EHLO_NOT_KNOWN or relay.user is not None:
            raise
        await line.helo()


async def _sign_in(line: Line, user: str, password: str) -> None:
    """Say who we are, once: the library's `login` says a refused password again by each method."""
    ways: dict[str, Callable[[str, str], Awaitable[object]]] = {
        "cram-md5": line.auth_crammd5,
        "plain": line.auth_plain,
        "login": line.auth_login,
    }
    refusal: Exception = SignInNotOffered()
    for name in line.supported_auth_methods:
        try:
            await ways[name](user, password)
        except aiosmtplib.SMTPAuthenticationError as error:
            if error.code not in _TRY_ANOTHER:
                raise
            refusal = error
        else:
            return
    raise refusal


def _abort(transport: asyncio.BaseTransport | None) -> None:
    """Close without waiting: TLS would wait for a goodbye of its own for half a minute."""
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
