"""`/mailbox`: open on this machine alone, else for the admin; nothing but mails in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest

from services.notifier.channels.maildir import Maildir
from services.notifier.channels.smtp_line import Relay
from services.notifier.settings import Settings, SmtpSettings
from shared.clock import HeldClock
from tests.notifier.api.running import ADMIN, SERVICE, Client, running, settings
from tests.notifier.channels.mails import DELIVERY, LINK, SENDER, mail
from tests.shared.diary import ADMIN_KEY


@pytest.fixture
async def local(tmp_path: Path, clock: HeldClock) -> Settings:
    await Maildir(tmp_path / "mail", sender=SENDER, clock=clock).send(mail())
    return settings(f"sqlite:///{tmp_path / 'n.db'}", tmp_path / "mail")


@pytest.fixture
async def notifier(local: Settings, clock: HeldClock) -> AsyncIterator[Client]:
    async with running(local, clock) as client:
        yield client


@pytest.fixture
async def exposed(local: Settings, clock: HeldClock) -> AsyncIterator[Client]:
    """The same, reachable from elsewhere."""
    async with running(
        replace(local, serving=replace(local.serving, host="0.0.0.0")), clock
    ) as client:
        yield client


async def test_the_list_leads_to_each_mail(notifier: Client) -> None:
    page = await (await notifier.get("/mailbox")).text()
    assert f'href="/mailbox/{DELIVERY}"' in page
    assert "kim@clients.example" in page
    opened = await (await notifier.get(f"/mailbox/{DELIVERY}")).text()
    assert f'<a href="{LINK}">{LINK}</a>' in opened
    assert "A reminder of your appointment." in opened


async def test_a_mails_html_can_do_nothing(notifier: Client) -> None:
    response = await notifier.get(f"/mailbox/{DELIVERY}/html")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert (
        "frame-src 'self'"
        in (await notifier.get(f"/mailbox/{DELIVERY}")).headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize(
    "path",
    ["/mailbox/..%2f..%2fetc%2fpasswd", "/mailbox/other", f"/mailbox/{DELIVERY.hex}", "/mailbox/."],
)
async def test_only_a_mails_name_opens_anything(notifier: Client, path: str) -> None:
    response = await notifier.get(path, allow_redirects=False)
    assert response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.OK)
    assert "root:" not in await response.text()


async def test_from_elsewhere_it_needs_the_admin_key_in_either_form(exposed: Client) -> None:
    closed = await exposed.get("/mailbox")
    assert closed.status == HTTPStatus.UNAUTHORIZED
    assert closed.headers["WWW-Authenticate"].startswith("Basic ")
    assert (await exposed.get(f"/mailbox/{DELIVERY}")).status == HTTPStatus.UNAUTHORIZED
    assert (await exposed.get(f"/mailbox/{DELIVERY}/html")).status == HTTPStatus.UNAUTHORIZED
    assert (await exposed.get("/mailbox", headers=SERVICE)).status == HTTPStatus.UNAUTHORIZED
    assert (await exposed.get("/mailbox", headers=ADMIN)).status == HTTPStatus.OK
    as_browser = {"Authorization": aiohttp.encode_basic_auth("admin", ADMIN_KEY)}
    assert (await exposed.get("/mailbox", headers=as_browser)).status == HTTPStatus.OK
    broken = {"Authorization": "Basic ###"}
    assert (await exposed.get("/mailbox", headers=broken)).status == HTTPStatus.UNAUTHORIZED


async def test_a_page_elsewhere_that_points_its_name_at_us_stays_out(notifier: Client) -> None:
    response = await notifier.get("/mailbox", headers={"Host": "evil.example"})
    assert response.status == HTTPStatus.UNAUTHORIZED


async def test_with_another_channel_there_is_no_mailbox(local: Settings, clock: HeldClock) -> None:
    relay = Relay(host="127.0.0.1", port=2525, tls_first=False)
    async with running(replace(local, channel=SmtpSettings(relay=relay)), clock) as client:
        assert (await client.get("/mailbox", headers=ADMIN)).status == HTTPStatus.NOT_FOUND


async def test_the_style_is_our_own_file(notifier: Client) -> None:
    response = await notifier.get("/style.css")
    assert response.content_type == "text/css"
