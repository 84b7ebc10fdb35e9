"""One route as an Operation Object: what it takes, what it answers, and who may ask."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from pydantic import BaseModel

from shared.refusals import Refusal
from shared.web.auth import Role, policy_of
from shared.web.openapi import Description, OneAnswer, Text, without_null
from shared.web.problems import CONTENT_TYPE
from shared.web.reference import problems
from shared.web.reference.problems import Causes, Problem
from shared.web.reference.schemas import Json, Schemas, examples

JSON: Final = "application/json"
_NAMED: Final = re.compile(r"\{([a-z_]+)\}")
# RFC 9110 section 15: these have no body, whatever they are about.
_BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})

Statuses = Mapping[type[Refusal], HTTPStatus]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route: its method, its path as it was declared, its handler and what is said of it."""

    method: str
    path: str
    handler: object
    description: Description

    @property
    def roles(self) -> tuple[Role, ...]:
        """Whose keys open it, in the order of the roles; none for a public one."""
        allowed = policy_of(self.handler) or frozenset()
        return tuple(role for role in Role if role in allowed)

    @property
    def id(self) -> str:
        words = re.findall(r"[a-z0-9]+", self.path.removeprefix("/v1").lower())
        return "_".join([self.method.lower(), *words])

    @property
    def tag(self) -> str:
        """The collection that it is about; what has no version is of the service itself."""
        return self.path.split("/")[2] if self.path.startswith("/v1/") else "service"

    @property
    def repeatable(self) -> bool:
        return self.method == "POST" and self.path.startswith("/v1/")


def document(operation: Operation, statuses: Statuses, schemas: Schemas) -> Json:
    """Return the Operation Object; its members always stand in the same order."""
    told = operation.description
    found: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": told.summary,
        "description": _said(operation),
        "security": [{"key": []}] if operation.roles else [],
        "parameters": _parameters(operation, schemas),
    }
    if told.body is not None:
        found["requestBody"] = _body(told.body, schemas, required=not told.body_optional)
    found["responses"] = _responses(operation, causes(operation, statuses), schemas)
    return found


def _said(operation: Operation) -> str:
    lines = inspect.getdoc(operation.handler) or ""
    names = " ".join(f"`{role}`" for role in operation.roles)
    who = f"Keys of these roles: {names}." if names else "Needs no key."
    return f"{lines}\n\n{who}".strip()


def _parameters(operation: Operation, schemas: Schemas) -> list[Json]:
    in_query = _in_query(operation.description.query, schemas)
    return [*_in_path(operation.path), *in_query, *_in_headers(operation)]


def _in_path(path: str) -> Iterable[Json]:
    for name in _NAMED.findall(path):
        is_id = name == "id" or name.endswith("_id")
        schema = {"type": "string", "format": "uuid"} if is_id else {"type": "string"}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(model: type[BaseModel] | None, schemas: Schemas) -> Iterable[Json]:
    schema = deepcopy(schemas.of(model)) if model else {}
    for name, member in schema.get("properties", {}).items():
        without_null(member)
        if member.get("default", ...) is None:
            del member["default"]
        said = member.pop("description", None)
        yield {
            "name": name,
            "in": "query",
            **({"description": said} if said else {}),
            "required": name in schema.get("required", ()),
            "schema": member,
        }


def _in_headers(operation: Operation) -> Iterable[Json]:
    if operation.repeatable:
        yield {"$ref": "#/components/parameters/Idempotency-Key"}


def _body(model: type[BaseModel] | Text, schemas: Schemas, *, required: bool) -> Json:
    if isinstance(model, Text):
        return {"required": required, "content": {model.media_type: {"schema": {"type": "string"}}}}
    shown = {f"{number}": {"value": each} for number, each in enumerate(examples(model), start=1)}
    content: Json = {"schema": schemas.reference(model), **({"examples": shown} if shown else {})}
    return {"required": required, "content": {JSON: content}}


def _responses(operation: Operation, causes: Causes, schemas: Schemas) -> Json:
    good = {
        status: _answer(operation, status, answered, schemas)
        for status, answered in operation.description.answers.items()
    }
    problem = schemas.reference(Problem)
    bad = {status: problems.response(status, causes[status], problem) for status in causes}
    return {str(status): found for status, found in sorted((bad | good).items())}


def _answer(
    operation: Operation,
    status: int,
    answered: OneAnswer | tuple[OneAnswer, ...] | None,
    schemas: Schemas,
) -> Json:
    found: Json = {"description": HTTPStatus(status).phrase}
    headers: Json = {}
    if operation.repeatable and status < HTTPStatus.BAD_REQUEST:
        headers["Idempotent-Replay"] = {"$ref": "#/components/headers/Idempotent-Replay"}
    if status == HTTPStatus.CREATED:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
    if headers:
        found["headers"] = headers
    if status in _BODILESS or answered is None:
        return found
    several = answered if isinstance(answered, tuple) else (answered,)
    return {**found, "content": dict(_content(each, schemas) for each in several)}


def _content(answered: OneAnswer, schemas: Schemas) -> tuple[str, Json]:
    if isinstance(answered, Text):
        return answered.media_type, {"schema": {"type": "string"}}
    media_type = CONTENT_TYPE if issubclass(answered, Problem) else JSON
    return media_type, {"schema": schemas.reference(answered)}


def causes(operation: Operation, statuses: Statuses) -> Causes:
    """Return what can go wrong by status: what follows from the route, then its refusals."""
    told, found = operation.description, Causes()
    is_json = told.body is not None and not isinstance(told.body, Text)
    for status, cause, happens in (
        (401, problems.NO_KEY, bool(operation.roles)),
        (403, problems.FORBIDDEN, bool(operation.roles)),
        (404, problems.NO_ROUTE, "{" in operation.path),
        (400, problems.NOT_JSON, is_json),
        (413, problems.TOO_LARGE, told.body is not None or operation.repeatable),
        (415, problems.OTHER_MEDIA, isinstance(told.body, Text)),
        (422, problems.WRONG_BODY, is_json),
        (422, problems.WRONG_QUERY, told.query is not None),
        (422, problems.WRONG_REPEAT, operation.repeatable),
        (503, problems.BUSY, bool(operation.roles)),  # what is read of people is written down
    ):
        if happens:
            found.setdefault(status, []).append(cause)
    for status, causes in problems.of_refusals(told.refusals, statuses).items():
        found.setdefault(status, []).extend(causes)
    return found
