"""`GET /v1/events`: the log of a service, pulled by position, waiting for what comes."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import Field, JsonValue

from shared.eventlog import log
from shared.waking import first_of
from shared.web.answers import answer
from shared.web.auth import Role, allow
from shared.web.bodies import DoorModel, query_of
from shared.web.keys import DATABASE, STOPPING
from shared.web.openapi import AnswerModel, describe

routes = web.RouteTableDef()

# Other replicas' commits are heard by LISTEN/NOTIFY; this bounds the harm of a missed one.
LOOK_AGAIN_SECONDS: Final = 5.0


class EventsQuery(DoorModel):
    """`after` a position, at most `limit` events, waiting up to `wait` seconds for the first."""

    after: Annotated[int, Field(ge=0, le=2**62)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 500
    wait: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 0


class EventsAnswer(AnswerModel):
    """Events in the order of the log; docs/events has the schema of each type."""

    events: tuple[dict[str, JsonValue], ...]
    position: Annotated[int, Field(ge=0, description="What to ask `after` next.")]


@routes.get("/v1/events")
@allow(Role.SERVICE)
@describe("Read the event log", query=EventsQuery, answers={200: EventsAnswer})
async def get_events(request: web.Request) -> web.Response:
    """Answer `{"events": [...], "position": N}`; N is the last event given, else `after`."""
    query = query_of(request, EventsQuery)
    events = await _read_or_wait(request.app, query)
    position = events[-1]["position"] if events else query.after
    return answer({"events": events, "position": position})


async def _read_or_wait(app: web.Application, query: EventsQuery) -> list[dict[str, Any]]:
    database, stopping = app[DATABASE], app[STOPPING]
    loop = asyncio.get_running_loop()
    deadline = loop.time() + query.wait
    while True:
        news = database.commits.next()
        events = await database.read(lambda conn: log.read_after(conn, query.after, query.limit))
        left = deadline - loop.time()
        if events or left <= 0 or stopping.is_set():
            return events
        await first_of(news, stopping, seconds=min(left, LOOK_AGAIN_SECONDS))
