"""The OpenAPI 3.1 document of a running service: the same bytes for the same routes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from aiohttp import hdrs, web
from pydantic import BaseModel

from shared.web.answers import STATUSES
from shared.web.keys import SERVICE
from shared.web.openapi import description_of
from shared.web.reference import operations
from shared.web.reference.operations import Operation
from shared.web.reference.problems import Problem
from shared.web.reference.schemas import Json, Schemas, schemas_of

_CHANGES: Final = frozenset({"PATCH", "PUT"})
VERSION: Final = "1.0.0"
_ABOUT: Final = (
    "JSON in UTF-8. A time has its offset (RFC 3339). Whatever is refused is answered with a"
    " problem document (RFC 9457): its `type` is stable, and `errors` points at each field that is"
    " wrong. A list answers what it found and `next`, which is null or to be given back for the"
    " next page. Every answer carries an `X-Request-Id`."
)
_REPEAT: Final = (
    "Any word of yours, 1 to 255 printable ASCII characters. The same request with the same key is"
    " carried out once, and answered the same again for 24 hours."
)
_PARTS: Final[Json] = {
    "parameters": {
        "Idempotency-Key": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": _REPEAT,
            "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"},
        }
    },
    "headers": {
        "Idempotent-Replay": {
            "description": "`true` on an answer that was kept from the first time.",
            "schema": {"type": "string", "const": "true"},
        },
        "Location": {
            "description": "Where what was made can be read.",
            "schema": {"type": "string"},
        },
        "Retry-After": {
            "description": "After how many seconds to try again.",
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
        },
        "WWW-Authenticate": {
            "description": "How to say who you are.",
            "schema": {"type": "string"},
        },
    },
    "securitySchemes": {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key; each operation says the roles of the keys that open it.",
        }
    },
}


def openapi(app: web.Application) -> Json:
    """Return the whole document of `app`, its operations in the order of its routes."""
    told = list(described(app))
    schemas = schemas_of(_models(told))
    for each in told:
        _leave_what_is_left_out(each, schemas)
    queries = {each.description.query for each in told if each.description.query}
    paths: dict[str, Json] = {}
    for each in told:
        item = operations.document(each, app[STATUSES], schemas)
        paths.setdefault(each.path, {})[each.method.lower()] = item
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Standing Hour: {app[SERVICE].replace('_', ' ')}",
            "version": VERSION,
            "description": _ABOUT,
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(each.tag for each in told)],
        "paths": paths,
        "components": {"schemas": schemas.without(queries), **_PARTS},
    }


def described(app: web.Application) -> Iterator[Operation]:
    """Yield every route of `app` that is described; HEAD is GET without its body."""
    for route in app.router.routes():
        description = description_of(route.handler)
        if description is None or route.method == hdrs.METH_HEAD or route.resource is None:
            continue
        yield Operation(
            method=route.method,
            path=route.resource.canonical,
            handler=route.handler,
            description=description,
        )


def _leave_what_is_left_out(operation: Operation, schemas: Schemas) -> None:
    """A change has no defaults: what it does not name stays as it is."""
    body = operation.description.body
    if operation.method in _CHANGES and isinstance(body, type):
        for member in schemas.of(body).get("properties", {}).values():
            member.pop("default", None)


def _models(told: Iterable[Operation]) -> Iterator[type[BaseModel]]:
    """Every model that is taken or answered, and how refusals are."""
    yield Problem
    for each in told:
        description = each.description
        given: list[object] = [description.body, description.query]
        for answered in description.answers.values():
            given += answered if isinstance(answered, tuple) else [answered]
        yield from (one for one in given if isinstance(one, type) and issubclass(one, BaseModel))
