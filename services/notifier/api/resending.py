"""The route that sends again, all at once, what was given up for the same reason."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, ConfigDict, Field

from services.notifier.api.answers.reminders import ManyResentAnswer
from services.notifier.domain.states import Kind, State
from services.notifier.store.listing import Wanted
from services.notifier.use_cases.resending import resend_all
from shared.logs import log
from shared.store.database import Connection
from shared.web.answers import Answer, answer_once, was_done
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, body_of
from shared.web.cursors import Cursor, cursor
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()


class ResendBody(DoorModel):
    """Mails that were given up, all or narrowed; due from `from` on and before `until`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "sendgrid_413", "from": "2026-12-01T00:00:00-05:00"}]
        }
    )

    reason: Annotated[str, Field(max_length=64)] | None = None
    kind: Kind | None = None
    person_id: UUID | None = None
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    until: AwareDatetime | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    next: Cursor | None = None

    def wanted(self) -> Wanted:
        given = self.model_dump(exclude={"next"})
        return Wanted(**given, state=State.FAILED, after=self.next)


@routes.post("/v1/sending/resend")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Send again what was given up",
    body=ResendBody,
    answers={200: ManyResentAnswer},
)
async def post_resend_all(request: web.Request) -> web.Response:
    """Plan anew, each as one alone would be, up to `limit` mails that were given up: 200.

    What was repeated since, and what is not to be said any more, is passed over; `next` goes on
    where this ended.
    """
    body, now = await body_of(request, ResendBody), request.app[CLOCK].now()

    async def work(conn: Connection) -> Answer:
        done = await resend_all(conn, now, body.wanted())
        return Answer(
            body={
                "resent": done.resent,
                "looked_at": done.looked_at,
                "next": cursor(done.next) if done.next else None,
            }
        )

    response = await answer_once(request, work)
    if was_done(response):
        log.info("reminders.resent", by=caller(request).id)
    return response
