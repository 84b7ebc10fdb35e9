"""Whatever people are called, and whoever is refused: each hears, and nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from email.message import EmailMessage
from typing import Any, Final

import aiohttp
import pytest
from yarl import URL

from services.notifier.channels.mime import message_id
from services.notifier.channels.port import Channel
from services.notifier.channels.sendgrid_mail import SendGrid
from services.notifier.channels.smtp import Smtp
from services.notifier.channels.smtp_line import Relay
from services.notifier.domain.mail import Mail
from services.notifier.domain.names import Letterhead
from services.notifier.domain.outcomes import Sent
from services.notifier.domain.states import Kind
from shared.clock import HeldClock
from shared.store.database import Database
from tests.cast import ANA_ID, KIM_ID, LEE_ID
from tests.fakes.sendgrid_server import SendGrid as SendGridServer
from tests.fakes.sendgrid_server import Taken
from tests.fakes.smtp_server import MailServer, Received
from tests.notifier.diary import DAY, HOUR, THURSDAY, booked, client, session
from tests.notifier.season import ADDRESSES, play
from tests.notifier.stage import LETTERHEAD, Before, Stage

SIGNED: Final = Letterhead(address=LETTERHEAD.address, practice="Hudson Psychology")
BAD_ADDRESS: Final = "not an address\r\nBcc: everyone@x.example"
ALWAYS: Final = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
}
LEAVING: Final = {"List-Unsubscribe", "List-Unsubscribe-Post"}
NAMES: Final = [
    "x" * 10_000,
    "Kim\r\nBcc: everyone@x.example\r\n\r\nHello",
    "كيم بارك",
    "\u202ekraP miK\u2066",
    "<img src=x onerror=alert(1)>{{ dates }}",
    "Kim\x00Park, <everyone@x.example>; =?utf-8?q?Bcc:?=",
    "",
]


class Carriers:
    """The channels that reach others, each with a server that keeps what it takes."""

    def __init__(self, mailbox: MailServer, account: SendGridServer, by_name: dict[str, Channel]):
        self.mailbox, self.account, self.by_name = mailbox, account, by_name

    def carry(self, stage: Stage, *names: str) -> Before:
        """Hand each mail to the channels of these names as well; the last answers for all."""

        async def hand_over(mail: Mail) -> None:
            outcomes = [await self.by_name[name].send(mail) for name in names]
            stage.channel.answers.append(outcomes[-1])

        return hand_over

    def reached(self, name: str) -> list[str]:
        """Return whom the server of this channel took mail for, one after another."""
        if name == "smtp":
            return [to for each in self.mailbox.mails for to in each.recipients]
        return [to for each in self.account.mails for to in each.recipients]


@pytest.fixture
async def carriers(clock: HeldClock) -> AsyncIterator[Carriers]:
    async with AsyncExitStack() as stack:
        mailbox = await stack.enter_async_context(MailServer(clock=clock))
        account = await stack.enter_async_context(SendGridServer(clock=clock))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        relay = Relay(host="127.0.0.1", port=mailbox.port, tls_first=False)
        smtp = Smtp(relay, sender=LETTERHEAD.address, clock=clock)
        sendgrid = SendGrid(
            http, api=URL(account.url), key=account.key, sender=LETTERHEAD.address, clock=clock
        )
        await stack.enter_async_context(smtp)
        yield Carriers(mailbox, account, {"smtp": smtp, "sendgrid": sendgrid})


def stands_alone(received: Received, mail: Mail) -> None:
    """Hold that a mail came to its reader alone, with the headers that every mail has."""
    message: EmailMessage = received.message
    assert received.recipients == (mail.to,)
    assert received.sender == LETTERHEAD.address
    assert sorted(message.keys()) == sorted(ALWAYS | (LEAVING if mail.unsubscribe else set()))
    assert [each.addr_spec for each in message["To"].addresses] == [mail.to]
    assert [each.addr_spec for each in message["From"].addresses] == [LETTERHEAD.address]
    assert message["Subject"] == mail.subject
    assert message.defects == []


def is_for_one(taken: Taken, mail: Mail) -> None:
    payload: dict[str, Any] = taken.payload
    assert payload["personalizations"] == [{"to": [{"email": mail.to}]}]
    assert payload["from"] == {"email": LETTERHEAD.address}
    assert set(payload["headers"]) == {"Auto-Submitted"} | (LEAVING if mail.unsubscribe else set())
    assert payload["subject"] == mail.subject


@pytest.mark.parametrize("name", NAMES)
async def test_whatever_people_are_called_each_hears_and_nobody_else(
    database: Database, clock: HeldClock, carriers: Carriers, name: str
) -> None:
    stage = Stage(database, clock, letterhead=SIGNED)
    stage.channel.before = carriers.carry(stage, "sendgrid", "smtp")
    sent = await play(stage, name=name, invitations=True)
    assert set(sent) == set(Kind)
    received = {str(each.message["Message-ID"]): each for each in carriers.mailbox.mails}
    taken = {each.payload["custom_args"]["delivery"]: each for each in carriers.account.mails}
    for mail in stage.channel.sent:
        assert mail.to in ADDRESSES
        assert "<img" not in mail.html
        stands_alone(received[message_id(mail, sender=LETTERHEAD.address)], mail)
        is_for_one(taken[str(mail.delivery_id)], mail)
    assert len(carriers.mailbox.mails) == len(carriers.account.mails) == len(stage.channel.sent)


@pytest.mark.parametrize(
    ("name", "kims", "reason"),
    [
        ("smtp", "kim@clients.example", "recipient_refused_550"),
        ("sendgrid", "kim@clients", "recipient_refused_400"),
    ],
)
async def test_who_is_refused_gets_nothing_and_everyone_else_theirs(
    stage: Stage, carriers: Carriers, name: str, kims: str, reason: str
) -> None:
    carriers.mailbox.orders.refuse.add(kims)
    stage.channel.before = carriers.carry(stage, name)
    await stage.tell(client(email=kims), client(ANA_ID), client(LEE_ID, email=BAD_ADDRESS))
    for when in (THURSDAY, THURSDAY + DAY):
        people = [KIM_ID, ANA_ID, LEE_ID]
        times = [(when + n * HOUR, who) for n, who in enumerate(people)]
        await stage.tell(*(booked(session(at, clients=(who,))) for at, who in times))
        await stage.sent_after_grace()
    assert Counter(await stage.states("confirmation")) == {
        ("sent", None): 2,
        ("failed", "bad_address"): 2,
        ("failed", reason): 1,
        ("skipped", "address_stopped"): 1,
    }
    assert carriers.reached(name) == ["ana@clients.example"] * 2
    assert isinstance(await carriers.by_name[name].send(stage.channel.sent[-1]), Sent)
