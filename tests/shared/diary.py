"""The smallest service there can be: it keeps notes of keys, tells of them, and listens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock
from shared.eventlog import log
from shared.events.data import KeySaved
from shared.events.envelope import tell
from shared.refusals import Refusal
from shared.store.api_keys import apply_key, hash_key
from shared.web import event_route
from shared.web.answers import Answer, answer_once
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, body_of
from shared.web.keys import CLOCK
from shared.web.service import Skeleton, service_app
from shared.web.serving import Serving

ADMIN_KEY = "admin-key-of-the-tests-0123456789abcdef"
SERVICE_KEY = "service-key-of-the-tests-0123456789abc"
SECRET = "secret-of-the-tests-that-signs-links"
ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}
SERVICE = {"Authorization": f"Bearer {SERVICE_KEY}"}
HISTORY = Path(__file__).parent / "histories" / "log"

Client = TestClient[web.Request, web.Application]

routes = web.RouteTableDef()


class PageFull(Refusal):
    """There is no room for this note."""


class Note(DoorModel):
    role: Role
    full: bool = False


@routes.post("/v1/notes")
@allow(Role.ADMIN, Role.STAFF)
async def post_note(request: web.Request) -> web.Response:
    note = await body_of(request, Note)
    now = request.app[CLOCK].now()
    secret = uuid4().hex

    async def write(conn: AsyncConnection) -> Answer:
        saved = KeySaved(key_id=uuid4(), revision=1, role=note.role.value, sha256=hash_key(secret))
        await apply_key(conn, saved)
        await log.append(conn, [tell(saved, source="diary", at=now)])
        if note.full:
            raise PageFull("the page is full", pointer="#/full", members={"pages": 1})
        body = {"id": str(saved.key_id), "secret": secret, "by": caller(request).id}
        return Answer(status=HTTPStatus.CREATED, body=body, secrets=("secret",))

    return await answer_once(request, write)


@routes.post("/v1/failures")
@allow(Role.ADMIN)
async def post_failure(_request: web.Request) -> web.Response:
    raise LookupError("Kim's address is in this text")


def serving_for(database_url: str, *, host: str = "127.0.0.1") -> Serving:
    """Return the settings that every service has, as the tests use them."""
    return Serving(
        host=host,
        port=0,
        database_url=database_url,
        admin_api_key=ADMIN_KEY,
        service_api_key=SERVICE_KEY,
        secret_key=SECRET,
    )


def diary_app(database_url: str, clock: Clock) -> web.Application:
    app = service_app(
        Skeleton(
            name="diary",
            serving=serving_for(database_url),
            migrations=HISTORY,
            clock=clock,
            refusals={PageFull: HTTPStatus.CONFLICT},
        )
    )
    app.add_routes(routes)
    app.add_routes(event_route.routes)
    return app


@asynccontextmanager
async def running(app: web.Application) -> AsyncIterator[Client]:
    async with TestClient(TestServer(app)) as client:
        yield client
