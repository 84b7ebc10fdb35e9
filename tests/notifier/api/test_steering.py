"""How staff stop, start and repeat mails."""

from __future__ import annotations

import asyncio
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog

from services.notifier.keys import SWEEP
from services.notifier.use_cases.sweeping import measure_once, sweep_once
from shared.clock import HeldClock
from tests.cast import KIM_ID
from tests.notifier.api.desk import get, post, stop_kims_address, sweep_all
from tests.notifier.api.running import ADMIN, SERVICE, Client, running, settings, tell_directly
from tests.notifier.diary import HOUR, MINUTE, booked, cancel, session
from tests.notifier.diary import client as kim

Json = dict[str, Any]
NOBODY = UUID(int=9)


async def test_nothing_begins_while_it_is_paused_and_all_goes_on_after(
    notifier: Client, clock: HeldClock
) -> None:
    await tell_directly(notifier, kim(), booked(session()))
    assert (await get(notifier, "/v1/sending"))["paused"] is False
    status, paused = await post(notifier, "/v1/sending/pause", {"reason": "moving house"})
    assert (status, paused["paused"], paused["reason"]) == (200, True, "moving house")
    clock.advance(10 * MINUTE)
    assert await sweep_once(notifier.app[SWEEP]) == 0
    assert (await get(notifier, "/v1/reminders?state=sent"))["reminders"] == []
    await measure_once(notifier.app[SWEEP])
    assert "sending_paused 1.0" in await (await notifier.get("/metrics")).text()
    ready = await (await notifier.get("/ready")).json()
    assert '"paused": true' in str(ready).replace("'", '"').replace("True", "true")
    again = await post(notifier, "/v1/sending/pause", {"reason": "another"})
    assert again == (status, paused)
    assert (await post(notifier, "/v1/sending/resume"))[1]["paused"] is False
    await sweep_all(notifier)
    [sent] = (await get(notifier, "/v1/reminders?state=sent"))["reminders"]
    assert sent["kind"] == "confirmation"


async def test_the_switch_outlasts_a_restart(
    database_url: str, tmp_path: Path, clock: HeldClock
) -> None:
    wanted = settings(database_url, tmp_path / "mail")
    async with running(wanted, clock) as first:
        await post(first, "/v1/sending/pause", {"reason": "moving house"})
    async with running(wanted, clock) as second:
        assert (await get(second, "/v1/sending"))["paused"] is True


async def test_a_mail_is_sent_once_more_and_what_is_over_is_not(
    notifier: Client, clock: HeldClock
) -> None:
    held = session()
    await tell_directly(notifier, kim(), booked(held))
    [one] = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    assert (await post(notifier, f"/v1/reminders/{one['id']}/resend"))[0] == HTTPStatus.CONFLICT
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    status, resent = await post(notifier, f"/v1/reminders/{one['id']}/resend")
    assert (status, resent["resent_id"]) == (200, one["id"])
    await sweep_all(notifier)
    listed = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    assert [each["state"] for each in listed] == ["sent", "sent"]
    assert listed[1]["id"] == resent["id"]
    await tell_directly(notifier, cancel(held))
    clock.advance(HOUR)
    await sweep_all(notifier)
    [reminder, *_] = (await get(notifier, "/v1/reminders?kind=reminder"))["reminders"]
    status, problem = await post(notifier, f"/v1/reminders/{reminder['id']}/resend")
    assert (status, problem["type"][-15:]) == (HTTPStatus.CONFLICT, "nothing-to-send")


async def test_while_a_repeat_is_open_it_is_not_repeated_again(
    notifier: Client, clock: HeldClock
) -> None:
    await tell_directly(notifier, kim(), booked(session()))
    [one] = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    await post(notifier, "/v1/sending/pause", {"reason": "so that nothing is sent meanwhile"})
    status, repeat = await post(notifier, f"/v1/reminders/{one['id']}/resend")
    assert status == HTTPStatus.OK
    both = (one["id"], repeat["id"])
    others = [await post(notifier, f"/v1/reminders/{id}/resend") for id in both]
    assert {status for status, _ in others} == {HTTPStatus.CONFLICT}
    assert {problem["type"][-10:] for _, problem in others} == {"still-open"}
    await post(notifier, "/v1/sending/resume")
    await sweep_all(notifier)
    assert (await post(notifier, f"/v1/reminders/{repeat['id']}/resend"))[0] == HTTPStatus.OK


async def test_of_many_who_ask_at_once_one_sends_it_again(
    notifier: Client, clock: HeldClock
) -> None:
    await tell_directly(notifier, kim(), booked(session()))
    [one] = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    await post(notifier, "/v1/sending/pause", {"reason": "so that nothing is sent meanwhile"})
    path = f"/v1/reminders/{one['id']}/resend"
    answers = await asyncio.gather(*(post(notifier, path) for _ in range(6)))
    statuses = [status for status, _ in answers]
    assert sorted(statuses) == [HTTPStatus.OK, *[HTTPStatus.CONFLICT] * 5]


