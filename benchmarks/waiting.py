"""Until the other two services show what was booked."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from benchmarks.office import Office, Refused

POLL_SECONDS: Final = 0.003  # often enough to see it, seldom enough not to be the load
PATIENCE_SECONDS: Final = 30


async def shown(office: Office, feed: str, *, entries: int) -> None:
    """Return when the feed has this many entries."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    etag = ""
    while time.monotonic() < deadline:
        async with office.http.get(feed, headers={"If-None-Match": etag}) as answer:
            body = await answer.read()
        if answer.status == 200 and body.count(b"BEGIN:VEVENT") >= entries:
            return
        etag = answer.headers["ETag"]
        await asyncio.sleep(POLL_SECONDS)
    raise Refused(f"the feed never had {entries} entries")


async def planned(office: Office, session: str) -> None:
    """Return when the notifier shows a reminder for the session."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        path = f"/v1/reminders?session_id={session}"
        if (await office.ask("GET", "notifier", path))["reminders"]:
            return
        await asyncio.sleep(POLL_SECONDS)
    raise Refused("no reminder was ever planned")
