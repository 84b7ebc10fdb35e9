"""Routes that stop all sending, and let it go on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aiohttp import web
from pydantic import ConfigDict, Field

from services.notifier.api.answers.sending import SendingAnswer
from services.notifier.store.sending import Sending, read_switch
from services.notifier.use_cases import steering
from shared.logs import log
from shared.store.database import Connection
from shared.web.answers import Answer, answer, answer_once, was_done
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, body_of
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()


class PauseBody(DoorModel):
    """Why nothing is to be sent; staff read it, and nobody else."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "the office moves"}]})

    reason: Annotated[str, Field(min_length=1, max_length=200)]


@routes.get("/v1/sending")
@allow(Role.ADMIN, Role.STAFF)
@describe("Is mail being sent?", answers={200: SendingAnswer})
async def get_sending(request: web.Request) -> web.Response:
    """Answer whether all sending is paused, since when, by which key and why."""
    return answer(_document(await request.app[DATABASE].read(read_switch)))


@routes.post("/v1/sending/pause")
@allow(Role.ADMIN, Role.STAFF)
@describe("Pause all sending", body=PauseBody, answers={200: SendingAnswer})
async def post_pause(request: web.Request) -> web.Response:
    """Let no mail begin to be sent, by any replica, until it is resumed: 200, and again 200."""
    body, by, now = await body_of(request, PauseBody), caller(request).id, request.app[CLOCK].now()

    async def work(conn: Connection) -> Answer:
        paused = await steering.pause(conn, now, by=by, reason=body.reason)
        return Answer(status=HTTPStatus.OK, body=_document(paused))

    response = await answer_once(request, work)
    if was_done(response):
        log.warning("sending.paused", by=by)
    return response


@routes.post("/v1/sending/resume")
@allow(Role.ADMIN, Role.STAFF)
@describe("Send again", answers={200: SendingAnswer})
async def post_resume(request: web.Request) -> web.Response:
    """Send what is due and still useful: 200, and again 200."""

    async def work(conn: Connection) -> Answer:
        return Answer(status=HTTPStatus.OK, body=_document(await steering.resume(conn)))

    response = await answer_once(request, work)
    if was_done(response):
        log.warning("sending.resumed", by=caller(request).id)
    return response


def _document(switch: Sending) -> dict[str, object]:
    since = switch.paused_at
    return {
        "paused": since is not None,
        "paused_at": None if since is None else since.isoformat(),
        "paused_by": switch.paused_by,
        "reason": switch.reason,
    }
