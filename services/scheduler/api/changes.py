"""From a use case to its answer, in one transaction and once for each `Idempotency-Key`.

Each change leaves one entry in the audit log, in that same transaction; each reading of
personal data leaves one before it is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web

from services.scheduler.api.documents import Document
from services.scheduler.api.recording import entry_of
from services.scheduler.domain.overrides import Override
from services.scheduler.use_cases.auditing import record
from shared.store.database import Connection, Work
from shared.web.answers import Answer, answer, answer_once
from shared.web.keys import DATABASE

T = TypeVar("T")


async def answer_change(
    request: web.Request,
    work: Work[T],
    render: Callable[[T], Answer],
    *,
    override: Override | None = None,
) -> web.Response:
    """Run `work` and answer what it gave, as `render` says it, after the commit.

    An `override` gets an entry of its own: by whom, why, and what the answer lists as
    `overridden`, also where nothing was in the way.
    """

    async def recorded(conn: Connection) -> Answer:
        given = render(await work(conn))
        await record(conn, entry_of(request, given.body))
        if override is not None:
            await _record_override(request, conn, given, override)
        return given

    return await answer_once(request, recorded)


async def answer_read(
    request: web.Request, work: Work[T], render: Callable[[T], Document]
) -> web.Response:
    """Read with `work`, record whose data that was, and only then answer as `render` says it."""
    database = request.app[DATABASE]
    document = render(await database.read(work))
    await database.write(lambda conn: record(conn, entry_of(request, document)))
    return answer(document)


async def recorded_read(request: web.Request, work: Work[T]) -> T:
    """Return what `work` reads of the person in the path, after recording that it was read."""
    database = request.app[DATABASE]
    found = await database.read(work)
    await database.write(lambda conn: record(conn, entry_of(request, None)))
    return found


def created(document: Document, path: str) -> Answer:
    """Return a 201 whose `Location` is the new thing's own address under `path`."""
    return Answer(status=HTTPStatus.CREATED, body=document, location=f"{path}/{document['id']}")


async def _record_override(
    request: web.Request, conn: Connection, given: Answer, override: Override
) -> None:
    overridden = (given.body or {}).get("overridden", [])
    said = {"by": override.by, "reason": override.reason, "overridden": overridden}
    entry = replace(entry_of(request, given.body), action="override", details=said)
    await record(conn, entry)
