"""Connections that are kept: few, never doubtful, and none longer than they are of use."""

from __future__ import annotations

import asyncio

import pytest

from services.notifier.channels.smtp import Patience, Smtp
from services.notifier.channels.smtp_line import Relay
from services.notifier.domain.outcomes import AnswerLost, Rest, Retry, Sent
from shared.clock import HeldClock
from tests.conftest import NOW
from tests.fakes.smtp_phases import DROP, SILENCE, Phase, PhasedServer
from tests.fakes.smtp_server import MailServer, Security
from tests.notifier.channels.mails import SENDER, mail

LOGIN = ("practice", "a password with spaces")
USUAL = Patience()


def channel(
    server: MailServer | PhasedServer,
    *,
    tls_first: bool = False,
    login: tuple[str, str] | None = None,
    patience: Patience = USUAL,
) -> Smtp:
    user, password = login or (None, None)
    relay = Relay(
        host="127.0.0.1", port=server.port, tls_first=tls_first, user=user, password=password
    )
    return Smtp(relay, sender=SENDER, clock=HeldClock(NOW), patience=patience)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
async def test_mails_one_after_another_use_one_connection(security: Security) -> None:
    login = None if security == "none" else LOGIN
    async with MailServer(security=security, login=login) as server:
        async with channel(server, tls_first=security == "tls", login=login) as smtp:
            for _ in range(20):
                assert isinstance(await smtp.send(mail()), Sent)
        assert len(server.mails) == 20
        assert server.connections == 1


async def test_mails_side_by_side_use_as_many_connections_as_are_allowed() -> None:
    async with MailServer() as server:
        async with channel(server) as smtp:
            for _ in range(3):
                outcomes = await asyncio.gather(*(smtp.send(mail()) for _ in range(20)))
                assert all(isinstance(outcome, Sent) for outcome in outcomes)
        assert len(server.mails) == 60
        assert server.connections == smtp.at_once


async def test_waiting_for_a_turn_is_none_of_the_time_that_a_mail_has() -> None:
    patience = Patience(talk_seconds=0.5)
    async with PhasedServer(at={"body": SILENCE}) as server:
        async with channel(server, patience=patience) as smtp:
            sending = [asyncio.create_task(smtp.send(mail())) for _ in range(smtp.at_once + 1)]
            await server.until(lambda: len(server.bodies) == smtp.at_once)
            await asyncio.sleep(2 * patience.talk_seconds)
            assert not any(task.done() for task in sending)
            server.let_go()
            outcomes = await asyncio.gather(*sending)
        assert all(isinstance(outcome, Sent) for outcome in outcomes)
        assert server.connections == smtp.at_once


async def test_none_is_open_once_the_channel_is_left_and_each_heard_quit() -> None:
    async with PhasedServer() as server:
        async with channel(server) as smtp:
            await asyncio.gather(*(smtp.send(mail()) for _ in range(3)))
            assert server.open_now == 3
        await server.until(lambda: server.open_now == 0)
        assert server.verbs().count("QUIT") == 3


async def test_a_server_that_does_not_answer_quit_holds_nobody_up() -> None:
    async with (
        PhasedServer(at={"QUIT": SILENCE}) as server,
        asyncio.timeout(3),
        channel(server) as smtp,
    ):
        await smtp.send(mail())


async def test_a_connection_that_idles_is_closed_with_a_goodbye() -> None:
    async with (
        PhasedServer() as server,
        channel(server, patience=Patience(idle_seconds=0.05)) as smtp,
    ):
        await smtp.send(mail())
        await server.until(lambda: server.open_now == 0)
        assert server.verbs()[-1] == "QUIT"
        assert isinstance(await smtp.send(mail()), Sent)
        assert server.connections == 2


async def test_a_connection_carries_only_so_many_mails() -> None:
    async with MailServer() as server:
        async with channel(server, patience=Patience(mails_each=5)) as smtp:
            for _ in range(12):
                await smtp.send(mail())
        assert len(server.mails) == 12
        assert server.connections == 3


@pytest.mark.parametrize("while_idle", [True, False])
async def test_a_connection_that_the_server_ended_costs_no_mail_its_attempt(
    while_idle: bool,
) -> None:
    async with PhasedServer(mails_each=1, while_idle=while_idle) as server:
        async with channel(server) as smtp:
            for _ in range(3):
                assert isinstance(await smtp.send(mail()), Sent)
        assert len(server.bodies) == 3
        assert server.connections == 3


async def test_a_kept_connection_that_drops_at_mail_is_replaced_once() -> None:
    async with PhasedServer() as server, channel(server) as smtp:
        await smtp.send(mail())
        server.at["MAIL"] = DROP
        assert await smtp.send(mail()) == Retry("smtp_SMTPServerDisconnected")
        assert server.connections == 2


@pytest.mark.parametrize("phase", ["RCPT", "DATA", "body"])
async def test_what_drops_later_is_not_said_again_at_once(phase: Phase) -> None:
    async with PhasedServer() as server, channel(server) as smtp:
        await smtp.send(mail())
        server.at[phase] = DROP
        outcome = await smtp.send(mail())
        assert isinstance(outcome, AnswerLost if phase == "body" else Retry)
        assert server.connections == 1


async def test_a_mail_that_was_given_up_in_the_middle_takes_its_connection_along() -> None:
    async with PhasedServer(at={"body": SILENCE}) as server, channel(server) as smtp:
        given_up = asyncio.create_task(smtp.send(mail()))
        await server.until(lambda: len(server.bodies) == 1)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        server.at.clear()
        assert isinstance(await smtp.send(mail()), Sent)
        assert server.connections == 2
        assert "QUIT" not in server.verbs()


async def test_a_server_that_takes_fewer_connections_does_not_make_all_rest() -> None:
    async with PhasedServer(at={"RCPT": SILENCE}) as server, channel(server) as smtp:
        first = asyncio.create_task(smtp.send(mail()))
        await server.until(lambda: "RCPT" in server.verbs())
        server.at["greeting"] = "421 4.7.0 too many connections"
        assert await smtp.send(mail()) == Retry("too_many_connections")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert await smtp.send(mail()) == Rest("server_answered_421")
