"""SendGrid tells what became of mails: only it is believed, and each thing counts once."""

from __future__ import annotations

import io
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.store.tables import provider_events, reminders, stopped_addresses
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from tests.cast import KIM_ID
from tests.fakes.sendgrid_webhook import Webhook, event
from tests.notifier.api.running import SERVICE, Client, running, settings, tell_directly
from tests.notifier.diary import MINUTE, booked, client, session

SECOND = timedelta(seconds=1)
ADDRESS = "/webhooks/sendgrid"


@pytest.fixture
def sendgrid() -> Webhook:
    return Webhook()


@pytest.fixture
async def notifier(
    database_url: str, tmp_path: Path, clock: HeldClock, sendgrid: Webhook
) -> AsyncIterator[Client]:
    wanted = settings(database_url, tmp_path, webhook_key=sendgrid.public_key)
    async with running(wanted, clock) as http:
        await tell_directly(http, client(), booked(session()))
        yield http


async def rows(notifier: Client, table: sa.Table) -> list[dict[str, Any]]:
    async def read(conn: AsyncConnection) -> list[dict[str, Any]]:
        return [dict(row) for row in (await conn.execute(sa.select(table))).mappings().all()]

    return await notifier.app[DATABASE].read(read)


async def delivery(notifier: Client) -> UUID:
    """Return the id of the confirmation to Kim."""
    (found,) = [
        row["id"] for row in await rows(notifier, reminders) if row["kind"] == "confirmation"
    ]
    assert isinstance(found, UUID)
    return found


async def fate(notifier: Client) -> str | None:
    (found,) = [
        row["fate"] for row in await rows(notifier, reminders) if row["kind"] == "confirmation"
    ]
    return None if found is None else str(found)


async def told(
    notifier: Client, sendgrid: Webhook, clock: HeldClock, *events: dict[str, Any]
) -> int:
    body = sendgrid.batch(*events)
    headers = sendgrid.sign(body, clock.now())
    return (await notifier.post(ADDRESS, data=body, headers=headers)).status


async def log_of(notifier: Client) -> list[dict[str, Any]]:
    answer = await notifier.get("/v1/events", headers=SERVICE)
    events: list[dict[str, Any]] = (await answer.json())["events"]
    return events


async def test_only_sendgrid_is_believed_and_only_now(
    notifier: Client, sendgrid: Webhook, clock: HeldClock
) -> None:
    body = sendgrid.batch(event("bounce", await delivery(notifier), clock.now(), type="bounce"))
    signed, now = sendgrid.sign(body, clock.now()), clock.now()
    stranger = Webhook().sign(body, now)
    wrong = [
        (body, {}),
        (body, stranger),
        (body.strip(), signed),  # the raw body, to the last line break
        (body + b" ", signed),
        (body, {**signed, "X-Twilio-Email-Event-Webhook-Timestamp": "1"}),
        (body, {**signed, "X-Twilio-Email-Event-Webhook-Timestamp": "soon"}),
        (body, {**signed, "X-Twilio-Email-Event-Webhook-Signature": "not base64 ***"}),
        (body, sendgrid.sign(body, now - 5 * MINUTE - SECOND)),
        (body, sendgrid.sign(body, now + 5 * MINUTE + SECOND)),
    ]
    for sent, headers in wrong:
        answer = await notifier.post(ADDRESS, data=sent, headers=headers)
        assert answer.status == 403
    assert await rows(notifier, provider_events) == []
    late = sendgrid.sign(body, now - 5 * MINUTE)
    assert (await notifier.post(ADDRESS, data=body, headers=late)).status == 204
    assert await fate(notifier) == "bounced"


async def test_without_its_key_there_is_no_such_door(
    database_url: str, tmp_path: Path, clock: HeldClock, sendgrid: Webhook
) -> None:
    async with running(settings(database_url, tmp_path), clock) as notifier:
        assert await told(notifier, sendgrid, clock, event("open", uuid4(), clock.now())) == 404


async def test_a_body_that_is_too_large_or_no_list_of_events_is_refused(
    notifier: Client, sendgrid: Webhook, clock: HeldClock
) -> None:
    for body, status in ((b" " * 1_048_577, 413), (b"{}", 400), (b"[" * 100_000, 400)):
        headers = sendgrid.sign(body, clock.now())
        answer = await notifier.post(ADDRESS, data=io.BytesIO(body), headers=headers)
        assert answer.status == status


