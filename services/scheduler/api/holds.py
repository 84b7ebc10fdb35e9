"""Routes under /v1/holds: keep hours for someone who is deciding, and let them go."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import AfterValidator, ConfigDict, Field

from services.scheduler.api.answers.availability import HoldAnswer
from services.scheduler.api.changes import answer_change
from services.scheduler.api.examples import DANA, KIM, THREE
from services.scheduler.api.fields import Instant
from services.scheduler.domain.errors import HourPast, HourTaken, NotRecorded, UnknownHold
from services.scheduler.domain.holds import MOST_HOURS, Hold, HoldRequest, require_apart
from services.scheduler.domain.slots import Slot
from services.scheduler.keys import SETTINGS
from services.scheduler.use_cases import holding
from shared.web.answers import Answer
from shared.web.auth import Role, allow
from shared.web.bodies import DoorModel, body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe
from shared.zones import zone

routes = web.RouteTableDef()


def _hours_apart(starts: tuple[Instant, ...]) -> tuple[Instant, ...]:
    require_apart([Slot.hour_from(start) for start in starts])
    return starts


Starts = Annotated[
    tuple[Instant, ...], Field(min_length=1, max_length=MOST_HOURS), AfterValidator(_hours_apart)
]


class HoldBody(DoorModel):
    """One or many hours of a clinician, and of the client who decides, for ten minutes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"clinician_id": DANA, "client_id": KIM, "starts_at": [THREE]}]
        }
    )

    clinician_id: UUID
    client_id: UUID | None = None
    starts_at: Starts


@routes.post("/v1/holds")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Hold hours",
    body=HoldBody,
    answers={201: HoldAnswer},
    refusals=(NotRecorded, HourPast, HourTaken),
)
async def post_hold(request: web.Request) -> web.Response:
    """Keep the hours for ten minutes: 201, or 409 with what is in the way.

    Name its id as `hold_id` when you book; nobody else can have the hours until then.
    """
    body = await body_of(request, HoldBody)
    wanted = HoldRequest(
        clinician_id=body.clinician_id,
        client_id=body.client_id,
        slots=tuple(Slot.hour_from(start) for start in body.starts_at),
    )
    timezone = request.app[SETTINGS].serving.practice_timezone
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: holding.place_hold(conn, now, wanted, timezone=timezone),
        lambda placed: Answer(status=HTTPStatus.CREATED, body=_document(placed, timezone)),
    )


@routes.delete("/v1/holds/{id}")
@allow(Role.ADMIN, Role.STAFF)
@describe("Let hours go", answers={204: None}, refusals=(UnknownHold,))
async def delete_hold(request: web.Request) -> web.Response:
    """Let the hours go: 204."""
    id = path_id(request, "id", UnknownHold)
    return await answer_change(
        request,
        lambda conn: holding.release_hold(conn, id),
        lambda _: Answer(status=HTTPStatus.NO_CONTENT),
    )


def _document(hold: Hold, timezone: str) -> dict[str, object]:
    there = zone(timezone)
    return {
        "id": str(hold.id),
        "clinician_id": str(hold.clinician_id),
        "client_id": str(hold.client_id) if hold.client_id else None,
        "starts_at": [slot.starts_at.astimezone(there).isoformat() for slot in hold.slots],
        "expires_at": hold.expires_at.astimezone(there).isoformat(),
    }
