"""Routes under /v1/imports, and the loop that works on what they take."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from aiohttp import web

from services.scheduler.api.answers.imports import ImportAnswer
from services.scheduler.api.changes import answer_change, created
from services.scheduler.api.documents import Document
from services.scheduler.api.import_lines import READING
from services.scheduler.domain.errors import UnknownImport
from services.scheduler.domain.imports import Import, Kind
from services.scheduler.keys import IMPORTS_WAITING
from services.scheduler.use_cases import importing
from services.scheduler.use_cases.importing import Importing
from shared.waking import first_of
from shared.web.answers import answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, path_id, query_of
from shared.web.keys import CLOCK, DATABASE, STOPPING
from shared.web.loops import looped
from shared.web.openapi import Text, describe
from shared.web.problems import BadRequest, FieldProblem

routes = web.RouteTableDef()

# Another replica may have died in the middle of one.
LOOK_AGAIN_SECONDS: Final = 2.0


class ImportQuery(DoorModel):
    """Whom the table lists; in a dry run everything is checked and nobody is entered."""

    kind: Kind
    dry_run: bool = False


@routes.post("/v1/imports")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Import people",
    body=Text("text/csv"),
    query=ImportQuery,
    answers={201: ImportAnswer},
)
async def post_import(request: web.Request) -> web.Response:
    """Take a table of people (text/csv, at most 1 MiB): 201 with the import that is to be worked.

    Nobody is entered unless every line is right.
    """
    query, body = query_of(request, ImportQuery), await _table(request)
    new = Import(id=uuid4(), kind=query.kind, dry_run=query.dry_run)
    now, actor = request.app[CLOCK].now(), caller(request).id
    response = await answer_change(
        request,
        lambda conn: importing.start(conn, now, new, body, actor),
        lambda started: created(import_document(started), "/v1/imports"),
    )
    request.app[IMPORTS_WAITING].notify()
    return response


@routes.get("/v1/imports/{id}")
@allow(Role.ADMIN, Role.STAFF)
@describe("Read an import", answers={200: ImportAnswer}, refusals=(UnknownImport,))
async def get_import(request: web.Request) -> web.Response:
    """Answer how far an import has come, and everything that is wrong in its table."""
    id = path_id(request, "id", UnknownImport)
    found = await request.app[DATABASE].read(lambda conn: importing.import_with(conn, id))
    return answer(import_document(found))


def import_document(found: Import) -> Document:
    return {
        "id": str(found.id),
        "kind": found.kind.value,
        "dry_run": found.dry_run,
        "status": found.status.value,
        "lines": found.lines,
        "done": found.done,
        "entered": found.entered,
        "errors": [asdict(fault) for fault in found.faults],
    }


async def _table(request: web.Request) -> bytes:
    if request.content_type != "text/csv":
        raise BadRequest(
            "other-media",
            "The body is of another media type than this takes.",
            FieldProblem(detail="must be text/csv", parameter="Content-Type"),
            status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    return await request.read()


async def work_once(app: web.Application) -> int:
    """Work on one import that waits; 0 if there is none."""
    parts = Importing(database=app[DATABASE], clock=app[CLOCK], reading=READING)
    return await importing.work_once(parts)


async def rest(app: web.Application) -> None:
    news = app[IMPORTS_WAITING].next()
    await first_of(news, app[STOPPING], seconds=LOOK_AGAIN_SECONDS)


working: Final = looped("imports", work_once, rest)
