"""A real SMTP server on the loopback that keeps what it takes, and fails when told to."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Final, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from shared.clock import Clock, SystemClock
from tests.fakes.certificates import loopback_tls

Security = Literal["none", "starttls", "tls"]
REFUSED: Final = "550 5.1.1 No such mailbox here"
GREYLISTED: Final = "451 4.7.1 Greylisted, please try again later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One message with its envelope, in the order of arrival; `at` is aware, in UTC."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    at: datetime
    encrypted: bool
    user: str | None

    def text(self, subtype: str = "plain") -> str:
        """Return the plain part, or the html one."""
        part = self.message.get_body((subtype,))
        assert isinstance(part, EmailMessage)
        content: str = part.get_content()
        return content.replace("\r\n", "\n")


@dataclass(slots=True, kw_only=True)
class Orders:
    """How the server fails: for these addresses always, for these counts the next times."""

    refuse: set[str] = field(default_factory=set)
    greylist: int = 0
    drop_after_data: int = 0


class MailServer:
    """A server on a free loopback port, or on `port`; started and stopped by `async with`.

    With a `login` (user and password) it takes mail only after AUTH. `orders` may be changed at any
    time. A dropped message was taken: the answer is what is lost.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        security: Security = "none",
        login: tuple[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.port = port
        self.mails: list[Received] = []
        self.orders = Orders()
        self.certificate: str | None = None
        self._security, self._login = security, login
        self._clock = clock or SystemClock()
        self._arrived = asyncio.Condition()
        self._talks: set[SMTP] = set()

    @property
    def url(self) -> str:
        """What `SMTP_URL` is set to."""
        scheme = "smtps" if self._security == "tls" else "smtp"
        login = ":".join(self._login) + "@" if self._login else ""
        return f"{scheme}://{login}127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many were ever opened."""
        return len(self._talks)

    @property
    def open_now(self) -> int:
        return sum(
            isinstance(talk.transport, asyncio.Transport) and not talk.transport.is_closing()
            for talk in self._talks
        )

    async def __aenter__(self) -> Self:
        self._tls = None
        if self._security != "none":
            self._tls, self.certificate = loopback_tls(self._clock)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._talk,
            "127.0.0.1",
            self.port,
            ssl=self._tls if self._security == "tls" else None,
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for talk in self._talks:
            _cut(talk)
        await self._server.wait_closed()
        await asyncio.sleep(0)  # lets each connection hear that it was closed

    async def arrived(self, count: int, *, within: float = 5) -> list[Received]:
        """Return the messages as soon as there are `count`, or raise `TimeoutError`."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: len(self.mails) >= count)
        return list(self.mails)

    def _talk(self) -> SMTP:
        starttls = self._security == "starttls"
        talk = SMTP(
            self,
            hostname="localhost",
            loop=asyncio.get_running_loop(),
            enable_SMTPUTF8=True,
            tls_context=self._tls if starttls else None,
            require_starttls=starttls,
            auth_require_tls=starttls,
            authenticator=self._authenticate if self._login else None,
        )
        self._talks.add(talk)
        return talk

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
        if given != self._login:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=self._login[0])

    async def handle_MAIL(  # noqa: N802 - aiosmtpd finds its hooks by these names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower() in self.orders.refuse:
            return REFUSED
        if self.orders.greylist:
            self.orders.greylist -= 1
            return GREYLISTED
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        async with self._arrived:
            self.mails.append(self._received(session, envelope, envelope.content))
            self._arrived.notify_all()
        if self.orders.drop_after_data:
            self.orders.drop_after_data -= 1
            _cut(server)
        return "250 2.0.0 Taken"

    def _received(self, session: Session, envelope: Envelope, content: bytes) -> Received:
        return Received(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            message=email.message_from_bytes(content, policy=email.policy.default),
            at=self._clock.now(),
            encrypted=session.ssl is not None or self._security == "tls",
            user=session.auth_data,
        )


def _cut(talk: SMTP) -> None:
    if isinstance(talk.transport, asyncio.Transport):
        talk.transport.abort()
