"""The local SendGrid checks as strictly, and fails as badly, as the real one."""

from __future__ import annotations

import asyncio
import copy
import io
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import HeldClock
from tests.fakes.ports import free_port
from tests.fakes.sendgrid_rules import complaints
from tests.fakes.sendgrid_server import LOCAL_KEY, MOST_BYTES, Behaviour, SendGrid

NOON = datetime(2027, 2, 16, 17, tzinfo=UTC)
MAIL: dict[str, Any] = {
    "personalizations": [
        {"to": [{"email": "kim@clients.example"}], "custom_args": {"delivery": "7f"}}
    ],
    "from": {"email": "hour@practice.example", "name": "The practice"},
    "subject": "Your appointment",
    "content": [
        {"type": "text/plain", "value": "Tuesday, 3 pm"},
        {"type": "text/html", "value": "<p>Tuesday, 3 pm</p>"},
    ],
    "tracking_settings": {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
    },
}


@pytest.fixture
async def sendgrid() -> AsyncIterator[SendGrid]:
    async with SendGrid(clock=HeldClock(NOON)) as server:
        yield server


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


async def _post(
    web: aiohttp.ClientSession, server: SendGrid, mail: object = MAIL, key: str = LOCAL_KEY
) -> tuple[int, Any, dict[str, str]]:
    headers = {"Authorization": f"Bearer {key}"}
    async with web.post(f"{server.url}/v3/mail/send", json=mail, headers=headers) as answer:
        body = await answer.json() if answer.content_type == "application/json" else None
        return answer.status, body, dict(answer.headers)


async def test_a_good_mail_is_taken_with_its_time(
    web: aiohttp.ClientSession, sendgrid: SendGrid
) -> None:
    status, body, headers = await _post(web, sendgrid)
    assert (status, body) == (202, None)
    [mail] = await sendgrid.arrived(1)
    assert headers["X-Message-Id"] == mail.message_id
    assert (mail.at, mail.recipients, mail.payload) == (NOON, ["kim@clients.example"], MAIL)


async def test_a_wrong_key_is_refused_and_nothing_is_taken(
    web: aiohttp.ClientSession, sendgrid: SendGrid
) -> None:
    status, body, _ = await _post(web, sendgrid, key="SG.someone.else")
    assert status == 401
    assert body["errors"][0]["message"].startswith("The provided authorization grant is invalid")
    assert body["errors"][0] | {"message": ""} == {"message": "", "field": None, "help": None}
    assert sendgrid.mails == []


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        (Behaviour.UNAUTHORIZED, 401),
        (Behaviour.TOO_MANY, 429),
        (Behaviour.ERROR, 500),
        (Behaviour.UNAVAILABLE, 503),
    ],
)
async def test_it_refuses_as_often_as_told_and_then_takes(
    web: aiohttp.ClientSession, sendgrid: SendGrid, behaviour: Behaviour, status: int
) -> None:
    sendgrid.behave(behaviour, times=2)
    answers = [await _post(web, sendgrid) for _ in range(3)]
    assert [answer[0] for answer in answers] == [status, status, 202]
    assert answers[0][1]["errors"][0]["field"] is None
    assert (len(sendgrid.mails), sendgrid.requests) == (1, 3)


async def test_too_many_says_when_to_come_back(
    web: aiohttp.ClientSession, sendgrid: SendGrid
) -> None:
    sendgrid.behave(Behaviour.TOO_MANY, times=1, retry_after=7)
    _, _, headers = await _post(web, sendgrid)
    assert (headers["Retry-After"], headers["X-RateLimit-Remaining"]) == ("7", "0")
    assert int(headers["X-RateLimit-Reset"]) == int(NOON.timestamp()) + 7


async def test_it_fails_until_told_otherwise(
    web: aiohttp.ClientSession, sendgrid: SendGrid
) -> None:
    sendgrid.behave(Behaviour.UNAVAILABLE)
    assert [(await _post(web, sendgrid))[0] for _ in range(3)] == [503] * 3
    sendgrid.behave(Behaviour.ACCEPT)
    assert (await _post(web, sendgrid))[0] == 202


