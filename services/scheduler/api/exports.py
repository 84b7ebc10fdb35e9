"""Routes that give out everything about one person; each reading is in the audit log."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from aiohttp import web

from services.scheduler.api.answers.exports import ExportAnswer
from services.scheduler.api.changes import recorded_read
from services.scheduler.api.documents import Document
from services.scheduler.api.export_tables import sessions_table
from services.scheduler.domain.errors import UnknownClient, UnknownClinician
from services.scheduler.domain.sessions import Session
from services.scheduler.ics.vcalendar import vcalendar
from services.scheduler.use_cases import exporting
from services.scheduler.use_cases.exporting import Everything
from shared.refusals import Refusal
from shared.store.database import Connection
from shared.web.answers import answer
from shared.web.auth import Role, allow
from shared.web.bodies import DoorModel, path_id, query_of
from shared.web.keys import CLOCK
from shared.web.openapi import Text, describe

routes = web.RouteTableDef()


class ExportQuery(DoorModel):
    """Everything as JSON, or the sessions for a calendar or for a spreadsheet."""

    format: Literal["json", "ics", "csv"] = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """Whom an export is about, and how it is read."""

    kind: str
    unknown: type[Refusal]
    everything: Callable[[Connection, UUID], Awaitable[Everything]]
    diary: Callable[[Connection, UUID], Awaitable[list[Session]]]


_CLIENT: Final = _About(
    kind="client",
    unknown=UnknownClient,
    everything=exporting.everything_of_client,
    diary=exporting.diary_of_client,
)
_CLINICIAN: Final = _About(
    kind="clinician",
    unknown=UnknownClinician,
    everything=exporting.everything_of_clinician,
    diary=exporting.diary_of_clinician,
)


@routes.get("/v1/clients/{id}/export")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Export a client",
    query=ExportQuery,
    answers={200: (ExportAnswer, Text("text/calendar"), Text("text/csv"))},
    refusals=(UnknownClient,),
)
async def get_client_export(request: web.Request) -> web.Response:
    """Answer everything that is stored about a client.

    As `ics` or `csv` it is their sessions alone, as text/calendar or text/csv.
    """
    return await _export(request, _CLIENT)


@routes.get("/v1/clinicians/{id}/export")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Export a clinician",
    query=ExportQuery,
    answers={200: (ExportAnswer, Text("text/calendar"), Text("text/csv"))},
    refusals=(UnknownClinician,),
)
async def get_clinician_export(request: web.Request) -> web.Response:
    """Answer everything that is stored about a clinician; who their clients are is left out.

    As `ics` or `csv` it is their sessions alone, as text/calendar or text/csv.
    """
    return await _export(request, _CLINICIAN)


async def _export(request: web.Request, about: _About) -> web.Response:
    id, query = path_id(request, "id", about.unknown), query_of(request, ExportQuery)
    now = request.app[CLOCK].now()
    if query.format == "json":
        found = await recorded_read(request, lambda conn: about.everything(conn, id))
        return answer(_document(about.kind, found, now.isoformat()))
    sessions = await recorded_read(request, lambda conn: about.diary(conn, id))
    if query.format == "ics":
        return _file(f"{about.kind}-{id}.ics", "text/calendar", vcalendar(sessions, now=now))
    table = sessions_table(sessions, reasons=about is _CLIENT)
    return _file(f"{about.kind}-{id}.csv", "text/csv", table.encode())


def _document(kind: str, found: Everything, at: str) -> Document:
    return {
        "kind": kind,
        "exported_at": at,
        "person": _plain(found.person),
        **{name: [_plain(row) for row in rows] for name, rows in found.sections.items()},
    }


def _plain(row: Mapping[str, Any]) -> Document:
    """Return a row as JSON; details of the audit log are JSON already."""
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # a time too
        return value.isoformat()
    if name == "details" and isinstance(value, str):
        return json.loads(value)
    return value


def _file(name: str, content_type: str, body: bytes) -> web.Response:
    return web.Response(
        body=body,
        content_type=content_type,
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
