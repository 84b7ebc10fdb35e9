"""What every service does around its own routes, on both databases."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from aiohttp import web

from shared.clock import HeldClock
from shared.web.at_hand import AT_HAND, AtHand
from tests.shared.diary import ADMIN, SERVICE, Client, diary_app, running


@pytest.fixture
async def client(database_url: str, clock: HeldClock) -> AsyncIterator[Client]:
    async with running(diary_app(database_url, clock)) as client:
        yield client


async def told(client: Client) -> int:
    answer = await client.get("/v1/events", headers=SERVICE)
    position: int = (await answer.json())["position"]
    return position


async def test_a_retried_request_gets_the_first_answer_without_its_secret(client: Client) -> None:
    headers = {**ADMIN, "Idempotency-Key": "once"}
    first = await client.post("/v1/notes", json={"role": "staff"}, headers=headers)
    again = await client.post("/v1/notes", json={"role": "staff"}, headers=headers)
    assert (first.status, again.status) == (HTTPStatus.CREATED, HTTPStatus.CREATED)
    one, two = await first.json(), await again.json()
    assert two["id"] == one["id"]
    assert one["secret"]
    assert two["secret"] is None
    assert "shown once" in two["not_repeated"]
    assert await told(client) == 1


async def test_twenty_retries_at_once_change_one_thing(client: Client) -> None:
    headers = {**ADMIN, "Idempotency-Key": "once"}
    answers = await asyncio.gather(
        *(client.post("/v1/notes", json={"role": "staff"}, headers=headers) for _ in range(20))
    )
    assert len({(await answer.json())["id"] for answer in answers}) == 1
    assert await told(client) == 1


async def test_the_same_key_with_another_body_is_refused(client: Client) -> None:
    headers = {**ADMIN, "Idempotency-Key": "once"}
    await client.post("/v1/notes", json={"role": "staff"}, headers=headers)
    other = await client.post("/v1/notes", json={"role": "admin"}, headers=headers)
    assert other.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (await other.json())["errors"][0]["parameter"] == "Idempotency-Key"


async def test_a_refusal_is_remembered_and_nothing_was_stored(client: Client) -> None:
    headers = {**ADMIN, "Idempotency-Key": "full"}
    body = {"role": "staff", "full": True}
    first = await client.post("/v1/notes", json=body, headers=headers)
    again = await client.post("/v1/notes", json=body, headers=headers)
    assert (first.status, again.status) == (HTTPStatus.CONFLICT, HTTPStatus.CONFLICT)
    assert await first.json() == await again.json()
    assert first.content_type == again.content_type == "application/problem+json"
    assert (await first.json())["pages"] == 1
    assert await told(client) == 0


async def test_after_a_day_a_key_may_be_used_anew(client: Client, clock: HeldClock) -> None:
    headers = {**ADMIN, "Idempotency-Key": "once"}
    await client.post("/v1/notes", json={"role": "staff"}, headers=headers)
    clock.advance(timedelta(hours=24))
    await client.post("/v1/notes", json={"role": "staff"}, headers=headers)
    assert await told(client) == 2


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"not json", HTTPStatus.BAD_REQUEST, None),
        (b"\xff", HTTPStatus.BAD_REQUEST, None),
        (b'{"role": NaN}', HTTPStatus.BAD_REQUEST, None),
        (b"[" * 100_000, HTTPStatus.BAD_REQUEST, None),
        (b"x" * (2 * 1024 * 1024), HTTPStatus.REQUEST_ENTITY_TOO_LARGE, None),
        (b'{"role": "owner"}', HTTPStatus.UNPROCESSABLE_ENTITY, "#/role"),
        (b'{"role": "staff", "a/b": 1}', HTTPStatus.UNPROCESSABLE_ENTITY, "#/a~1b"),
        (b"[]", HTTPStatus.UNPROCESSABLE_ENTITY, "#"),
    ],
    ids=["text", "bytes", "nan", "depth", "2-mib", "role", "unknown-field", "list"],
)
async def test_a_bad_body_is_a_problem_that_names_the_field(
    client: Client, body: bytes, status: HTTPStatus, pointer: str | None
) -> None:
    answer = await client.post("/v1/notes", data=io.BytesIO(body), headers=ADMIN)
    document = await answer.json()
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert document["type"].startswith("urn:standing-hour:problem:")
    assert [error.get("pointer") for error in document.get("errors", [])] == (
        [pointer] if pointer else []
    )
    assert await told(client) == 0


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "limit=0", "wait=nan", "of=1", "after=1&after=2"]
)
async def test_a_bad_query_names_the_parameter(client: Client, query: str) -> None:
    answer = await client.get(f"/v1/events?{query}", headers=SERVICE)
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (await answer.json())["errors"][0]["parameter"] == query.partition("=")[0]


async def test_keys_open_only_what_their_role_allows(client: Client) -> None:
    assert (await client.get("/v1/events")).status == HTTPStatus.UNAUTHORIZED
    wrong = {"Authorization": "Bearer nobody"}
    assert (await client.get("/v1/events", headers=wrong)).status == HTTPStatus.UNAUTHORIZED
    assert (await client.get("/v1/events", headers=ADMIN)).status == HTTPStatus.FORBIDDEN
    made = await client.post("/v1/notes", json={"role": "service"}, headers=ADMIN)
    mine = {"Authorization": f"Bearer {(await made.json())['secret']}"}
    assert (await client.get("/v1/events", headers=mine)).status == HTTPStatus.OK


async def test_an_error_nobody_foresaw_says_nothing_of_its_cause(client: Client) -> None:
    answer = await client.post("/v1/failures", headers=ADMIN)
    assert answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "Kim" not in await answer.text()


async def test_a_long_poll_answers_as_soon_as_something_is_told(client: Client) -> None:
    waiting = asyncio.create_task(client.get("/v1/events?after=0&wait=25", headers=SERVICE))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await client.post("/v1/notes", json={"role": "staff"}, headers=ADMIN)
    async with asyncio.timeout(5):
        answer = await waiting
    assert (await answer.json())["position"] == 1


async def test_a_stop_answers_the_long_polls_at_once(database_url: str, clock: HeldClock) -> None:
    async with running(diary_app(database_url, clock)) as client:
        waiting = asyncio.create_task(client.get("/v1/events?wait=25", headers=SERVICE))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(5):
            await client.server.runner.cleanup()  # type: ignore[union-attr] # it has started
        answer = await waiting
    assert answer.status == HTTPStatus.OK


async def test_health_says_what_is_held(client: Client) -> None:
    ready = await client.get("/ready")
    found = await ready.json()
    assert ready.status == HTTPStatus.OK
    assert found["checks"]["database"]["migrated"] is True
    assert found["tzversion"]
    assert (await client.get("/live")).status == HTTPStatus.OK
    assert "http_request_seconds" in await (await client.get("/metrics")).text()


async def test_every_answer_is_private_and_has_an_id(client: Client) -> None:
    answer = await client.get("/nowhere")
    assert answer.status == HTTPStatus.NOT_FOUND
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert len(answer.headers["X-Request-Id"]) == 32


async def test_what_fails_at_hand_is_answered_by_the_chain(
    database_url: str, clock: HeldClock
) -> None:
    def fails(_app: web.Application, _request: web.Request) -> web.Response:
        raise LookupError

    app = diary_app(database_url, clock)
    app[AT_HAND] = AtHand("/live", fails)
    async with running(app) as client:
        assert (await client.get("/live")).status == HTTPStatus.OK


async def test_only_a_get_without_a_body_is_answered_at_hand(
    database_url: str, clock: HeldClock
) -> None:
    app = diary_app(database_url, clock)
    app[AT_HAND] = AtHand("/live", lambda _app, _request: web.Response(text="at hand"))
    async with running(app) as client:
        assert await (await client.get("/live")).text() == "at hand"
        assert await (await client.get("/live", data=b"x")).text() != "at hand"
        assert (await client.post("/live")).status == HTTPStatus.METHOD_NOT_ALLOWED


async def test_a_route_that_nobody_decided_on_stops_the_start(
    database_url: str, clock: HeldClock
) -> None:
    async def undecided(_request: web.Request) -> web.Response:
        return web.Response()

    app = diary_app(database_url, clock)
    app.router.add_get("/undecided", undecided)
    runner = web.AppRunner(app)
    with pytest.raises(RuntimeError, match="no policy"):
        await runner.setup()
    await runner.cleanup()
