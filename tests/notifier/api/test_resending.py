"""Staff send again, at once, what was given up for one reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.store.tables import reminders, told
from shared.clock import HeldClock
from shared.web.keys import DATABASE
from tests.notifier.api.desk import get, post, sweep_all
from tests.notifier.api.running import ADMIN, SERVICE, Client, tell_directly
from tests.notifier.diary import DAY, HOUR, MINUTE, THURSDAY, booked, cancel, client, session

AGAIN = "/v1/sending/resend"
TOO_LARGE = "sendgrid_413"


async def given_up(notifier: Client) -> None:
    """Let every confirmation that was sent have been refused instead, and never have been heard."""

    async def work(conn: AsyncConnection) -> None:
        await conn.execute(
            sa.update(reminders)
            .where(reminders.c.kind == "confirmation", reminders.c.state == "sent")
            .values(state="failed", reason=TOO_LARGE)
        )
        await conn.execute(sa.update(told).values(starts_at=None, status=None))

    await notifier.app[DATABASE].write(work)


@pytest.fixture
async def three_given_up(notifier: Client, clock: HeldClock) -> None:
    """Three confirmations to Kim were given up; of the second's appointment nothing is to come."""
    held = [session(THURSDAY + n * HOUR) for n in range(3)]
    await tell_directly(notifier, client(), *map(booked, held))
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    await given_up(notifier)
    await tell_directly(notifier, cancel(held[1]))
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)


async def again(notifier: Client, **body: object) -> dict[str, Any]:
    status, answered = await post(notifier, AGAIN, body)
    assert status == HTTPStatus.OK, answered
    return answered


@pytest.mark.usefixtures("three_given_up")
async def test_what_was_given_up_for_one_reason_is_sent_again_if_it_may_still_be_said(
    notifier: Client,
) -> None:
    assert await again(notifier, reason="bad_address") == {
        "resent": 0,
        "looked_at": 0,
        "next": None,
    }
    assert await again(notifier, reason=TOO_LARGE) == {"resent": 2, "looked_at": 3, "next": None}
    await sweep_all(notifier)
    sent = (await get(notifier, "/v1/reminders?kind=confirmation&state=sent"))["reminders"]
    assert len(sent) == 2
    assert (await again(notifier))["resent"] == 0  # what has arrived is not sent again


@pytest.mark.usefixtures("three_given_up")
async def test_it_goes_a_page_at_a_time_and_as_far_as_it_is_narrowed(notifier: Client) -> None:
    before = await again(notifier, until=(THURSDAY - 20 * DAY).isoformat())
    assert (before["resent"], before["looked_at"]) == (0, 0)
    page = await again(notifier, kind="confirmation", limit=1)
    resent = page["resent"]
    while page["next"] is not None:
        page = await again(notifier, kind="confirmation", limit=1, next=page["next"])
        resent += page["resent"]
    assert resent == 2


@pytest.mark.usefixtures("three_given_up")
async def test_of_what_is_not_sent_nothing_is_noted(notifier: Client, clock: HeldClock) -> None:
    async def lose_the_answers(conn: AsyncConnection) -> None:
        await conn.execute(sa.update(reminders).values(answer_lost=True))

    async def doubts(conn: AsyncConnection) -> int:
        query = sa.select(sa.func.count()).select_from(told).where(told.c.doubted)
        return int((await conn.execute(query)).scalar_one())

    await notifier.app[DATABASE].write(lose_the_answers)
    clock.moment = THURSDAY + DAY  # when all of it is over
    assert (await again(notifier))["resent"] == 0
    assert await notifier.app[DATABASE].read(doubts) == 0


@pytest.mark.usefixtures("three_given_up")
async def test_a_retried_request_sends_each_once(notifier: Client) -> None:
    headers = ADMIN | {"Idempotency-Key": "once"}
    first, second = [await notifier.post(AGAIN, json={}, headers=headers) for _ in range(2)]
    assert await first.json() == await second.json()
    listed = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    assert len(listed) == 5


async def test_only_staff_may_and_a_wrong_filter_is_named(notifier: Client) -> None:
    assert (await notifier.post(AGAIN, json={})).status == HTTPStatus.UNAUTHORIZED
    assert (await notifier.post(AGAIN, json={}, headers=SERVICE)).status == HTTPStatus.FORBIDDEN
    for body, pointer in (({"limit": 101}, "#/limit"), ({"state": "sent"}, "#/state")):
        status, problem = await post(notifier, AGAIN, body)
        assert status == HTTPStatus.UNPROCESSABLE_ENTITY
        assert [each["pointer"] for each in problem["errors"]] == [pointer]
