"""Requests become frozen models at the door, or problem documents that name the field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from shared.refusals import Refusal
from shared.web.problems import BadRequest, FieldProblem

M = TypeVar("M", bound=BaseModel)


class DoorModel(BaseModel):
    """What a request may say: frozen, and a field that is not in it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


async def body_of(request: web.Request, model: type[M]) -> M:
    """Return the JSON body as `model`; 400 for what is not JSON, 422 for a field that is wrong."""
    try:
        raw = json.loads(await request.read(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest(
            "not-json", "The body is not JSON.", status=HTTPStatus.BAD_REQUEST
        ) from error
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise wrong_fields(error) from error


def query_of(request: web.Request, model: type[M]) -> M:
    """Return the query as `model`; a parameter given twice or unknown is refused."""
    names = [name for name, _ in request.query.items()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        fields = [FieldProblem(detail="is given twice", parameter=name[:64]) for name in twice]
        raise BadRequest("invalid-query", "A parameter of the address is wrong.", *fields)
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        fields = [
            FieldProblem(detail=_said(each), parameter=".".join(map(str, each["loc"])))
            for each in _details(error)
        ]
        raise BadRequest(
            "invalid-query", "A parameter of the address is wrong.", *fields
        ) from error


def path_id(request: web.Request, name: str, refusal: type[Refusal]) -> UUID:
    """Return the id in the path; what is no id belongs to nothing, so it is `refusal` too."""
    try:
        return UUID(request.match_info[name])
    except ValueError as error:
        raise refusal from error


def wrong_fields(error: ValidationError) -> BadRequest:
    fields = [
        FieldProblem(detail=_said(each), pointer=pointer(each["loc"])) for each in _details(error)
    ]
    return BadRequest("invalid-body", "A field of the body is wrong.", *fields)


def pointer(path: Sequence[str | int]) -> str:
    """Return a JSON pointer as a URI fragment (RFC 6901 section 6, without percent-encoding)."""
    return "#" + "".join(
        "/" + str(part)[:64].replace("~", "~0").replace("/", "~1") for part in path
    )


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False, include_context=False)[:50]


def _said(details: ErrorDetails) -> str:
    return details["msg"].removeprefix("Value error, ")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
