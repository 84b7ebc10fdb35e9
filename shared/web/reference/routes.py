"""`/openapi.json` for programs and `/docs` for people, made when they are first asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from aiohttp import web

from shared.web.auth import public
from shared.web.reference.document import openapi
from shared.web.reference.page import rendered

routes = web.RouteTableDef()

POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none';"
    " base-uri 'none'"
)
_STYLE: Final = Path(__file__).with_name("docs.css")


class Reference:
    """Both forms of one app's reference; its routes do not change once it runs."""

    def __init__(self) -> None:
        self._document: bytes | None = None
        self._page: bytes | None = None

    def document(self, app: web.Application) -> bytes:
        if self._document is None:
            self._document = json.dumps(openapi(app), ensure_ascii=False).encode()
        return self._document

    def page(self, app: web.Application) -> bytes:
        if self._page is None:
            self._page = rendered(json.loads(self.document(app))).encode()
        return self._page


REFERENCE: Final = web.AppKey("REFERENCE", Reference)


@routes.get("/openapi.json")
@public
async def get_openapi(request: web.Request) -> web.Response:
    body = request.app[REFERENCE].document(request.app)
    return web.Response(body=body, content_type="application/json", charset="utf-8")


@routes.get("/docs")
@public
async def get_docs(request: web.Request) -> web.Response:
    return web.Response(
        body=request.app[REFERENCE].page(request.app),
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": POLICY},
    )


@routes.get("/docs.css")
@public
async def get_style(_request: web.Request) -> web.Response:
    return web.Response(text=_STYLE.read_text(encoding="utf-8"), content_type="text/css")