async def test_what_was_given_up_is_sent_once_its_reason_is_gone(
    notifier: Client, clock: HeldClock
) -> None:
    await tell_directly(notifier, kim(email="nowhere"), booked(session()))
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    [dead] = (await get(notifier, "/v1/reminders?state=failed"))["reminders"]
    assert dead["reason"] == "bad_address"
    await tell_directly(notifier, kim(revision=2))
    await sweep_all(notifier)
    [sent] = (await get(notifier, "/v1/reminders?state=sent"))["reminders"]
    assert (sent["kind"], sent["id"] != dead["id"]) == ("confirmation", True)


async def test_who_steers_is_in_the_log_once_and_only_if_it_was_done(notifier: Client) -> None:
    headers = ADMIN | {"Idempotency-Key": "once"}
    body = {"reason": "Kim Park asked"}
    with structlog.testing.capture_logs() as lines:
        for _ in range(2):
            await notifier.post("/v1/sending/pause", json=body, headers=headers)
        await post(notifier, f"/v1/reminders/{uuid4()}/resend")
    events = [line["event"] for line in lines]
    assert events.count("sending.paused") == 1
    assert "reminder.resent" not in events
    assert "Kim" not in str(lines)


async def test_the_log_says_which_key_repeated_resumed_and_started(
    notifier: Client, clock: HeldClock
) -> None:
    await tell_directly(notifier, kim(), booked(session()))
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    [one] = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    await stop_kims_address(notifier, clock.now())
    with structlog.testing.capture_logs() as lines:
        await post(notifier, f"/v1/people/{KIM_ID}/address/start")
        await post(notifier, f"/v1/reminders/{one['id']}/resend")
        await post(notifier, "/v1/sending/resume")
    said = {line["event"]: line.get("by") for line in lines}
    for event in ("address.started", "reminder.resent", "sending.resumed"):
        assert said[event] == "admin"


async def test_a_retried_resend_is_one_mail(notifier: Client, clock: HeldClock) -> None:
    await tell_directly(notifier, kim(), booked(session()))
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    [one] = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    path, headers = f"/v1/reminders/{one['id']}/resend", ADMIN | {"Idempotency-Key": "once"}
    first = await (await notifier.post(path, headers=headers)).json()
    second = await (await notifier.post(path, headers=headers)).json()
    assert first == second
    assert len((await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]) == 2


async def test_staff_start_an_address_again(notifier: Client, clock: HeldClock) -> None:
    await tell_directly(notifier, kim(), booked(session()))
    [one] = (await get(notifier, "/v1/reminders?kind=confirmation"))["reminders"]
    now = clock.now()
    path = f"/v1/people/{KIM_ID}/address/start"
    assert (await post(notifier, path))[0] == HTTPStatus.CONFLICT
    await stop_kims_address(notifier, now)
    clock.advance(10 * MINUTE)
    await sweep_all(notifier)
    story = await get(notifier, f"/v1/reminders/{one['id']}")
    assert (story["state"], story["reason"]) == ("skipped", "address_stopped")
    assert story["address_stopped"]["reason"] == "bounced"
    assert datetime.fromisoformat(story["address_stopped"]["since"]) == now
    await measure_once(notifier.app[SWEEP])
    assert "stopped_addresses 1.0" in await (await notifier.get("/metrics")).text()
    await tell_directly(notifier, kim(revision=2, email="kim.park@clients.example"))
    await measure_once(notifier.app[SWEEP])
    assert "stopped_addresses 0.0" in await (await notifier.get("/metrics")).text()
    await tell_directly(notifier, kim(revision=3))
    assert (await post(notifier, path))[0] == HTTPStatus.NO_CONTENT
    await sweep_all(notifier)
    story = await get(notifier, f"/v1/reminders/{one['id']}")
    assert (story["state"], story["address_stopped"]) == ("sent", None)
    assert (await post(notifier, f"/v1/people/{uuid4()}/address/start"))[0] == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/reminders/{NOBODY}/resend",
        "/v1/sending/pause",
        "/v1/sending/resume",
        f"/v1/people/{NOBODY}/address/start",
    ],
)
async def test_only_staff_steer(notifier: Client, path: str) -> None:
    assert (await notifier.post(path)).status == HTTPStatus.UNAUTHORIZED
    assert (await notifier.post(path, headers=SERVICE)).status == HTTPStatus.FORBIDDEN


async def test_a_pause_says_why(notifier: Client) -> None:
    status, problem = await post(notifier, "/v1/sending/pause", {})
    assert status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [each["pointer"] for each in problem["errors"]] == ["#/reason"]
