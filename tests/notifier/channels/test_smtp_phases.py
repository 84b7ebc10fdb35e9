"""SMTP that fails at each phase: what comes of the mail, and that nothing is said too early."""

from __future__ import annotations

import ssl

import pytest

from services.notifier.channels.smtp import Patience, Smtp
from services.notifier.channels.smtp_line import Relay
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Rest, Retry, Sent
from shared.clock import HeldClock
from tests.conftest import NOW
from tests.fakes.certificates import loopback_tls
from tests.fakes.smtp_phases import DROP, SILENCE, Phase, PhasedServer
from tests.notifier.channels.mails import SENDER, mail

USUAL = Patience()


def channel(
    server: PhasedServer,
    *,
    host: str = "127.0.0.1",
    trust: ssl.SSLContext | None = None,
    patience: Patience = USUAL,
    login: bool = True,
) -> Smtp:
    user, password = ("practice", "word") if login else (None, None)
    relay = Relay(host=host, port=server.port, tls_first=False, user=user, password=password)
    return Smtp(relay, sender=SENDER, clock=HeldClock(NOW), trust=trust, patience=patience)


def elsewhere(server: PhasedServer, certificate: str | None = None, *, login: bool = True) -> Smtp:
    """Lead to this machine by a name that is not known as a loopback."""
    trust = ssl.create_default_context(cadata=certificate)
    trust.check_hostname = False  # the certificate names the loopback
    return channel(server, host="0.0.0.0", trust=trust, login=login)


def ours(reason: str) -> Rest:
    return Rest(reason, ours_to_mend=True)


LOST_CONTACT = Retry("smtp_SMTPServerDisconnected")


@pytest.mark.parametrize(
    ("phase", "said", "outcome"),
    [
        ("greeting", DROP, Retry("smtp_SMTPConnectError")),
        ("greeting", "421 4.3.2 closing", Rest("server_answered_421")),
        ("greeting", "450 4.7.1 slow down", Rest("server_answered_450")),
        ("greeting", "554 5.7.1 not from you", ours("server_answered_554")),
        ("EHLO", DROP, LOST_CONTACT),
        ("EHLO", "421 4.3.2 closing", Rest("server_answered_421")),
        ("EHLO", "550 5.7.1 not from you", ours("server_answered_550")),
        ("STARTTLS", DROP, LOST_CONTACT),
        ("STARTTLS", "454 4.7.0 not now", Rest("server_answered_454")),
        ("STARTTLS", "501 5.5.4 no", ours("server_answered_501")),
        ("AUTH", DROP, LOST_CONTACT),
        ("AUTH", "421 4.3.2 closing", Rest("server_answered_421")),
        ("AUTH", "454 4.7.0 not now", Rest("sign_in_refused_454")),
        ("AUTH", "535 5.7.8 wrong", ours("sign_in_refused_535")),
        ("MAIL", DROP, LOST_CONTACT),
        ("MAIL", "421 4.3.2 closing", Rest("server_answered_421")),
        ("MAIL", "451 4.3.0 a moment", Retry("sender_refused_451")),
        ("MAIL", "450 4.7.1 too many an hour", Rest("sender_refused_450")),
        ("MAIL", "552 5.3.4 too big", Failed("too_large")),
        ("MAIL", "550 5.7.1 not yours", ours("sender_refused_550")),
        ("RCPT", DROP, LOST_CONTACT),
        ("RCPT", "421 4.3.2 closing", Rest("server_answered_421")),
        ("RCPT", "451 4.7.1 greylisted", Retry("recipient_deferred_451")),
        ("RCPT", "550 5.1.1 nobody", Failed("recipient_refused_550", of_address=True)),
        ("RCPT", "552 5.2.3 too long for it", Failed("too_large")),
        ("RCPT", "552 5.2.2 mailbox full", Failed("recipient_refused_552")),
        ("RCPT", "530 5.7.0 sign in first", ours("not_let_in_530")),
        ("DATA", DROP, LOST_CONTACT),
        ("DATA", "421 4.3.2 closing", Rest("server_answered_421")),
        ("DATA", "451 4.3.0 a moment", Retry("server_answered_451")),
        ("DATA", "554 5.5.1 no", Failed("message_refused_554")),
        ("DATA", "250 what", Retry("server_answered_250")),
        ("DATA", "503 5.5.1 MAIL first", ours("not_let_in_503")),
        ("body", DROP, AnswerLost("smtp_SMTPServerDisconnected")),
        ("body", "what", AnswerLost("server_answered_-1")),
        ("body", "354 go on", AnswerLost("server_answered_354")),
        ("body", "421 4.3.2 closing", Rest("server_answered_421")),
        ("body", "451 4.7.1 looked at it", Retry("server_answered_451")),
        ("body", "552 5.3.4 too big", Failed("too_large")),
        ("body", "554 5.6.0 no", Failed("message_refused_554")),
        ("body", "554 5.7.1 looks like spam", Failed("message_refused_554")),
        ("body", "550 5.7.26 neither SPF nor DKIM", ours("not_let_in_550")),
    ],
)
async def test_only_an_answer_to_the_body_can_be_lost(
    phase: Phase, said: str, outcome: Outcome
) -> None:
    tls, _ = loopback_tls()
    async with PhasedServer(at={phase: said}, offers=("AUTH PLAIN",), tls=tls) as server:
        async with channel(server) as smtp:
            assert await smtp.send(mail()) == outcome
        assert len(server.bodies) == (phase == "body")
        assert server.connections == 1


