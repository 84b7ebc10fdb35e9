"""SMTP against a real server: what is final, what is not, and what nobody can know."""

from __future__ import annotations

import ssl

import pytest

from services.notifier.channels.smtp import Smtp
from services.notifier.channels.smtp_line import Relay
from services.notifier.domain.outcomes import AnswerLost, Failed, Rest, Retry, Sent
from shared.clock import HeldClock
from tests.conftest import NOW
from tests.fakes.ports import free_port
from tests.fakes.smtp_server import MailServer, Security
from tests.notifier.channels.mails import DELIVERY, LINK, SENDER, mail

LOGIN = ("practice", "a password with spaces")


def channel(server: MailServer, *, tls_first: bool = False, login: bool = False) -> Smtp:
    user, password = LOGIN if login else (None, None)
    relay = Relay(
        host="127.0.0.1", port=server.port, tls_first=tls_first, user=user, password=password
    )
    return Smtp(relay, sender=SENDER, clock=HeldClock(NOW))


async def test_a_mail_arrives_as_it_was_written() -> None:
    async with MailServer() as server:
        assert await channel(server).send(mail()) == Sent(f"<{DELIVERY}@hour.example>")
        (received,) = server.mails
    assert received.sender == SENDER
    assert received.recipients == ("kim@clients.example",)
    assert LINK in received.text()
    assert LINK in received.text("html")


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_it_signs_in_over_tls(security: Security) -> None:
    async with MailServer(security=security, login=LOGIN) as server:
        outcome = await channel(server, tls_first=security == "tls", login=True).send(mail())
        (received,) = server.mails
    assert isinstance(outcome, Sent)
    assert received.encrypted
    assert received.user == LOGIN[0]


async def test_a_refused_recipient_is_final_and_a_deferred_one_is_not() -> None:
    async with MailServer() as server:
        server.orders.refuse.add("kim@clients.example")
        assert await channel(server).send(mail()) == Failed(
            "recipient_refused_550", of_address=True
        )
        server.orders.refuse.clear()
        server.orders.greylist = 1
        assert await channel(server).send(mail()) == Retry("recipient_deferred_451")
        assert isinstance(await channel(server).send(mail()), Sent)


async def test_a_connection_lost_after_the_data_may_have_delivered() -> None:
    async with MailServer() as server:
        server.orders.drop_after_data = 1
        outcome = await channel(server).send(mail())
        assert isinstance(outcome, AnswerLost)
        assert len(server.mails) == 1


async def test_a_server_that_is_not_there_has_certainly_taken_nothing() -> None:
    relay = Relay(host="127.0.0.1", port=free_port(), tls_first=False)
    outcome = await Smtp(relay, sender=SENDER, clock=HeldClock(NOW)).send(mail())
    assert isinstance(outcome, Retry)


async def test_a_wrong_password_is_ours_to_mend() -> None:
    async with MailServer(security="starttls", login=("practice", "another")) as server:
        outcome = await channel(server, login=True).send(mail())
        assert outcome == Rest("sign_in_refused_535", ours_to_mend=True)
        assert server.mails == []


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
async def test_a_server_elsewhere_gets_nothing_without_a_certificate_that_holds(
    security: Security,
) -> None:
    async with MailServer(security=security) as server:
        # Leads to this machine, and is not known as a loopback.
        relay = Relay(host="0.0.0.0", port=server.port, tls_first=security == "tls")
        outcome = await Smtp(relay, sender=SENDER, clock=HeldClock(NOW)).send(mail())
        assert isinstance(outcome, Rest)
        assert outcome.ours_to_mend
        assert server.mails == []


async def test_a_server_elsewhere_with_a_certificate_that_holds_is_trusted() -> None:
    async with MailServer(security="starttls") as server:
        trust = ssl.create_default_context(cadata=server.certificate)
        trust.check_hostname = False  # the certificate names the loopback
        relay = Relay(host="0.0.0.0", port=server.port, tls_first=False)
        channel = Smtp(relay, sender=SENDER, clock=HeldClock(NOW), trust=trust)
        assert isinstance(await channel.send(mail()), Sent)
        assert server.mails[0].encrypted
