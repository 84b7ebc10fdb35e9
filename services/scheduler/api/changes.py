"""From a use case to its answer, in one transaction and once for each `Idempotency-Key`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

from aiohttp import web

from services.scheduler.api.documents import Document
from shared.store.database import Work
from shared.web.answers import Answer, answer_once

T = TypeVar("T")


async def answer_change(
    request: web.Request, work: Work[T], render: Callable[[T], Answer]
) -> web.Response:
    """Run `work` and answer what it gave, as `render` says it, after the commit."""
    return await answer_once(request, lambda conn: _rendered(work(conn), render))


async def _rendered(doing: Awaitable[T], render: Callable[[T], Answer]) -> Answer:
    return render(await doing)


def created(document: Document, path: str) -> Answer:
    """Return a 201 whose `Location` is the new thing's own address under `path`."""
    return Answer(status=HTTPStatus.CREATED, body=document, location=f"{path}/{document['id']}")