@pytest.mark.parametrize(
    "phase", ["greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body"]
)
async def test_of_a_server_that_falls_silent_only_an_answer_to_the_body_is_lost(
    phase: Phase,
) -> None:
    tls, _ = loopback_tls()
    soon = Patience(answer_seconds=0.05) if phase == "body" else Patience(talk_seconds=0.5)
    async with PhasedServer(at={phase: SILENCE}, offers=("AUTH PLAIN",), tls=tls) as server:
        async with channel(server, patience=soon) as smtp:
            lost = phase == "body"
            silent = (AnswerLost if lost else Retry)("smtp_TimeoutError")
            assert await smtp.send(mail()) == silent
            assert server.connections == 1
        assert server.verbs()[-1:] == {"greeting": [], "body": ["DATA"]}.get(phase, [phase])
        assert len(server.bodies) == lost


METHODS = ["AUTH PLAIN", "AUTH PLAIN LOGIN", "AUTH CRAM-MD5 PLAIN LOGIN"]


@pytest.mark.parametrize("offered", METHODS)
@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("421 4.3.2 closing", Rest("server_answered_421")),
        ("454 4.7.0 not now", Rest("sign_in_refused_454")),
        ("535 5.7.8 wrong", ours("sign_in_refused_535")),
        ("530 5.7.0 TLS first", ours("sign_in_refused_530")),
    ],
)
async def test_a_sign_in_that_is_refused_is_not_said_again_another_way(
    offered: str, said: str, outcome: Outcome
) -> None:
    async with PhasedServer(at={"AUTH": said}, offers=(offered,)) as server:
        async with channel(server) as smtp:
            assert await smtp.send(mail()) == outcome
        assert server.verbs() == ["EHLO", "AUTH"]


@pytest.mark.parametrize("offered", METHODS)
@pytest.mark.parametrize("code", [504, 534])
async def test_a_way_to_sign_in_that_is_not_taken_is_followed_by_the_next(
    offered: str, code: int
) -> None:
    ways = offered.split(" ")[1:]
    async with PhasedServer(at={"AUTH": f"{code} another way"}, offers=(offered,)) as server:
        async with channel(server) as smtp:
            assert await smtp.send(mail()) == ours(f"sign_in_refused_{code}")
        said = [line.split(" ")[:2] for line in server.heard[1:]]
        assert said == [["AUTH", way] for way in ways]


@pytest.mark.parametrize("said", ["500 what", "501 no", "502 5.5.1 not implemented"])
async def test_a_server_that_knows_no_ehlo_hears_helo_where_that_is_enough(said: str) -> None:
    async with PhasedServer(at={"EHLO": said}) as server:
        async with channel(server, login=False) as smtp:
            assert isinstance(await smtp.send(mail()), Sent)
        assert server.verbs()[:3] == ["EHLO", "HELO", "MAIL"]
        async with channel(server) as smtp:
            assert await smtp.send(mail()) == ours(f"server_answered_{said[:3]}")
        async with elsewhere(server, login=False) as smtp:
            assert await smtp.send(mail()) == ours("tls_not_offered")
        assert server.verbs().count("MAIL") == 1


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (DROP, LOST_CONTACT),
        ("421 4.3.2 closing", Rest("server_answered_421")),
        ("550 5.7.1 not from you", ours("server_answered_550")),
    ],
)
async def test_a_server_that_refuses_both_greetings_gets_no_mail(
    said: str, outcome: Outcome
) -> None:
    async with (
        PhasedServer(at={"EHLO": "502 what", "HELO": said}) as server,
        channel(server, login=False) as smtp,
    ):
        assert await smtp.send(mail()) == outcome


