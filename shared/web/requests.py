"""Around every request: an id, one log line, metrics, safe headers, and no error that leaks."""

from __future__ import annotations

import random
import re
import time
from http import HTTPStatus
from typing import Final, TypeVar

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from shared.logs import log
from shared.refusals import Refusal
from shared.store.database import Contention
from shared.web.answers import STATUSES
from shared.web.keys import METRICS
from shared.web.problems import BadRequest, problem, refused

H = TypeVar("H", bound=Handler)

_POLLED: Final = "__standing_hour_polled__"
REQUEST_ID: Final = "X-Request-Id"
_AN_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_CLIENT_ERRORS: Final = {
    413: ("too-large", "The body is larger than 1 MiB."),
    404: ("no-such-route", "There is nothing at this address."),
    405: ("method-not-allowed", "This address does not take that method."),
}
SAFE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def polled(handler: H) -> H:
    """Declare that programs ask this route all day: only what is refused is worth a line."""
    setattr(handler, _POLLED, True)
    return handler


@web.middleware
async def observed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, and write one line of it that holds no address and no token."""
    request_id = request_id_of(request)
    begun = time.perf_counter()
    if _is_polled(request):
        response = await handler(request)
    else:
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = await handler(request)
    _note(request, response, request_id, time.perf_counter() - begun)
    headers = response.headers
    headers.setdefault(REQUEST_ID, request_id)
    for name, value in SAFE_HEADERS.items():
        headers.setdefault(name, value)
    return response


def request_id_of(request: web.Request) -> str:
    """Return the id that was given, if it may stand in a log, or a new one."""
    given = request.headers.get(REQUEST_ID)
    return given if given and _AN_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"


def _note(
    request: web.Request, response: web.StreamResponse, request_id: str, seconds: float
) -> None:
    route = route_template(request)
    method = request.method if request.method in hdrs.METH_ALL else "other"
    request.app[METRICS].answered(method, route, response.status, seconds)
    if response.status < HTTPStatus.BAD_REQUEST and _is_polled(request):
        return
    log.info(
        "request",
        method=method,
        route=route,
        status=response.status,
        milliseconds=round(seconds * 1000, 1),
        request_id=request_id,
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever was raised into a problem document; only what we did not foresee is a 500."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return refused(refusal, request.app[STATUSES])
    except BadRequest as bad:
        return bad.response()
    except web.HTTPException as error:
        return _from_aiohttp(error)
    except Contention:
        return problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "busy",
            "Others are changing the same hours; please try again.",
            headers={"Retry-After": "1"},
        )
    except Exception:
        log.exception("request.failed", route=route_template(request))
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side."
        )


def _is_polled(request: web.Request) -> bool:
    return getattr(request.match_info.handler, _POLLED, False)


def route_template(request: web.Request) -> str:
    """Return the route as it was declared, so that no token or id is ever written down."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"


def _from_aiohttp(error: web.HTTPException) -> web.StreamResponse:
    if error.status < HTTPStatus.BAD_REQUEST:
        return error
    slug, title = _CLIENT_ERRORS.get(error.status, ("bad-request", "The request cannot be read."))
    allowed = {k: v for k, v in error.headers.items() if k == "Allow"}
    return problem(HTTPStatus(error.status), slug, title, headers=allowed)
