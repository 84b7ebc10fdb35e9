"""`/previews`: every mail to look at, for whoever may look at mails, with nobody's data."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from http import HTTPStatus
from itertools import product
from pathlib import Path

import pytest

from services.notifier.channels.smtp_line import Relay
from services.notifier.domain.states import Kind
from services.notifier.rendering.samples import CLINICIAN, PRACTICE
from services.notifier.settings import Settings, SmtpSettings
from shared.clock import HeldClock
from tests.notifier.api.running import ADMIN, SERVICE, Client, running, settings


@pytest.fixture
def local(tmp_path: Path) -> Settings:
    """Return settings of another channel than the maildir: previews need none."""
    relay = Relay(host="127.0.0.1", port=2525, tls_first=False)
    usual = settings(f"sqlite:///{tmp_path / 'n.db'}", tmp_path / "mail")
    return replace(usual, channel=SmtpSettings(relay=relay))


@pytest.fixture
async def notifier(local: Settings, clock: HeldClock) -> AsyncIterator[Client]:
    async with running(local, clock) as client:
        yield client


async def test_every_kind_in_every_language_and_detail_is_listed_and_opens(
    notifier: Client,
) -> None:
    listed = await (await notifier.get("/previews")).text()
    paths = re.findall(r'href="(/previews/[^"]+)"', listed)
    assert paths == [
        f"/previews/{kind}/{language}/{detail}"
        for kind, language, detail in product(Kind, ("en", "es"), ("minimal", "standard"))
    ]
    for path in paths:
        opened = await (await notifier.get(path)).text()
        assert f'src="{path}/html"' in opened
        alone = await notifier.get(f"{path}/html")
        assert alone.headers["Content-Security-Policy"].startswith("sandbox ")
        for shown in (opened, await alone.text()):
            named = PRACTICE in shown
            assert named is path.endswith("/standard")
            assert named or CLINICIAN not in shown


async def test_a_preview_may_be_read_on_another_clock(notifier: Client) -> None:
    path = "/previews/reminder/en/minimal?zone=America/Los_Angeles"
    opened = await (await notifier.get(path)).text()
    assert "12:00 PM PST (that is 3:00 PM EST)" in opened
    assert "/html?zone=America/Los_Angeles" in opened


@pytest.mark.parametrize(
    "path", ["/previews/nothing/en/minimal", "/previews/news/fr/minimal", "/previews/news/en/all"]
)
async def test_there_is_no_preview_of_anything_else(notifier: Client, path: str) -> None:
    assert (await notifier.get(path)).status == HTTPStatus.NOT_FOUND
    assert (await notifier.get(f"{path}/html")).status == HTTPStatus.NOT_FOUND


async def test_from_elsewhere_they_need_the_admin_key(local: Settings, clock: HeldClock) -> None:
    exposed = replace(local, serving=replace(local.serving, host="0.0.0.0"))
    async with running(exposed, clock) as client:
        for path in ("/previews", "/previews/news/en/minimal", "/previews/news/en/minimal/html"):
            assert (await client.get(path)).status == HTTPStatus.UNAUTHORIZED
            assert (await client.get(path, headers=SERVICE)).status == HTTPStatus.UNAUTHORIZED
            assert (await client.get(path, headers=ADMIN)).status == HTTPStatus.OK
