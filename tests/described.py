"""Whatever a service answers in a test is held against what its reference says of the route."""

from __future__ import annotations

from typing import Final

from aiohttp import web
from pydantic import BaseModel, ValidationError

from shared.web.answers import STATUSES
from shared.web.openapi import Text, description_of
from shared.web.problems import CONTENT_TYPE, TYPE_PREFIX
from shared.web.reference import operations
from shared.web.reference.document import described
from shared.web.reference.problems import Problem

UNFORESEEN: Final = 500


def watched(app: web.Application) -> list[str]:
    """Return what `app` answers from now on that was not described, one line for each."""
    found: list[str] = []

    async def look(request: web.Request, response: web.StreamResponse) -> None:
        if isinstance(response, web.Response) and response.status != UNFORESEEN:
            wrong = _wrong(app, request, response)
            if wrong:
                place = request.match_info.route.resource
                where = place.canonical if place else ""
                found.append(f"{request.method} {where} {response.status}: {wrong}")

    app.on_response_prepare.append(look)
    return found


def _wrong(app: web.Application, request: web.Request, response: web.Response) -> str:
    handler = request.match_info.handler
    description = description_of(handler)
    if description is None:
        return ""
    if response.content_type == CONTENT_TYPE:
        return _wrong_problem(app, handler, response)
    if response.status not in description.answers:
        return "the status is not described"
    answered = description.answers[response.status]
    several = answered if isinstance(answered, tuple) else (answered,)
    for each in several:
        if isinstance(each, Text) and response.content_type == each.media_type:
            return ""
        if isinstance(each, type) and response.content_type == "application/json":
            return _misfit(each, response)
    return "" if several == (None,) and not response.body else "the media type is not described"


def _wrong_problem(app: web.Application, handler: object, response: web.Response) -> str:
    problem = Problem.model_validate_json(response.text or "")
    for each in described(app):
        if each.handler is handler:
            known = operations.causes(each, app[STATUSES]).get(response.status, [])
            slugs = {TYPE_PREFIX + cause.slug for cause in known}
            return "" if problem.type in slugs else f"{problem.type} is not described"
    return ""


def _misfit(model: type[BaseModel], response: web.Response) -> str:
    try:
        model.model_validate_json(response.text or "", strict=True)
    except ValidationError as error:
        return f"{model.__name__}: {error}"
    return ""
