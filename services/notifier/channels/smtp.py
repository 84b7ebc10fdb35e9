"""Mail over SMTP (RFC 5321), encrypted and verified, except on a loopback."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from typing import Final

import aiosmtplib

from services.notifier.channels.mime import message
from services.notifier.channels.port import SEND_SECONDS
from services.notifier.domain.loopback import is_loopback
from services.notifier.domain.mail import Mail
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Retry, Sent
from shared.clock import Clock

_GOODBYE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The server that takes our mail; `tls_first` is implicit TLS, as on port 465."""

    host: str
    port: int
    tls_first: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class Smtp:
    """One connection a mail. Without TLS nothing is said to a server elsewhere: no downgrade."""

    name = "smtp"
    repeatable = False
    at_once = 8  # each is a connection, and relays allow few

    def __init__(
        self, relay: Relay, *, sender: str, clock: Clock, trust: ssl.SSLContext | None = None
    ) -> None:
        self._relay, self._sender, self._clock = relay, sender, clock
        self._trust = trust or ssl.create_default_context()

    async def send(self, mail: Mail) -> Outcome:
        client, handed_over = self._client(), asyncio.Event()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._talk(client, mail, handed_over)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _recipient(error.recipients[0])
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            reason = f"smtp_{type(error).__name__}"
            return AnswerLost(reason) if handed_over.is_set() else Retry(reason)
        finally:
            await _part(client)

    async def _talk(
        self, client: aiosmtplib.SMTP, mail: Mail, handed_over: asyncio.Event
    ) -> Outcome:
        """Say the whole dialogue; `handed_over` is set once the answer is all that can be lost."""
        built = message(mail, sender=self._sender, at=self._clock.now())
        await client.connect()
        if self._relay.user is not None:
            await client.login(self._relay.user, self._relay.password or "")
        await client.mail(self._sender)
        await client.rcpt(mail.to)
        handed_over.set()
        await client.data(bytes(built))
        return Sent(str(built["Message-ID"]))

    def _client(self) -> aiosmtplib.SMTP:
        relay = self._relay
        starttls = None if is_loopback(relay.host) else True  # None: if the server offers it
        return aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            timeout=SEND_SECONDS,
            use_tls=relay.tls_first,
            start_tls=False if relay.tls_first else starttls,
            tls_context=_unverified() if is_loopback(relay.host) else self._trust,
        )


async def _part(client: aiosmtplib.SMTP) -> None:
    """Say QUIT (RFC 5321 section 4.1.1.10); the mail is settled, whatever is answered."""
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        if client.is_connected:
            await client.quit(timeout=_GOODBYE_SECONDS)
    client.close()


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _refused(error: aiosmtplib.SMTPResponseException) -> Outcome:
    """Map an answer's code: what it says of this mail is final, what it says of us is not."""
    match error:
        case aiosmtplib.SMTPRecipientRefused():
            return _recipient(error)
        case aiosmtplib.SMTPDataError() if error.code >= 500:  # RFC 5321 section 4.2.1
            return Failed(f"message_refused_{error.code}")
        case aiosmtplib.SMTPAuthenticationError():
            return Retry(f"sign_in_refused_{error.code}")
        case aiosmtplib.SMTPSenderRefused():
            return Retry(f"sender_refused_{error.code}")
    return Retry(f"server_answered_{error.code}")


def _recipient(refused: aiosmtplib.SMTPRecipientRefused) -> Outcome:
    if refused.code >= 500:  # RFC 5321 section 4.2.1: 5yz is permanent
        return Failed(f"recipient_refused_{refused.code}", of_address=True)
    return Retry(f"recipient_deferred_{refused.code}")
