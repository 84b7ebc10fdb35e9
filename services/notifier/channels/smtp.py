"""Mail over SMTP (RFC 5321), encrypted and verified, except on a loopback."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from dataclasses import dataclass, field
from typing import Final, Self

import aiosmtplib

from services.notifier.channels.mime import message
from services.notifier.channels.smtp_answers import (
    CLOSING,
    TOO_LARGE,
    NotEncrypted,
    SignInNotOffered,
    What,
    refused,
    unreached,
)
from services.notifier.channels.smtp_connections import (
    IDLE_SECONDS,
    MAILS_EACH,
    Connection,
    Connections,
)
from services.notifier.channels.smtp_line import Line, Relay, open_line, unverified
from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost, Outcome, Retry, Sent
from shared.clock import Clock

_RESET_SECONDS: Final = 1.0
_GO_ON: Final = 354
_LEADING_DOT: Final = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a connection is kept unused, and for how many mails; and how long one mail has.

    From its turn on it has `talk_seconds` until it is handed over. From then on the server has
    `answer_seconds`, since giving up would send it twice.
    """

    idle_seconds: float = IDLE_SECONDS
    mails_each: int = MAILS_EACH
    talk_seconds: float = 30.0
    answer_seconds: float = 600.0  # RFC 5321 section 4.5.3.2.6


@dataclass(slots=True, kw_only=True)
class _Letter:
    """A mail as it goes on the wire; `handed_over` once the answer is all that can be lost."""

    to: str
    message_id: str
    content: bytes
    handed_over: bool = False
    deadline: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))

    def has(self, seconds: float) -> None:
        self.deadline.reschedule(asyncio.get_running_loop().time() + seconds)


class _Stale(Exception):
    """A kept connection was ended by the server before it heard of this mail."""


class Smtp:
    """Keeps its connections between mails, inside `async with`; on leaving it says QUIT.

    Without TLS nothing is said to a server elsewhere: no downgrade.
    """

    name = "smtp"
    repeatable = False
    at_once = 8  # each is a connection, and relays allow few

    def __init__(
        self,
        relay: Relay,
        *,
        sender: str,
        clock: Clock,
        trust: ssl.SSLContext | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self._sender, self._clock, self._patience = sender, clock, patience
        trusted = unverified() if relay.is_here else trust or ssl.create_default_context()
        self._connections = Connections(
            lambda: open_line(relay, trusted),
            most=self.at_once,
            idle_seconds=patience.idle_seconds,
            mails_each=patience.mails_each,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.close()

    async def send(self, mail: Mail) -> Outcome:
        letter = self._letter(mail)
        try:
            async with self._connections.turn(), letter.deadline:
                letter.has(self._patience.talk_seconds)
                return await self._hand_over(letter)
        except aiosmtplib.SMTPResponseException as error:
            if letter.handed_over and not 400 <= error.code < 600:
                return AnswerLost(f"server_answered_{error.code}")
            return self._crowded(error) or refused(_what(error), error.code, error.message)
        except (
            aiosmtplib.SMTPException,
            OSError,
            ValueError,
            NotEncrypted,
            SignInNotOffered,
        ) as error:
            if letter.handed_over:
                return AnswerLost(f"smtp_{type(error).__name__}")
            return unreached(error)

    def _letter(self, mail: Mail) -> _Letter:
        """Return `mail` in seven bits, which every server takes (RFC 6152 asks before eight)."""
        built = message(mail, sender=self._sender, at=self._clock.now())
        content = built.as_bytes(policy=built.policy.clone(cte_type="7bit"))
        return _Letter(to=mail.to, message_id=str(built["Message-ID"]), content=content)

    def _crowded(self, error: aiosmtplib.SMTPResponseException) -> Retry | None:
        """A 421 in place of a greeting, while others are open, means: no more than those."""
        greeted = isinstance(error, aiosmtplib.SMTPConnectResponseError)
        if greeted and error.code == CLOSING and self._connections.others:
            return Retry("too_many_connections")
        return None

    async def _hand_over(self, letter: _Letter) -> Outcome:
        try:
            return await self._on_one(letter)
        except _Stale:
            self._connections.drop_idle()
            return await self._on_one(letter, fresh=True)

    async def _on_one(self, letter: _Letter, *, fresh: bool = False) -> Outcome:
        async with self._connections.lent(fresh=fresh) as connection:
            try:
                outcome = await self._talk(connection, letter)
            except aiosmtplib.SMTPResponseException as error:
                connection.certain = await _begin_anew(connection.line, error)
                raise
            connection.certain = True
            return outcome

    async def _talk(self, connection: Connection[Line], letter: _Letter) -> Outcome:
        """Say the dialogue for one mail, which has one recipient."""
        client, size = connection.line, len(letter.content)
        limit = client.esmtp_extensions.get("size", "")
        if limit.isdigit() and 0 < int(limit) < size:  # RFC 1870 section 4: 0 is no limit
            return TOO_LARGE
        options = [f"SIZE={size}"] if client.supports_extension("size") else []
        try:
            await client.mail(self._sender, options=options)
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPSenderRefused) as error:
            ended = not isinstance(error, aiosmtplib.SMTPSenderRefused) or error.code == CLOSING
            if connection.used_before and ended:
                raise _Stale from error
            raise
        await client.rcpt(letter.to)
        await _say_data(client, letter, self._patience.answer_seconds)
        return Sent(letter.message_id)


async def _say_data(client: Line, letter: _Letter, answer_seconds: float) -> None:
    """Hand the content over in two steps, as only the second leaves a doubt.

    The library's `data` is both in one.
    """
    answer = await client.execute_command(b"DATA")
    if answer.code != _GO_ON or client.protocol is None:
        raise aiosmtplib.SMTPDataError(answer.code, answer.message)
    # RFC 5321 section 4.5.2; nothing is awaited until the answer is waited for
    client.protocol.write(_LEADING_DOT.sub(b"..", letter.content) + b".\r\n")
    letter.handed_over = True
    letter.has(answer_seconds)
    answer = await client.protocol.read_response()
    if not 200 <= answer.code < 300:
        raise aiosmtplib.SMTPDataError(answer.code, answer.message)


async def _begin_anew(client: aiosmtplib.SMTP, error: aiosmtplib.SMTPResponseException) -> bool:
    """Give up the mail that was refused; say whether the connection is as good as before."""
    if error.code == CLOSING or not 400 <= error.code < 600:
        return False
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await client.rset(timeout=_RESET_SECONDS)
        return True
    return False


def _what(error: aiosmtplib.SMTPResponseException) -> What:
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return "sign_in"
        case aiosmtplib.SMTPSenderRefused():
            return "sender"
        case aiosmtplib.SMTPRecipientRefused():
            return "recipient"
        case aiosmtplib.SMTPDataError():
            return "message"
    return "server"