async def test_a_drop_after_quit_changes_nothing() -> None:
    async with PhasedServer(at={"QUIT": DROP}, offers=("AUTH PLAIN",)) as server:
        async with channel(server) as smtp:
            assert isinstance(await smtp.send(mail()), Sent)
        assert server.verbs()[-1] == "QUIT"


async def test_what_is_refused_at_its_turn_leaves_the_connection_for_the_next_mail() -> None:
    async with PhasedServer(at={"RCPT": "550 5.1.1 nobody"}, offers=("AUTH PLAIN",)) as server:
        async with channel(server) as smtp:
            await smtp.send(mail())
            server.at.clear()
            assert isinstance(await smtp.send(mail()), Sent)
        assert server.connections == 1
        assert server.verbs().count("RSET") == 1


async def test_a_mail_beyond_the_size_that_is_offered_is_not_sent() -> None:
    async with PhasedServer(offers=("AUTH PLAIN", "SIZE 900")) as server:
        async with channel(server) as smtp:
            assert await smtp.send(mail()) == Failed("too_large")
        assert "MAIL" not in server.verbs()


@pytest.mark.parametrize("offered", ["SIZE", "SIZE 0", "SIZE 100000"])
async def test_the_size_is_said_to_whom_it_matters(offered: str) -> None:
    async with PhasedServer(offers=("AUTH PLAIN", offered)) as server:
        async with channel(server) as smtp:
            await smtp.send(mail())
        [said] = [line for line in server.heard if line.startswith("MAIL")]
        assert said == f"MAIL FROM:<{SENDER}> SIZE={len(server.bodies[0])}"


async def test_a_server_that_was_promised_no_eight_bits_gets_seven() -> None:
    async with PhasedServer(offers=("AUTH PLAIN",)) as server:
        async with channel(server) as smtp:
            await smtp.send(mail(text="Mañana a las tres, señora.\n"))
        assert server.bodies[0].isascii()


async def test_a_line_that_begins_with_a_dot_ends_no_mail() -> None:
    async with PhasedServer(offers=("AUTH PLAIN",)) as server:
        async with channel(server) as smtp:
            await smtp.send(mail(text="Before\n.\n.after\n"))
        assert b"Before\r\n..\r\n..after\r\n" in server.bodies[0]


async def test_a_server_elsewhere_that_offers_no_tls_hears_nothing_of_us() -> None:
    async with PhasedServer(offers=("AUTH PLAIN",)) as server:
        async with elsewhere(server) as smtp:
            assert await smtp.send(mail()) == ours("tls_not_offered")
        assert server.verbs() == ["EHLO"]


@pytest.mark.parametrize("said", ["454 4.7.0 not now", "501 5.5.4 no", DROP])
async def test_a_server_elsewhere_that_takes_its_offer_back_hears_nothing_of_us(said: str) -> None:
    tls, certificate = loopback_tls()
    async with PhasedServer(at={"STARTTLS": said}, offers=("AUTH PLAIN",), tls=tls) as server:
        async with elsewhere(server, certificate) as smtp:
            assert isinstance(await smtp.send(mail()), Rest | Retry)
        assert server.verbs() == ["EHLO", "STARTTLS"]


async def test_a_server_elsewhere_whose_certificate_does_not_hold_hears_nothing_of_us() -> None:
    tls, _ = loopback_tls()
    async with PhasedServer(offers=("AUTH PLAIN",), tls=tls) as server:
        async with elsewhere(server) as smtp:
            assert await smtp.send(mail()) == ours("tls_failed")
        assert server.verbs() == ["EHLO", "STARTTLS"]


async def test_what_was_said_before_the_handshake_is_not_believed_after_it() -> None:
    tls, certificate = loopback_tls()
    injected = b"250-evil.example\r\n250 SIZE 1\r\n"
    async with PhasedServer(offers=("AUTH PLAIN",), tls=tls, injected=injected) as server:
        async with elsewhere(server, certificate) as smtp:
            assert isinstance(await smtp.send(mail()), Sent)
        assert server.verbs()[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]


async def test_a_password_is_kept_from_a_server_that_asks_for_none() -> None:
    async with PhasedServer(offers=("SIZE",)) as server:
        async with channel(server) as smtp:
            assert await smtp.send(mail()) == ours("sign_in_not_offered")
        assert server.verbs() == ["EHLO"]