@pytest.mark.parametrize(
    ("name", "other", "known_as"),
    [
        ("processed", {}, "processed"),
        ("deferred", {"response": "450 kim@clients.example is busy"}, "deferred"),
        ("delivered", {}, "delivered"),
        ("dropped", {"reason": "Spam Content"}, "dropped"),
        ("bounce", {"type": "blocked", "status": "5.7.1"}, "blocked"),
        ("open", {}, None),
        ("click", {}, None),
        ("unsubscribe", {}, None),
        ("group_resubscribe", {}, None),
    ],
)
async def test_what_stops_no_address_is_only_shown(
    notifier: Client,
    sendgrid: Webhook,
    clock: HeldClock,
    name: str,
    other: dict[str, str],
    known_as: str | None,
) -> None:
    sent = event(name, await delivery(notifier), clock.now(), **other)
    assert await told(notifier, sendgrid, clock, sent) == 204
    assert await fate(notifier) == known_as
    assert await rows(notifier, stopped_addresses) == []
    assert await log_of(notifier) == []
    assert "kim@" not in str(await rows(notifier, provider_events))


@pytest.mark.parametrize(
    ("name", "other", "reason"),
    [
        ("bounce", {"type": "bounce", "status": "5.1.1", "reason": "550 kim@ is gone"}, "bounced"),
        ("dropped", {"reason": "Bounced Address"}, "dropped"),
        ("dropped", {"reason": "Invalid"}, "dropped"),
        ("spamreport", {}, "spam"),
    ],
)
async def test_an_address_that_mail_comes_back_from_gets_no_more_and_it_is_told_once(
    notifier: Client,
    sendgrid: Webhook,
    clock: HeldClock,
    name: str,
    other: dict[str, str],
    reason: str,
) -> None:
    id = await delivery(notifier)
    first = event(name, id, clock.now(), **other)
    again = event(name, id, clock.now(), **other)
    for _ in range(2):
        assert await told(notifier, sendgrid, clock, first, again, first) == 204
    (stopped,) = await rows(notifier, stopped_addresses)
    assert (stopped["person_id"], stopped["reason"]) == (KIM_ID, reason)
    (heard,) = await log_of(notifier)
    assert heard["type"] == "address.bounced.v1"
    assert heard["data"] == {"person_id": str(KIM_ID), "reminder_id": str(id), "fate": reason}
    assert "task" in {row["kind"] for row in await rows(notifier, reminders)}
    assert len(await rows(notifier, provider_events)) == 2
    assert "kim@" not in str(await rows(notifier, provider_events))


async def test_in_whatever_order_it_is_told_the_same_fate_stands(
    notifier: Client, sendgrid: Webhook, clock: HeldClock
) -> None:
    orders = list(itertools.permutations(range(4)))
    await tell_directly(notifier, *(booked(session()) for _ in orders))
    ids = [row["id"] for row in await rows(notifier, reminders) if row["kind"] == "confirmation"]
    for id, order in zip(ids, orders, strict=False):
        events = [
            event("processed", id, clock.now()),
            event("deferred", id, clock.now() + SECOND),
            event("delivered", id, clock.now() + SECOND),
            event("bounce", id, clock.now() + 2 * SECOND, type="blocked"),
        ]
        assert await told(notifier, sendgrid, clock, *(events[n] for n in order)) == 204
        fates = {row["id"]: row["fate"] for row in await rows(notifier, reminders)}
        assert fates[id] == "blocked", order


async def test_what_is_not_ours_or_not_an_event_is_passed_over(
    notifier: Client, sendgrid: Webhook, clock: HeldClock
) -> None:
    id, now = await delivery(notifier), clock.now()
    good = event("delivered", id, now)
    batch: list[Any] = [
        event("bounce", uuid4(), now, type="bounce"),
        event("bounce", "not an id", now),
        event("bounce", id, now, sg_event_id="x" * 101),
        event("bounce", id, now, sg_event_id="with\x00nul"),
        event("bounce", id, now, sg_event_id=None),
        {**event("bounce", id, now), "timestamp": True},
        {**event("bounce", id, now), "timestamp": "soon"},
        {**event("bounce", id, now), "email": None},
        {},
        [],
        None,
        "bounce",
        good,
    ]
    assert await told(notifier, sendgrid, clock, *batch) == 204
    (kept,) = await rows(notifier, provider_events)
    assert kept["id"] == good["sg_event_id"]
    assert await fate(notifier) == "delivered"
