"""Routes for time off over booked sessions: what it falls on, and all of it moved in one call."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import ConfigDict, Field

from services.scheduler.api.answers.displaced import AllAffectedAnswer, AppliedAnswer
from services.scheduler.api.changes import answer_change, answer_read
from services.scheduler.api.documents import Document, Zones, session_document
from services.scheduler.api.fields import Instant
from services.scheduler.api.overriding import OverrideBody, override_of
from services.scheduler.api.series_documents import overridden_document
from services.scheduler.domain.displaced import Displaced
from services.scheduler.domain.errors import (
    HourPast,
    HourTaken,
    NotDisplaced,
    SameTime,
    UnknownTimeOff,
)
from services.scheduler.domain.sessions import Session
from services.scheduler.domain.slots import Slot
from services.scheduler.use_cases import displaced
from services.scheduler.use_cases.displaced import Applied, Wish
from services.scheduler.use_cases.showing import Shown, shown
from shared.web.answers import Answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe
from shared.zones import zone

routes = web.RouteTableDef()


class MoveAwayBody(DoorModel):
    """Where one session goes; without a start it is cancelled."""

    session_id: UUID
    starts_at: Instant | None

    def wish(self) -> Wish:
        slot = None if self.starts_at is None else Slot.hour_from(self.starts_at)
        return Wish(session_id=self.session_id, slot=slot)


class ApplyBody(DoorModel):
    """Sessions that go elsewhere than is proposed; the others go where it is.

    Staff may let them go to hours that are not free.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"moves": []}]})

    moves: Annotated[tuple[MoveAwayBody, ...], Field(max_length=1000)] = ()
    override: OverrideBody | None = None


@routes.get("/v1/time-off/{id}/affected")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "What time off falls on, and where each session could go",
    answers={200: AllAffectedAnswer},
    refusals=(UnknownTimeOff,),
)
async def get_affected(request: web.Request) -> web.Response:
    """Answer every session to come that the time off falls on, across all courses."""
    id, own = path_id(request, "id", UnknownTimeOff), caller(request).clinician_id
    now = request.app[CLOCK].now()
    return await answer_read(
        request,
        lambda conn: shown(
            conn,
            displaced.affected_by_time_off(conn, now, id, own=own),
            lambda found: [each.session for each in found],
        ),
        lambda found: {"affected": affected_documents(found.of, found.zones)},
    )


@routes.post("/v1/time-off/{id}/apply")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Move all that time off falls on",
    body=ApplyBody,
    body_optional=True,
    answers={200: AppliedAnswer},
    refusals=(UnknownTimeOff, NotDisplaced, SameTime, HourPast, HourTaken),
)
async def post_apply(request: web.Request) -> web.Response:
    """Move or cancel every session in the way at once: 200, or 409 with every date in the way."""
    id, own = path_id(request, "id", UnknownTimeOff), caller(request).clinician_id
    body = await body_of(request, ApplyBody) if request.body_exists else ApplyBody()
    override = await override_of(request, body.override)
    wishes, now = [each.wish() for each in body.moves], request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: shown(
            conn,
            displaced.apply_time_off(conn, now, id, wishes, own=own, override=override),
            lambda applied: applied.sessions,
        ),
        _applied,
        override=override,
    )


def affected_documents(found: tuple[Displaced, ...], zones: Zones) -> list[Document]:
    """Return each session that cannot stay, and the start that is proposed for it."""
    return [
        {
            "session": session_document(each.session, zones),
            "proposal": _start(each.session, each.proposal),
        }
        for each in found
    ]


def _start(session: Session, slot: Slot | None) -> Document | None:
    if slot is None:
        return None
    return {"starts_at": slot.starts_at.astimezone(zone(session.timezone)).isoformat()}


def _applied(found: Shown[Applied]) -> Answer:
    document: Document = {
        "sessions": [session_document(each, found.zones) for each in found.of.sessions]
    }
    return Answer(body=document | overridden_document(found.of.overridden))
