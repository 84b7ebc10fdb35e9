"""The local mail server keeps what it takes, and fails in each way it is told to."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.message import EmailMessage

import aiosmtplib
import pytest

from shared.clock import HeldClock
from tests.fakes.smtp_server import MailServer, Security

NOON = datetime(2027, 2, 16, 17, tzinfo=UTC)
KIM, ANA = "kim@clients.example", "ana@clients.example"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer(clock=HeldClock(NOON)) as running:
        yield running


def _mail(*to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hour@practice.example", ", ".join(to), "Your hour"
    mail.set_content("Martes a las 3, señora.\n")
    mail.add_alternative("<p>Martes</p>", subtype="html")
    return mail


async def _send(server: MailServer, *to: str) -> None:
    await aiosmtplib.send(_mail(*to), hostname="127.0.0.1", port=server.port, start_tls=False)


async def test_a_message_is_kept_with_its_envelope(server: MailServer) -> None:
    await _send(server, KIM)
    [mail] = await server.arrived(1)
    assert (mail.sender, mail.recipients, mail.at) == ("hour@practice.example", (KIM,), NOON)
    assert (mail.message["Subject"], mail.text()) == ("Your hour", "Martes a las 3, señora.\n")
    assert (mail.text("html"), mail.encrypted, mail.user) == ("<p>Martes</p>\n", False, None)


async def test_a_refused_recipient_is_refused_for_good(server: MailServer) -> None:
    server.orders.refuse.add(ANA)
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await _send(server, ANA)
    assert refused.value.recipients[0].code == 550
    await _send(server, KIM)
    assert [mail.recipients for mail in server.mails] == [(KIM,)]


async def test_greylisting_lets_the_second_try_through(server: MailServer) -> None:
    server.orders.greylist = 1
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await _send(server, KIM)
    assert (refused.value.recipients[0].code, server.mails) == (451, [])
    await _send(server, KIM)
    assert len(server.mails) == 1


async def test_a_connection_is_dropped_with_the_message_taken(server: MailServer) -> None:
    server.orders.drop_after_data = 1
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await _send(server, KIM)
    assert len(server.mails) == 1
    await _send(server, KIM)
    assert len(server.mails) == 2


async def test_it_takes_mail_only_after_the_right_login() -> None:
    async with MailServer(login=("practice", "right")) as server:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=server.port, start_tls=False)
        async with client:
            with pytest.raises(aiosmtplib.SMTPException):
                await client.send_message(_mail(KIM))
            with pytest.raises(aiosmtplib.SMTPAuthenticationError):
                await client.login("practice", "wrong")
            await client.login("practice", "right")
            await client.send_message(_mail(KIM))
    assert [mail.user for mail in server.mails] == ["practice"]
    assert server.url == f"smtp://practice:right@127.0.0.1:{server.port}"


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_it_speaks_tls_with_a_certificate_of_its_own(security: Security) -> None:
    async with MailServer(security=security, login=("practice", "right")) as server:
        trusting = ssl.create_default_context(cadata=server.certificate)
        await aiosmtplib.send(
            _mail(KIM),
            hostname="127.0.0.1",
            port=server.port,
            username="practice",
            password="right",
            start_tls=security == "starttls",
            use_tls=security == "tls",
            tls_context=trusting,
        )
    assert [(mail.encrypted, mail.user) for mail in server.mails] == [(True, "practice")]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_client_that_verifies_does_not_trust_it(security: Security) -> None:
    async with MailServer(security=security) as server:
        client = aiosmtplib.SMTP(
            hostname="127.0.0.1",
            port=server.port,
            start_tls=security == "starttls",
            use_tls=security == "tls",
        )
        with pytest.raises((aiosmtplib.SMTPException, ssl.SSLError)):
            await client.connect()
    assert server.mails == []


async def test_without_tls_a_server_that_asks_for_it_takes_nothing() -> None:
    async with MailServer(security="starttls") as server:
        with pytest.raises(aiosmtplib.SMTPException):
            await _send(server, KIM)
    assert server.mails == []


async def test_it_stops_with_a_client_still_connected() -> None:
    async with MailServer() as server:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=server.port, start_tls=False)
        await client.connect()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.noop()
