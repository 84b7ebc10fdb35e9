"""Who may pass over a limit: admin and staff, by name and with a reason."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final

from aiohttp import web
from pydantic import Field

from services.scheduler.api.fields import FreeText, Name
from services.scheduler.api.recording import entry_of
from services.scheduler.domain.overrides import Override
from services.scheduler.use_cases.auditing import record
from shared.logs import log
from shared.web.auth import Role, caller
from shared.web.bodies import DoorModel
from shared.web.keys import DATABASE
from shared.web.problems import BadRequest

MAY_OVERRIDE: Final = frozenset({Role.ADMIN, Role.STAFF})


class OverrideBody(DoorModel):
    """Who passes over a limit, by name, and why; it is kept in the audit log."""

    by: Name
    reason: Annotated[FreeText, Field(min_length=1)]


async def override_of(request: web.Request, said: OverrideBody | None) -> Override | None:
    """Return the override that was asked for; refuse it with 403 to all but admin and staff.

    A refused attempt is logged and stays in the audit log.
    """
    if said is None:
        return None
    role = caller(request).role
    if role in MAY_OVERRIDE:
        return Override(by=said.by, reason=said.reason)
    log.warning("security.override_refused", actor=caller(request).id, role=role.value)
    attempt = replace(entry_of(request, None), action="override refused")
    await request.app[DATABASE].write(lambda conn: record(conn, attempt))
    raise BadRequest(
        "forbidden", "Only admin and staff may override a limit.", status=HTTPStatus.FORBIDDEN
    )
