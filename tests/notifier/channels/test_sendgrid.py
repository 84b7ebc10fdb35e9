"""SendGrid: nothing is tracked, nothing personal is kept, and every answer has its meaning."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from sendgrid.helpers import mail as sdk
from yarl import URL

from services.notifier.channels import sendgrid_mail
from services.notifier.channels.mime import leaving
from services.notifier.channels.sendgrid_mail import SendGrid, asked_wait, meaning, payload
from services.notifier.domain.mail import Calendar
from services.notifier.domain.outcomes import AnswerLost, Failed, Outcome, Rest, Retry, Sent
from services.notifier.domain.states import Kind
from services.notifier.rendering.render import render
from shared.clock import HeldClock
from tests.conftest import NOW
from tests.fakes.ports import free_port
from tests.fakes.sendgrid_server import Behaviour
from tests.fakes.sendgrid_server import SendGrid as Server
from tests.notifier.channels.mails import DELIVERY, SENDER, STOP, mail
from tests.notifier.rendering.letters import letter


@pytest.fixture
async def server(clock: HeldClock) -> AsyncIterator[Server]:
    async with Server(clock=clock) as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


@pytest.fixture
def channel(server: Server, http: aiohttp.ClientSession, clock: HeldClock) -> SendGrid:
    return SendGrid(http, api=URL(server.url), key=server.key, sender=SENDER, clock=clock)


async def test_a_mail_is_taken_and_its_message_id_kept(channel: SendGrid, server: Server) -> None:
    outcome = await channel.send(mail())
    (taken,) = server.mails
    assert outcome == Sent(taken.message_id)
    assert taken.recipients == ["kim@clients.example"]


async def test_an_invitation_is_the_third_part(channel: SendGrid, server: Server) -> None:
    calendar = Calendar(method="REQUEST", content="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert isinstance(await channel.send(replace(mail(), calendar=calendar)), Sent)
    (taken,) = server.mails
    parts = taken.payload["content"]
    assert [part["type"] for part in parts] == ["text/plain", "text/html", "text/calendar"]
    assert parts[2]["value"] == calendar.content


@pytest.mark.parametrize("sandbox", [False, True])
@pytest.mark.parametrize("kind", tuple(Kind))
async def test_every_kind_of_tracking_is_off_and_only_the_delivery_is_named(
    kind: Kind, sandbox: bool
) -> None:
    words = render(letter(kind))
    carried = replace(mail(), subject=words.subject, text=words.text, html=words.html)
    built = payload(carried, sender=SENDER, sandbox=sandbox)
    tracking = built["tracking_settings"]
    assert {name: each["enable"] for name, each in tracking.items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
        "ganalytics": False,
    }
    assert tracking["click_tracking"]["enable_text"] is False
    (person,) = built["personalizations"]
    arguments = built.get("custom_args", {}) | person.get("custom_args", {})
    assert arguments == {"delivery": str(DELIVERY)}
    assert "categories" not in built
    assert "send_at" not in built
    assert json.dumps(built).count("kim@clients.example") == 1


@pytest.mark.parametrize("calendar", [None, Calendar(method="REQUEST", content="BEGIN:VCALENDAR")])
def test_a_payload_is_what_the_providers_own_library_makes_of_a_mail(
    calendar: Calendar | None,
) -> None:
    carried = replace(mail(), calendar=calendar)
    built = sdk.Mail(
        from_email=SENDER,
        to_emails=carried.to,
        subject=carried.subject,
        plain_text_content=carried.text,
        html_content=carried.html,
    )
    if calendar is not None:
        built.add_content(sdk.Content("text/calendar", calendar.content))
    built.header = [sdk.Header("Auto-Submitted", "auto-generated")]
    for name, value in leaving(carried).items():
        built.header = sdk.Header(name, value)
    built.custom_arg = sdk.CustomArg("delivery", str(DELIVERY))
    ours = payload(carried, sender=SENDER)
    del ours["tracking_settings"]  # of which the test above says all
    assert ours == built.get()


async def test_one_click_ends_such_mail(channel: SendGrid, server: Server) -> None:
    await channel.send(mail())
    await channel.send(replace(mail(), unsubscribe=None))
    with_a_link, without = (taken.payload["headers"] for taken in server.mails)
    assert with_a_link == {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{STOP}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert without == {"Auto-Submitted": "auto-generated"}


async def test_in_a_sandbox_mail_is_checked_and_none_delivered_and_the_name_says_so(
    server: Server, http: aiohttp.ClientSession, clock: HeldClock
) -> None:
    channel = SendGrid(
        http, api=URL(server.url), key=server.key, sender=SENDER, clock=clock, sandbox=True
    )
    assert await channel.send(mail()) == Sent("")
    assert server.mails == []
    assert channel.name == "sendgrid_sandbox"


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (Behaviour.UNAUTHORIZED, Rest("sendgrid_401", ours_to_mend=True)),
        (Behaviour.FORBIDDEN, Rest("sendgrid_403", ours_to_mend=True)),
        (Behaviour.TOO_MANY, Rest("sendgrid_429", timedelta(seconds=42))),
        (Behaviour.TOO_LARGE, Failed("sendgrid_413")),
        (Behaviour.ERROR, Retry("sendgrid_500")),
        (Behaviour.UNAVAILABLE, Retry("sendgrid_503")),
        (Behaviour.DROP, AnswerLost("no_answer_ServerDisconnectedError")),
    ],
)
async def test_each_answer_has_one_meaning(
    channel: SendGrid, server: Server, behaviour: Behaviour, outcome: Outcome
) -> None:
    server.behave(behaviour, times=1, retry_after=42)
    assert await channel.send(mail()) == outcome
    assert isinstance(await channel.send(mail()), Sent)


async def test_a_server_that_never_answers_may_have_taken_the_mail(
    server: Server, clock: HeldClock
) -> None:
    server.behave(Behaviour.HANG, times=1)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as http:
        channel = SendGrid(http, api=URL(server.url), key=server.key, sender=SENDER, clock=clock)
        assert await channel.send(mail()) == AnswerLost("no_answer_TimeoutError")
    assert len(server.mails) == 1


async def test_a_server_that_is_not_there_has_certainly_taken_nothing(
    http: aiohttp.ClientSession, clock: HeldClock
) -> None:
    nowhere = URL(f"http://127.0.0.1:{free_port()}")
    channel = SendGrid(http, api=nowhere, key="k", sender=SENDER, clock=clock)
    assert await channel.send(mail()) == Retry("unreachable_ClientConnectorError")


async def test_a_wrong_key_is_ours_to_mend(
    server: Server, http: aiohttp.ClientSession, clock: HeldClock
) -> None:
    channel = SendGrid(http, api=URL(server.url), key="wrong", sender=SENDER, clock=clock)
    assert await channel.send(mail()) == Rest("sendgrid_401", ours_to_mend=True)


@pytest.mark.parametrize("status", [400, 406, 413, 415, 422])
def test_what_is_wrong_with_the_mail_itself_is_final(status: int) -> None:
    assert meaning(status, {}, NOW) == Failed(f"sendgrid_{status}")


@pytest.mark.parametrize("status", [301, 404, 405, 408, 500, 502, 503, 504])
def test_what_is_wrong_with_us_or_with_them_is_not(status: int) -> None:
    assert meaning(status, {}, NOW) == Retry(f"sendgrid_{status}")


@pytest.mark.parametrize(("status", "ours_to_mend"), [(401, True), (403, True), (429, False)])
def test_what_every_other_mail_would_meet_too_rests_the_channel(
    status: int, ours_to_mend: bool
) -> None:
    assert meaning(status, {}, NOW) == Rest(f"sendgrid_{status}", ours_to_mend=ours_to_mend)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"Retry-After": "90"}, timedelta(seconds=90)),
        ({"Retry-After": "Mon, 23 Nov 2026 14:02:00 GMT"}, timedelta(minutes=2)),
        ({"Retry-After": "Mon, 23 Nov 2020 14:02:00 GMT"}, timedelta()),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "9" * 40}, None),
        ({"Retry-After": "9999999"}, timedelta(days=1)),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 30)}, timedelta(seconds=30)),
        ({"X-RateLimit-Reset": "never"}, None),
    ],
)
def test_a_wait_that_is_asked_for_is_read_from_either_header(
    headers: dict[str, str], wait: timedelta | None
) -> None:
    assert asked_wait(headers, NOW) == wait


def test_an_attempt_ends_while_its_lease_still_holds() -> None:
    assert sendgrid_mail.TIMEOUT.total is not None
    assert sendgrid_mail.TIMEOUT.total < 10


async def test_an_address_that_is_refused_is_told_from_a_mail_that_is(
    channel: SendGrid,
) -> None:
    refused = await channel.send(mail(to="kim@nowhere"))
    assert refused == Failed("recipient_refused_400", of_address=True)
    assert await channel.send(replace(mail(), html=" ", text="")) == Failed("sendgrid_400")
