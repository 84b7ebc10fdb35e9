"""Every mail of a season through maildev, which knows nothing of our code.

`python -m tests.notifier.maildev` fetches maildev with npx (https://github.com/maildev/maildev),
sends it every kind of mail in both languages and at both levels of detail by our own SMTP
channel, reads them over its HTTP interface, and says what it saw. It needs npm, so it is no
part of the suite.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp

from services.notifier.channels.smtp import Smtp
from services.notifier.channels.smtp_line import Relay
from services.notifier.domain.mail import Mail
from services.notifier.domain.names import Letterhead
from services.notifier.domain.outcomes import Sent
from services.notifier.domain.states import Kind
from services.notifier.store import MIGRATIONS
from shared.clock import HeldClock
from shared.store.database import Database
from shared.store.migrations import upgrade
from tests.conftest import NOW
from tests.fakes.ports import free_port
from tests.notifier.season import play
from tests.notifier.stage import LETTERHEAD, Stage

MAILDEV: Final = "maildev@3.0.0"
STARTS_WITHIN: Final = 120  # npx may have to fetch it
SEASONS: Final = ((None, "en-US"), ("Hudson Psychology", "es-MX"))


async def main() -> int:
    clock = HeldClock(NOW)
    async with (
        maildev() as (port, api),
        aiohttp.ClientSession() as http,
        Smtp(relay_at(port), sender=LETTERHEAD.address, clock=clock) as channel,
    ):
        seen: Counter[str] = Counter()
        for practice, locale in SEASONS:
            by_kind = await season(practice, locale)
            (await http.delete(f"{api}/email/all")).raise_for_status()  # the same ids come again
            assert set(by_kind) == set(Kind)
            for kind, mails in by_kind.items():
                for mail in mails:
                    outcome = await channel.send(mail)
                    assert isinstance(outcome, Sent), outcome
                    differences = compare(await arrived(http, api, mail), mail)
                    assert not differences, (kind, locale, differences)
                    seen[kind] += 1
    said = "\n".join(f"{kind:14} {count}" for kind, count in sorted(seen.items()))
    sys.stdout.write(f"Read back as they were sent:\n{said}\n")
    return 0


def relay_at(port: int) -> Relay:
    return Relay(host="127.0.0.1", port=port, tls_first=False)


async def season(practice: str | None, locale: str) -> dict[str, list[Mail]]:
    """Return every mail of one season, not yet sent to anyone."""
    letterhead = Letterhead(address=LETTERHEAD.address, practice=practice)
    with tempfile.TemporaryDirectory() as folder:
        database = Database.at(f"sqlite:///{Path(folder) / 'n.db'}")
        await upgrade(database, MIGRATIONS)
        try:
            stage = Stage(database, HeldClock(NOW), letterhead=letterhead)
            return await play(stage, locale=locale, invitations=True)
        finally:
            await database.close()


@asynccontextmanager
async def maildev() -> AsyncIterator[tuple[int, str]]:
    """Run maildev on this machine alone; yield its SMTP port and where its HTTP interface is."""
    smtp, web = free_port(), free_port()
    process = await asyncio.create_subprocess_exec(
        *("npx", "--yes", MAILDEV, "--smtp", str(smtp), "--ip", "127.0.0.1"),
        *("--web", str(web), "--web-ip", "127.0.0.1", "--hide-extensions", "STARTTLS"),
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
    api = f"http://127.0.0.1:{web}/api"
    try:
        async with asyncio.timeout(STARTS_WITHIN):
            await _until_it_answers(f"{api}/healthz")
        yield smtp, api
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # npx leaves its child behind otherwise
        await process.wait()


async def _until_it_answers(url: str) -> None:
    async with aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(url) as response:
                    if response.ok:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)


async def arrived(http: aiohttp.ClientSession, api: str, mail: Mail) -> dict[str, Any]:
    """Return the mail as maildev has read it; with its source as it came over the wire."""
    async with asyncio.timeout(5):
        while True:
            async with http.get(f"{api}/email") as response:
                listed: Any = await response.json()
            for each in listed:
                if str(mail.delivery_id) in each["headers"]["message-id"]:
                    async with http.get(f"{api}/email/{each['id']}/source") as response:
                        return {**each, "source": await response.text()}
            await asyncio.sleep(0.05)


def compare(read: dict[str, Any], mail: Mail) -> list[str]:
    """Return what maildev has read otherwise than it was written."""
    whole = {
        "subject": (read["subject"], mail.subject),
        "to": ([each["address"] for each in read["to"]], [mail.to]),
        "envelope": ([each["address"] for each in read["envelope"]["to"]], [mail.to]),
        "nobody else": (read["calculatedBcc"], []),
        "from": (read["from"][0]["address"], LETTERHEAD.address),
        "from name": (read["from"][0].get("name", ""), mail.from_name or ""),
        "text": (_same(read["text"]), _same(mail.text)),
        "links": (_links(read["html"]), _links(mail.html)),
        "unsubscribe": (_unsubscribe(read["source"]), mail.unsubscribe),
        "calendar": (_method(read["source"]), mail.calendar and mail.calendar.method),
    }
    return [f"{name}: {got!r} != {sent!r}" for name, (got, sent) in whole.items() if got != sent]


def _same(text: str) -> list[str]:
    return text.split()


def _links(html: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', html)


def _unsubscribe(source: str) -> str | None:
    found = re.search(r"^List-Unsubscribe: <(\S+)>\r?$", source, re.MULTILINE)
    return found and found[1]


def _method(source: str) -> str | None:
    found = re.search(r"^Content-Type: text/calendar;.*?method=\"?(\w+)", source, re.M | re.S)
    return found and found[1]


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
