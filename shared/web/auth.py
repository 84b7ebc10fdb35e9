"""Who is asking: bearer keys with roles, and a declared policy on every route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final, TypeVar
from uuid import UUID

from aiohttp import web
from aiohttp.typedefs import Handler

from shared.store.api_keys import find_key, hash_key
from shared.store.database import Database
from shared.web.keys import DATABASE
from shared.web.problems import BadRequest

H = TypeVar("H", bound=Callable[[web.Request], Awaitable[web.StreamResponse]])


class Role(StrEnum):
    """What a key is for."""

    ADMIN = "admin"  # everything a person may do, and keys
    STAFF = "staff"  # the whole practice
    CLINICIAN = "clinician"  # one clinician's own diary
    SERVICE = "service"  # another service, reading the event log


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever holds the key of this request; `id` is safe to log."""

    id: str
    role: Role
    clinician_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The hashes of the two keys that come from the settings."""

    admin: str
    service: str

    @classmethod
    def of(cls, *, admin: str, service: str) -> OwnKeys:
        return cls(hash_key(admin), hash_key(service))


CALLER: Final = web.RequestKey("CALLER", Caller)
OWN_KEYS: Final = web.AppKey("OWN_KEYS", OwnKeys)
_POLICY: Final = "__standing_hour_policy__"
PUBLIC: Final[frozenset[Role]] = frozenset()


def allow(*roles: Role) -> Callable[[H], H]:
    """Declare whose keys open this route."""

    def declare(handler: H) -> H:
        setattr(handler, _POLICY, frozenset(roles))
        return handler

    return declare


def public(handler: H) -> H:
    """Declare that this route needs no key."""
    setattr(handler, _POLICY, PUBLIC)
    return handler


def policy_of(handler: object) -> frozenset[Role] | None:
    """Return the roles that may call `handler`, empty for everyone, None if undeclared."""
    policy: frozenset[Role] | None = getattr(handler, _POLICY, None)
    return policy


def caller(request: web.Request) -> Caller:
    """Return who is asking; only on routes that need a key."""
    return request[CALLER]


@web.middleware
async def authentication(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request through only if its route is public or its key has one of the roles."""
    route = request.match_info
    policy = PUBLIC if route.http_exception else policy_of(route.handler)
    if policy != PUBLIC:
        asking = await identify(request)
        if asking.role not in (policy or ()):
            raise BadRequest("forbidden", "This key may not do that.", status=HTTPStatus.FORBIDDEN)
        request[CALLER] = asking
    return await handler(request)


async def identify(request: web.Request) -> Caller:
    """Return the holder of the bearer key, or refuse with 401."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and key:
        found = await caller_with(key.strip(), request.app[OWN_KEYS], request.app[DATABASE])
    if found is None:
        raise BadRequest(
            "unauthorized",
            "This needs an API key: Authorization: Bearer KEY.",
            status=HTTPStatus.UNAUTHORIZED,
            headers={"WWW-Authenticate": "Bearer"},
        )
    return found


async def caller_with(key: str, own: OwnKeys, database: Database) -> Caller | None:
    """Return who holds `key`. Only hashes are compared, so timing tells nothing of the key."""
    digest = hash_key(key)
    if digest == own.admin:
        return Caller(id="admin", role=Role.ADMIN)
    if digest == own.service:
        return Caller(id="service", role=Role.SERVICE)
    found = await database.read(lambda conn: find_key(conn, digest))
    if found is None:
        return None
    return Caller(id=str(found.id), role=Role(found.role), clinician_id=found.clinician_id)
