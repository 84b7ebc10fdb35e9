"""What each route takes and answers, said once beside its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict

from shared.refusals import Refusal

H = TypeVar("H", bound=Callable[[web.Request], Awaitable[web.StreamResponse]])

_FOR_PEOPLE: Final = frozenset({"pages", "reference"})
_APART: Final = "__standing_hour_apart__"
_DESCRIPTION: Final = "__standing_hour_description__"


def _as_answered(schema: JsonDict) -> None:
    """Say of a schema what holds for answers: more may come, and a default means left out."""
    schema.pop("additionalProperties", None)
    members = schema.get("properties")
    for member in members.values() if isinstance(members, dict) else ():
        if isinstance(member, dict) and member.pop("default", ...) is None:
            without_null(member)


def without_null(schema: JsonDict) -> None:
    """Take the branch `null` out of a schema that has one, in place."""
    branches = schema.get("anyOf")
    if not isinstance(branches, list):
        return
    left = [each for each in branches if each != {"type": "null"}]
    if len(left) == 1 and isinstance(left[0], dict):
        del schema["anyOf"]
        schema.update({**left[0], **schema})
    else:
        schema["anyOf"] = left


class AnswerModel(BaseModel):
    """What a document that is answered holds, every member of it.

    A member with a default may be left out, and is then not null; one that may be null has none.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", defer_build=True, json_schema_extra=_as_answered
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A body or an answer that is not JSON, by its media type."""

    media_type: str


OneAnswer = type[BaseModel] | Text
Answers = Mapping[int, OneAnswer | tuple[OneAnswer, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What one route takes and answers, beside what follows from its policy and its path."""

    summary: str
    body: type[BaseModel] | Text | None = None
    body_optional: bool = False
    query: type[BaseModel] | None = None
    answers: Answers
    refusals: tuple[type[Refusal], ...] = ()

    def __post_init__(self) -> None:
        if not self.summary or not self.answers:
            raise ValueError("a route has a summary and at least one answer")
        if self.body_optional and self.body is None:
            raise ValueError("no body can be left out where there is none")
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))


def describe(
    summary: str,
    *,
    body: type[BaseModel] | Text | None = None,
    query: type[BaseModel] | None = None,
    answers: Answers,
    refusals: tuple[type[Refusal], ...] = (),
    body_optional: bool = False,
) -> Callable[[H], H]:
    """Describe this route: `answers` are its good ones by status, None for one without a body.

    Several under one status are what may be asked for; each has a media type of its own.

    What follows from the rest is not said again: 401 and 403 from the policy, 400, 413 and 422
    from a body or a query, 503 from a change; each refusal brings the status of its table.
    """
    description = Description(
        summary=summary,
        body=body,
        body_optional=body_optional,
        query=query,
        answers=answers,
        refusals=refusals,
    )

    def declare(handler: H) -> H:
        setattr(handler, _DESCRIPTION, description)
        return handler

    return declare


def description_of(handler: object) -> Description | None:
    """Return what `handler` was described as, None if nobody did."""
    description: Description | None = getattr(handler, _DESCRIPTION, None)
    return description


def apart(why: str) -> Callable[[H], H]:
    """Declare that no OpenAPI document can hold this route, and `why`."""
    if not why:
        raise ValueError("a route stands apart for a reason")

    def declare(handler: H) -> H:
        setattr(handler, _APART, why)
        return handler

    return declare


def is_apart(handler: object) -> bool:
    """Whether `handler` was declared to be of another standard than OpenAPI."""
    return hasattr(handler, _APART)


def is_page(handler: object) -> bool:
    """Whether `handler` answers people, not programs: it lies in a room `pages` or `reference`."""
    return not _FOR_PEOPLE.isdisjoint(getattr(handler, "__module__", "").split("."))