async def test_it_hangs_with_the_mail_taken(web: aiohttp.ClientSession, sendgrid: SendGrid) -> None:
    sendgrid.behave(Behaviour.HANG, times=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await _post(web, sendgrid)
    assert len(sendgrid.mails) == 1


async def test_it_drops_the_connection_with_the_mail_taken(
    web: aiohttp.ClientSession, sendgrid: SendGrid
) -> None:
    sendgrid.behave(Behaviour.DROP, times=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await _post(web, sendgrid)
    assert len(sendgrid.mails) == 1
    assert (await _post(web, sendgrid))[0] == 202


async def test_a_mail_over_30_megabytes_is_too_large(
    web: aiohttp.ClientSession, sendgrid: SendGrid
) -> None:
    body = io.BytesIO(b'"' + b"x" * MOST_BYTES + b'"')
    headers = {"Authorization": f"Bearer {LOCAL_KEY}", "Content-Type": "application/json"}
    async with web.post(f"{sendgrid.url}/v3/mail/send", data=body, headers=headers) as answer:
        assert (answer.status, sendgrid.mails) == (413, [])
        told = (await answer.json())["errors"][0]["message"]
    assert "too large" in told


async def test_what_is_not_json_is_refused(web: aiohttp.ClientSession, sendgrid: SendGrid) -> None:
    headers = {"Authorization": f"Bearer {LOCAL_KEY}", "Content-Type": "application/json"}
    async with web.post(f"{sendgrid.url}/v3/mail/send", data=b"{", headers=headers) as answer:
        assert answer.status == 400
    headers["Content-Type"] = "text/plain"
    async with web.post(f"{sendgrid.url}/v3/mail/send", data=b"{}", headers=headers) as answer:
        assert answer.status == 415


Spoil = Callable[[dict[str, Any]], object]
SPOILED: dict[str, tuple[str | None, Spoil]] = {
    "nobody to send to": ("personalizations", lambda m: m.pop("personalizations")),
    "an empty list of people": ("personalizations", lambda m: m["personalizations"].clear()),
    "1001 people": ("personalizations", lambda m: m.update(personalizations=[{}] * 1001)),
    "a block without to": ("personalizations.0.to", lambda m: m["personalizations"][0].pop("to")),
    "no address": ("personalizations.0.to.0.email", lambda m: _to(m).pop("email")),
    "half an address": ("personalizations.0.to.0.email", lambda m: _to(m).update(email="kim@")),
    "an address twice": (
        "personalizations.0",
        lambda m: m["personalizations"][0].update(cc=[{"email": "KIM@clients.example"}]),
    ),
    "no sender": ("from", lambda m: m.pop("from")),
    "a sender as text": ("from", lambda m: m.update({"from": "hour@practice.example"})),
    "no subject": ("subject", lambda m: m.pop("subject")),
    "an empty subject": ("subject", lambda m: m.update(subject="")),
    "a subject of two lines": ("subject", lambda m: m.update(subject="One\nBcc: all")),
    "no content": ("content", lambda m: m.pop("content")),
    "html before text": ("content", lambda m: m["content"].reverse()),
    "empty text": ("content.0.value", lambda m: m["content"][0].update(value="")),
    "a charset": ("content.0.type", lambda m: m["content"][0].update(type="text/plain; a=b")),
    "a number as argument": ("custom_args.n", lambda m: m.update(custom_args={"n": 7})),
    "a number inside": (
        "personalizations.0.custom_args.delivery",
        lambda m: m["personalizations"][0]["custom_args"].update(delivery=7),
    ),
    "a header of numbers": ("headers.X-A", lambda m: m.update(headers={"X-A": 1})),
    "tracking as a flag": ("tracking_settings", lambda m: m.update(tracking_settings=False)),
    "open tracking as a flag": (
        "tracking_settings.open_tracking",
        lambda m: m["tracking_settings"].update(open_tracking=False),
    ),
    "tracking in words": (
        "tracking_settings.click_tracking.enable",
        lambda m: m["tracking_settings"]["click_tracking"].update(enable="no"),
    ),
    "a field that does not exist": ("substitutions", lambda m: m.update(substitutions={})),
}


def _to(mail: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = mail["personalizations"][0]["to"][0]
    return found


@pytest.mark.parametrize("spoiled", SPOILED)
async def test_a_spoiled_mail_is_refused_by_the_field_at_fault(
    web: aiohttp.ClientSession, sendgrid: SendGrid, spoiled: str
) -> None:
    field, spoil = SPOILED[spoiled]
    mail = copy.deepcopy(MAIL)
    spoil(mail)
    status, body, _ = await _post(web, sendgrid, mail)
    assert (status, sendgrid.mails) == (400, [])
    assert field in {each["field"] for each in body["errors"]}


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*MAIL, "to", "cc", "email", "name", "type", "value", "enable"]),
            inner,
            max_size=4,
        )
    ),
)


@given(ANY_JSON)
def test_no_payload_makes_it_stumble(payload: object) -> None:
    assert complaints(payload)


@given(st.sampled_from(sorted(MAIL)), ANY_JSON)
def test_no_field_makes_it_stumble(field: str, value: object) -> None:
    complaints({**MAIL, field: value})


def test_a_list_is_no_mail() -> None:
    assert complaints([])[0].message == "Invalid type. Expected: object, given: array."


async def test_other_processes_can_drive_it(web: aiohttp.ClientSession) -> None:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.sendgrid_server", str(port),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        told = await _when_up(web, f"{url}/_control", {"behaviour": "error", "times": 1})
        headers = {"Authorization": f"Bearer {LOCAL_KEY}"}
        statuses = []
        for _ in range(2):
            async with web.post(f"{url}/v3/mail/send", json=MAIL, headers=headers) as answer:
                statuses.append(answer.status)
        async with web.get(f"{url}/_mails") as answer:
            shown = await answer.json()
    finally:
        process.terminate()
        printed, _ = await process.communicate()
    assert (told, statuses, printed) == (204, [500, 202], b"")
    assert (shown["requests"], shown["mails"][0]["payload"]) == (2, MAIL)


async def _when_up(web: aiohttp.ClientSession, url: str, body: object) -> int:
    async with asyncio.timeout(10):
        while True:
            try:
                async with web.post(url, json=body) as answer:
                    return answer.status
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
