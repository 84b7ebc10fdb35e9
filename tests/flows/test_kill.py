"""`kill -9` of each service in the middle of the story: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import aiohttp
import pytest

from demo.processes import Services
from tests.fakes.smtp_server import MailServer
from tests.flows.conftest import Start
from tests.flows.stranger import ALWAYS, Json, Stranger, instant, now, soon

pytestmark = pytest.mark.flow
Meet = Callable[[Services], Stranger]
BOOKINGS = 20


async def book_until_answered(staff: Stranger, clinician: str, client: str, hour: int) -> Json:
    """Book one hour, asking again with the same key for as long as nobody answers."""
    starts_at = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3, hours=hour)
    body = {
        "kind": "follow_up",
        "clinician_id": clinician,
        "client_ids": [client],
        "starts_at": starts_at.isoformat(),
    }
    while True:
        try:
            return await staff.post("/sessions", body, headers={"Idempotency-Key": f"hour-{hour}"})
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
async def test_the_scheduler_ends_while_it_books(
    start: Start, meet: Meet, databases: dict[str, str], how: signal.Signals
) -> None:
    """Killed at any line, or stopped with writes in hand: what was answered is kept, once."""
    services = start(databases)
    staff = meet(services)
    clinician, client = await staff.clinician(working_hours=ALWAYS), await staff.client()
    booking = [
        asyncio.create_task(book_until_answered(staff, clinician, client, hour))
        for hour in range(BOOKINGS)
    ]
    await asyncio.wait(booking, return_when=asyncio.FIRST_COMPLETED)
    services.end("scheduler", how)
    services.start("scheduler")
    answered = await asyncio.gather(*booking)
    services.wait_ready("scheduler")
    held = (await staff.get(f"/sessions?clinician_id={clinician}"))["sessions"]
    assert sorted(s["id"] for s in held) == sorted(s["id"] for s in answered)
    assert len({s["starts_at"] for s in held}) == BOOKINGS

    async def all_told() -> bool:
        return len(await staff.mails()) >= BOOKINGS

    await soon(all_told, seconds=10)
    await asyncio.sleep(1)
    assert len(await staff.mails()) == BOOKINGS


async def test_the_notifier_is_killed_while_it_sends(
    start: Start, meet: Meet, databases: dict[str, str]
) -> None:
    async with MailServer() as server:
        services = start(databases, EMAIL_CHANNEL="smtp", SMTP_URL=server.url)
        staff = meet(services)
        clinician, client = await staff.clinician(working_hours=ALWAYS), await staff.client()
        sessions = [
            await book_until_answered(staff, clinician, client, hour) for hour in range(BOOKINGS)
        ]

        async def some_sent() -> bool:
            return len(server.mails) >= BOOKINGS // 4

        await soon(some_sent, seconds=10)
        services.end("notifier")
        services.start("notifier")
        services.wait_ready("notifier")

        async def settled() -> list[Json] | None:
            found = [await staff.reminders(session["id"]) for session in sessions]
            confirmations = [r for rows in found for r in rows if r["kind"] == "confirmation"]
            done = all(r["state"] in ("sent", "failed") for r in confirmations)
            return confirmations if done and len(confirmations) == BOOKINGS else None

        confirmations = await soon(settled, seconds=40)
        assert confirmations is not None
        assert {r["state"] for r in confirmations} == {"sent"}
        marked = sum(bool(r["answer_lost"]) for r in confirmations)
        copies = Counter(message.message["Message-ID"] for message in server.mails)
        assert len(copies) == BOOKINGS, "every confirmation was sent"
        assert sum(copies.values()) - BOOKINGS <= marked, "a second copy only where it is marked"
        assert max(copies.values()) <= 2


async def test_the_calendar_feed_is_killed_between_a_booking_and_its_entry(
    start: Start, meet: Meet, databases: dict[str, str]
) -> None:
    services = start(databases)
    staff = meet(services)
    clinician, client = await staff.clinician(working_hours=ALWAYS), await staff.client()
    url = await staff.feed(clinician)
    first = await book_until_answered(staff, clinician, client, 0)

    async def shows(*sessions: Json) -> bool:
        stamps = {f"DTSTART:{instant(s['starts_at']):%Y%m%dT%H%M%SZ}" for s in sessions}
        return stamps == set((await staff.calendar(url)).decode().split("\r\n")) & stamps

    await soon(lambda: shows(first))
    services.end("calendar_feed")
    second = await book_until_answered(staff, clinician, client, 1)
    services.start("calendar_feed")
    services.wait_ready("calendar_feed")
    await soon(lambda: shows(first, second))
    calendar = await staff.calendar(url)
    assert calendar.count(b"BEGIN:VEVENT") == 2
    services.end("calendar_feed")
    services.start("calendar_feed")
    services.wait_ready("calendar_feed")
    assert await staff.calendar(url) == calendar, "the same state gives the same bytes"


async def test_a_stop_takes_less_than_eight_seconds(start: Start, meet: Meet) -> None:
    services = start()
    await meet(services).clinician()
    took = services.stop()
    assert set(took) == {"scheduler", "notifier", "calendar_feed"}
    assert max(took.values()) < 8
