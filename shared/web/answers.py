"""Answers, and the promise that a retried request gets the first answer again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.refusals import Refusal
from shared.store import idempotency
from shared.store.idempotency import Footprint, KeptAnswer
from shared.web.auth import caller
from shared.web.keys import CLOCK, DATABASE
from shared.web.problems import CONTENT_TYPE, BadRequest, FieldProblem, Statuses, refused

Body = Mapping[str, object]

STATUSES: Final[web.AppKey[Statuses]] = web.AppKey("STATUSES")
REPLAY: Final = "Idempotent-Replay"
SHOWN_ONCE: Final = "This was shown once, with the first answer, and is not kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a change answers. Members named in `secrets` are never stored."""

    status: HTTPStatus = HTTPStatus.OK
    body: Body | None = None
    secrets: tuple[str, ...] = ()
    location: str | None = None

    def __post_init__(self) -> None:
        if self.secrets and not set(self.secrets) <= set(self.body or {}):
            raise ValueError("a secret must be a member of the body")


Work = Callable[[AsyncConnection], Awaitable[Answer]]


def answer(body: Body | None, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """Return `body` as JSON, or nothing at all for None."""
    if body is None:
        return web.Response(status=status)
    return web.json_response(body, status=status)


async def answer_once(request: web.Request, work: Work) -> web.Response:
    """Run `work` in one write transaction and answer what it returns, after the commit.

    With an `Idempotency-Key` the answer is stored in that same transaction, for 24 hours,
    per caller and route; the same key with another body is refused with 422.
    """
    footprint = await _footprint(request)
    try:
        given = await _in_one_transaction(request, footprint, work)
    except Refusal as refusal:
        if footprint is None:
            raise
        return await _keep_refusal(request, footprint, refusal)
    if isinstance(given, KeptAnswer):
        return _replay(given)
    headers = {"Location": given.location} if given.location else None
    response = answer(given.body, given.status)
    response.headers.update(headers or {})
    return response


def was_done(response: web.Response) -> bool:
    """Whether the request has changed something now: it was not refused, and is no repeat."""
    return response.status < HTTPStatus.BAD_REQUEST and REPLAY not in response.headers


async def _in_one_transaction(
    request: web.Request, footprint: Footprint | None, work: Work
) -> Answer | KeptAnswer:
    now = request.app[CLOCK].now()

    async def first_or_again(conn: AsyncConnection) -> Answer | KeptAnswer:
        if footprint is None:
            return await work(conn)
        kept = await idempotency.claim(conn, footprint, now)
        if kept is not None:
            return _same_request(kept, footprint)
        given = await work(conn)
        await idempotency.keep(conn, footprint, status=given.status, body=_kept_text(given))
        return given

    return await request.app[DATABASE].write(first_or_again)


async def _keep_refusal(
    request: web.Request, footprint: Footprint, refusal: Refusal
) -> web.Response:
    """A refusal undid its transaction, so its answer is stored in one of its own."""
    statuses: Statuses = request.app[STATUSES]
    response = refused(refusal, statuses)
    now = request.app[CLOCK].now()

    async def keep(conn: AsyncConnection) -> KeptAnswer | None:
        kept = await idempotency.claim(conn, footprint, now)
        if kept is None:
            await idempotency.keep(
                conn, footprint, status=response.status, body=response.text or ""
            )
            return None
        return _same_request(kept, footprint)

    kept = await request.app[DATABASE].write(keep)
    return response if kept is None else _replay(kept)


async def _footprint(request: web.Request) -> Footprint | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        raise _wrong_key("Idempotency-Key must be 1 to 255 printable ASCII characters.")
    asked = request.rel_url.raw_query_string.encode() + b"\n" + await request.read()
    return Footprint(
        caller=caller(request).id,
        route=f"{request.method} {request.path}"[:200],
        key=key,
        request_sha256=hashlib.sha256(asked).hexdigest(),
    )


def _same_request(kept: KeptAnswer, footprint: Footprint) -> KeptAnswer:
    if kept.request_sha256 != footprint.request_sha256:
        raise _wrong_key("This Idempotency-Key was used with another body.")
    return kept


def _wrong_key(said: str) -> BadRequest:
    return BadRequest(
        "idempotency-key",
        "The Idempotency-Key cannot be used.",
        FieldProblem(detail=said, parameter="Idempotency-Key"),
    )


def _kept_text(given: Answer) -> str:
    if given.body is None:
        return ""
    without = {k: None if k in given.secrets else v for k, v in given.body.items()}
    note = {"not_repeated": SHOWN_ONCE} if given.secrets else {}
    return json.dumps({**without, **note})


def _replay(kept: KeptAnswer) -> web.Response:
    content_type = CONTENT_TYPE if kept.status >= HTTPStatus.BAD_REQUEST else "application/json"
    headers = {REPLAY: "true"}
    if not kept.body:
        return web.Response(status=kept.status, headers=headers)
    return web.Response(
        text=kept.body, status=kept.status, content_type=content_type, headers=headers
    )
