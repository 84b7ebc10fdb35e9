"""Refusals as the reference shows them: RFC 9457 problem documents, by status and kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, NamedTuple

from pydantic import ConfigDict, Field

from shared.refusals import Refusal
from shared.web.openapi import AnswerModel
from shared.web.problems import CONTENT_TYPE, TYPE_PREFIX
from shared.web.reference.schemas import Json


class FieldProblem(AnswerModel):
    """What is wrong with one field."""

    detail: Annotated[str, Field(description="What is wrong, in a sentence.")]
    pointer: Annotated[
        str | None, Field(description="Where in the body: a JSON pointer, such as `#/first_date`.")
    ] = None
    parameter: Annotated[str | None, Field(description="Which parameter or header.")] = None


class ConflictFound(AnswerModel):
    """One hour that cannot be had, in the zone of the booking."""

    date: Annotated[str, Field(json_schema_extra={"format": "date"})]
    starts_at: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    reason: Annotated[str, Field(description="Why not: the first of all that stands in the way.")]
    busy_as_of: Annotated[
        str | None,
        Field(
            description="With `busy_elsewhere`: when the calendars there were last read.",
            json_schema_extra={"format": "date-time"},
        ),
    ] = None
    busy_stale: Annotated[bool, Field(description="That is more than a day ago.")] = False


class Problem(AnswerModel):
    """Why a request was refused (RFC 9457); a kind may add members of its own."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(pattern=f"^{TYPE_PREFIX}[a-z-]+$", description="Its stable name.")]
    title: Annotated[str, Field(description="The same for all of one type.")]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str | None, Field(description="More of this one case.")] = None
    errors: Annotated[
        tuple[FieldProblem, ...], Field(min_length=1, description="Each field that is wrong.")
    ] = ()
    conflicts: Annotated[
        tuple[ConflictFound, ...], Field(description="Every date in the way, not only the first.")
    ] = ()


class Cause(NamedTuple):
    """One kind of refusal: the end of its type, and its title."""

    slug: str
    title: str


Causes = dict[int, list[Cause]]

NOT_JSON: Final = Cause("not-json", "The body is not JSON.")
WRONG_BODY: Final = Cause("invalid-body", "A field of the body is wrong.")
WRONG_QUERY: Final = Cause("invalid-query", "A parameter of the address is wrong.")
OTHER_MEDIA: Final = Cause("other-media", "The body is of another media type than this takes.")
TOO_LARGE: Final = Cause("too-large", "The body is larger than 1 MiB.")
NO_KEY: Final = Cause("unauthorized", "This needs an API key: Authorization: Bearer KEY.")
FORBIDDEN: Final = Cause("forbidden", "This key may not do that.")
WRONG_REPEAT: Final = Cause("idempotency-key", "The Idempotency-Key cannot be used.")
BUSY: Final = Cause("busy", "Others are changing the same hours; please try again.")
NO_ROUTE: Final = Cause("no-such-route", "There is nothing at this address.")

_HEADERS: Final[Mapping[int, Json]] = {
    401: {"WWW-Authenticate": {"$ref": "#/components/headers/WWW-Authenticate"}},
    503: {"Retry-After": {"$ref": "#/components/headers/Retry-After"}},
}


def of_refusals(
    refusals: Iterable[type[Refusal]], statuses: Mapping[type[Refusal], HTTPStatus]
) -> Causes:
    """Return each refusal under the status of the service's table."""
    causes: Causes = {}
    for refusal in refusals:
        causes.setdefault(int(statuses[refusal]), []).append(Cause(refusal.slug(), refusal.title()))
    return causes


def response(status: int, causes: list[Cause], schema: Json) -> Json:
    """Return the Response Object of a status that has these causes."""
    said = "\n".join(f"- `{cause.slug}`: {cause.title}" for cause in causes)
    found: Json = {
        "description": f"{HTTPStatus(status).phrase}\n\n{said}",
        "content": {CONTENT_TYPE: {"schema": schema}},
    }
    headers: Any = _HEADERS.get(status)
    return {**found, **({"headers": headers} if headers else {})}
