"""Routes under /v1/keys."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from aiohttp import web

from services.scheduler.api.answers.keys import KeyAnswer
from services.scheduler.api.bodies import KeyBody
from services.scheduler.api.changes import answer_change
from services.scheduler.domain.errors import NotRecorded, UnknownKey
from services.scheduler.domain.keys import Key
from services.scheduler.use_cases import keys
from shared.store.api_keys import hash_key
from shared.web.answers import Answer
from shared.web.auth import Role, allow
from shared.web.bodies import body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()

PREFIX: Final = "sh_"  # so that a key which leaked can be told from other secrets
RANDOM_BYTES: Final = 32


@routes.post("/v1/keys")
@allow(Role.ADMIN)
@describe("Make a key", body=KeyBody, answers={201: KeyAnswer}, refusals=(NotRecorded,))
async def post_key(request: web.Request) -> web.Response:
    """Make a key: 201 with the key itself, which is shown this once and kept as a hash."""
    body = await body_of(request, KeyBody)
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    key = Key(id=uuid4(), role=body.role, sha256=hash_key(secret), clinician_id=body.clinician_id)
    now = request.app[CLOCK].now()
    document = {"id": str(key.id), "role": key.role.value, "name": body.name, "key": secret}
    return await answer_change(
        request,
        lambda conn: keys.enter_key(conn, now, key, name=body.name),
        lambda _: Answer(status=HTTPStatus.CREATED, body=document, secrets=("key",)),
    )


@routes.delete("/v1/keys/{id}")
@allow(Role.ADMIN)
@describe("Revoke a key", answers={204: None}, refusals=(UnknownKey,))
async def delete_key(request: web.Request) -> web.Response:
    """Revoke a key: 204, and again 204."""
    id, now = path_id(request, "id", UnknownKey), request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: keys.revoke_key(conn, now, id),
        lambda _: Answer(status=HTTPStatus.NO_CONTENT),
    )
