"""The route of the audit log; reading it is recorded too."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import Field

from services.scheduler.api.answers.care import EntriesAnswer
from services.scheduler.api.changes import answer_read
from services.scheduler.api.documents import Document
from services.scheduler.api.queries import QueryInstant
from services.scheduler.domain.audit import Sealed
from services.scheduler.domain.errors import LogRewritten
from services.scheduler.store.audit import WantedEntries
from services.scheduler.use_cases import auditing
from shared.web.auth import Role, allow
from shared.web.bodies import DoorModel, query_of
from shared.web.openapi import describe

routes = web.RouteTableDef()


class AuditQuery(DoorModel):
    """Everything, unless narrowed: who acted, about whom, from when, and before when."""

    actor: Annotated[str | None, Field(min_length=1, max_length=80)] = None
    subject: UUID | None = None
    since: Annotated[QueryInstant | None, Field(alias="from")] = None
    until: QueryInstant | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    next: Annotated[int, Field(ge=0, lt=2**63)] = 0

    def wanted(self) -> WantedEntries:
        return WantedEntries(
            actor=self.actor,
            subject=self.subject,
            since=self.since,
            until=self.until,
            after=self.next,
            limit=self.limit + 1,
        )


@routes.get("/v1/audit")
@allow(Role.ADMIN)
@describe(
    "Read the audit log",
    query=AuditQuery,
    answers={200: EntriesAnswer},
    refusals=(LogRewritten,),
)
async def get_audit(request: web.Request) -> web.Response:
    """Answer entries of the audit log in the order they were written, a page at a time."""
    query = query_of(request, AuditQuery)
    wanted = query.wanted()
    return await answer_read(
        request,
        lambda conn: auditing.entries_with(conn, wanted),
        lambda found: _page(found, query.limit),
    )


def _page(found: list[Sealed], limit: int) -> Document:
    given = found[:limit]
    return {
        "entries": [_document(sealed) for sealed in given],
        "next": given[-1].position if len(found) > limit else None,
    }


def _document(sealed: Sealed) -> Document:
    entry = sealed.entry
    return {
        "position": sealed.position,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subjects": [str(id) for id in entry.subjects],
        "details": dict(entry.details),
        "hash": sealed.hash,
    }
