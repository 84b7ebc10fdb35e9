"""`/previews`: every kind of mail in every language and detail, with nobody's data in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from services.notifier.domain.states import Kind
from services.notifier.keys import SETTINGS
from services.notifier.pages.door import let_in
from services.notifier.pages.mailbox import MAIL_POLICY
from services.notifier.rendering.render import Rendered, render
from services.notifier.rendering.samples import sample
from shared.web.auth import public
from shared.web.pages import page, policy, templates_in

routes = web.RouteTableDef()

LANGUAGES: Final = ("en", "es")
DETAILS: Final = ("minimal", "standard")
_TEMPLATES: Final = templates_in("services.notifier.pages")
_ADDRESS: Final = re.compile(r"(https?://[^\s<>]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One mail: where it is shown, and its words."""

    path: str
    kind: Kind
    language: str
    detail: str
    words: Rendered


@routes.get("/previews")
@public
async def get_previews(request: web.Request) -> web.Response:
    await let_in(request)
    shown = [
        _preview(request, kind, language, detail)
        for kind in Kind
        for language in LANGUAGES
        for detail in DETAILS
    ]
    return page(_TEMPLATES, "previews.html", previews=shown, query=_query(request))


@routes.get("/previews/{kind}/{language}/{detail}")
@public
async def get_preview(request: web.Request) -> web.Response:
    shown = await _opened(request)
    return page(
        _TEMPLATES,
        "preview.html",
        csp=policy(frames=True),
        preview=shown,
        parts=_ADDRESS.split(shown.words.text),
        query=_query(request),
    )


@routes.get("/previews/{kind}/{language}/{detail}/html")
@public
async def get_preview_html(request: web.Request) -> web.Response:
    shown = await _opened(request)
    return web.Response(
        text=shown.words.html,
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": MAIL_POLICY},
    )


async def _opened(request: web.Request) -> Preview:
    await let_in(request)
    kind, language, detail = (request.match_info[name] for name in ("kind", "language", "detail"))
    if kind not in set(Kind) or language not in LANGUAGES or detail not in DETAILS:
        raise web.HTTPNotFound
    return _preview(request, Kind(kind), language, detail)


def _preview(request: web.Request, kind: Kind, language: str, detail: str) -> Preview:
    """Return a preview on the practice's clock, or on the one that `zone` asks for."""
    clock = request.query.get("zone") or request.app[SETTINGS].serving.practice_timezone
    letter = sample(kind, locale=language, timezone=clock, named=detail == "standard")
    return Preview(
        path=f"/previews/{kind}/{language}/{detail}",
        kind=kind,
        language=language,
        detail=detail,
        words=render(letter),
    )


def _query(request: web.Request) -> str:
    """Return what follows a link to keep the clock that was asked for."""
    return f"?{request.query_string}" if "zone" in request.query else ""
