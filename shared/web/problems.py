"""RFC 9457 problem documents for every refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import web

from shared.refusals import NOTHING, Members, Refusal

Statuses = Mapping[type[Refusal], HTTPStatus]

TYPE_PREFIX: Final = "urn:standing-hour:problem:"
CONTENT_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field: a JSON pointer into the body, or a parameter's name."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def document(self) -> dict[str, str]:
        named = {"pointer": self.pointer, "parameter": self.parameter}
        return {"detail": self.detail, **{k: v for k, v in named.items() if v is not None}}


class BadRequest(Exception):
    """A request that cannot be understood; raised at the door only."""

    def __init__(
        self,
        slug: str,
        title: str,
        *fields: FieldProblem,
        status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(slug)
        self.slug, self.title, self.fields = slug, title, fields
        self.status, self.headers = status, headers

    def response(self) -> web.Response:
        return problem(self.status, self.slug, self.title, fields=self.fields, headers=self.headers)


def problem(
    status: HTTPStatus,
    slug: str,
    title: str,
    *,
    fields: Sequence[FieldProblem] = (),
    members: Members = NOTHING,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Return a problem document; `members` may add to it but not replace what it has."""
    document: dict[str, object] = {
        **members,
        "type": f"{TYPE_PREFIX}{slug}",
        "title": title,
        "status": int(status),
    }
    if fields:
        document["errors"] = [field.document() for field in fields]
    return web.Response(
        text=json.dumps(document), status=status, content_type=CONTENT_TYPE, headers=headers
    )


def refused(refusal: Refusal, statuses: Statuses) -> web.Response:
    """Return the problem document of a refusal, by the service's table."""
    members = {**refusal.members, **({"detail": refusal.detail} if refusal.detail else {})}
    field = FieldProblem(detail=refusal.detail or refusal.title(), pointer=refusal.pointer)
    wait = refusal.retry_after
    return problem(
        statuses[type(refusal)],
        refusal.slug(),
        refusal.title(),
        fields=[field] if refusal.pointer else [],
        members=members,
        headers=None if wait is None else {"Retry-After": str(wait)},
    )
