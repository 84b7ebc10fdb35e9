"""The skeleton of a service: what every one has, before its own rooms are added."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock
from shared.refusals import Refusal
from shared.store.database import Database
from shared.store.migrations import is_current, upgrade
from shared.web.answers import STATUSES
from shared.web.at_hand import QuickApplication
from shared.web.auth import OWN_KEYS, authentication, policy_of, public
from shared.web.health import Finding, Health, Readiness, readiness
from shared.web.keys import CLOCK, DATABASE, HEALTH, METRICS, SERVICE, STOPPING
from shared.web.listening import listening
from shared.web.loops import Context
from shared.web.metrics import Metrics
from shared.web.openapi import AnswerModel, Text, describe
from shared.web.reference import routes as reference
from shared.web.requests import observed, problems
from shared.web.serving import Serving

LARGEST_BODY: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """What a service brings: its name, settings, history of migrations, clock and refusals."""

    name: str
    serving: Serving
    migrations: Path
    clock: Clock
    refusals: Mapping[type[Refusal], HTTPStatus]


def service_app(skeleton: Skeleton) -> web.Application:
    """Return an app that opens and migrates its database, answers its health, and stops cleanly."""
    app = QuickApplication(
        middlewares=[observed, problems, authentication], client_max_size=LARGEST_BODY
    )
    app[SERVICE] = skeleton.name
    app[CLOCK] = skeleton.clock
    app[OWN_KEYS] = skeleton.serving.keys
    app[STATUSES] = dict(skeleton.refusals)
    app[HEALTH] = Health()
    app[METRICS] = Metrics()
    app[STOPPING] = asyncio.Event()
    app.on_startup.append(_every_route_has_a_policy)
    app.on_shutdown.append(_stop)
    app.cleanup_ctx.append(_database(skeleton))
    app.cleanup_ctx.append(listening)
    app.router.add_get("/live", live)
    app.router.add_get("/ready", ready)
    app.router.add_get("/metrics", metrics)
    app[reference.REFERENCE] = reference.Reference()
    app.add_routes(reference.routes)
    return app


class Alive(AnswerModel):
    """The process can answer."""

    status: Literal["alive"]


@public
@describe("Is it alive?", answers={200: Alive})
async def live(_request: web.Request) -> web.Response:
    """Answer as long as the process can answer at all."""
    return web.json_response({"status": "alive"})


@public
@describe("Is it ready?", answers={200: Readiness, 503: Readiness})
async def ready(request: web.Request) -> web.Response:
    """Answer 200 when every check is well, else 503, with what each of them found."""
    return readiness(await request.app[HEALTH].findings())


@public
@describe("Its figures", answers={200: Text("text/plain")})
async def metrics(request: web.Request) -> web.Response:
    """Answer the metrics of this process, as Prometheus reads them."""
    own = request.app[METRICS]
    return web.Response(body=own.text(), headers={"Content-Type": own.content_type})


def _database(skeleton: Skeleton) -> Context:
    @asynccontextmanager
    async def context(app: web.Application) -> AsyncIterator[None]:
        database = Database.at(skeleton.serving.database_url)
        app[DATABASE] = database
        await upgrade(database, skeleton.migrations)

        async def check() -> Finding:
            await database.read(_touch)
            current = await is_current(database, skeleton.migrations)
            return Finding(
                ok=current, facts={"kind": database.engine.dialect.name, "migrated": current}
            )

        app[HEALTH].add("database", check)
        yield
        await database.close()

    return context


async def _touch(conn: AsyncConnection) -> None:
    await conn.execute(sa.text("SELECT 1"))


async def _stop(app: web.Application) -> None:
    app[STOPPING].set()


async def _every_route_has_a_policy(app: web.Application) -> None:
    """Refuse to start with a route that nobody decided on."""
    for route in app.router.routes():
        if policy_of(route.handler) is None:
            raise RuntimeError(f"no policy is declared for {route.method} {route.resource}")
