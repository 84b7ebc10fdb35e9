"""`/mailbox`: the list, each mail, its HTML in a frame that may do nothing."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from services.notifier.channels import mailbox
from services.notifier.channels.mailbox import Headline, ReadMail
from services.notifier.keys import SETTINGS
from services.notifier.pages.door import open_mailbox
from shared.web.auth import public
from shared.web.pages import page, policy, templates_in
from shared.zones import zone

routes = web.RouteTableDef()

_TEMPLATES: Final = templates_in("services.notifier.pages")
_STYLE: Final = Path(__file__).with_name("mailbox.css")
_ADDRESS: Final = re.compile(r"(https?://[^\s<>]+)")
# The mail's own styles are inline; a link opens outside the frame, and nothing else happens.
MAIL_POLICY: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
    " style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"
)


@routes.get("/mailbox")
@public
async def get_mailbox(request: web.Request) -> web.Response:
    folder = await open_mailbox(request)
    headlines = await asyncio.to_thread(mailbox.newest, folder)
    rows = [_row(request, each) for each in headlines]
    return page(_TEMPLATES, "mailbox.html", mails=rows)


@routes.get("/style.css")
@public
async def get_style(_request: web.Request) -> web.Response:
    return web.Response(text=_STYLE.read_text(encoding="utf-8"), content_type="text/css")


@routes.get("/mailbox/{name}")
@public
async def get_mail(request: web.Request) -> web.Response:
    opened = await _opened(request)
    return page(
        _TEMPLATES,
        "mail.html",
        csp=policy(frames=True),
        mail=_row(request, opened.headline),
        parts=_ADDRESS.split(opened.text),
    )


@routes.get("/mailbox/{name}/html")
@public
async def get_html(request: web.Request) -> web.Response:
    opened = await _opened(request)
    return web.Response(
        text=opened.html,
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": MAIL_POLICY},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mail as a page shows it; the time is on the practice's clock."""

    name: str
    time: str
    to: str
    subject: str


def _row(request: web.Request, headline: Headline) -> Row:
    clock = zone(request.app[SETTINGS].serving.practice_timezone)
    time = headline.written_at.astimezone(clock)
    return Row(
        name=headline.name,
        time=time.strftime("%Y-%m-%d %H:%M:%S %Z"),
        to=headline.to,
        subject=headline.subject,
    )


async def _opened(request: web.Request) -> ReadMail:
    folder = await open_mailbox(request)
    opened = await asyncio.to_thread(mailbox.read, folder, request.match_info["name"])
    if opened is None:
        raise web.HTTPNotFound
    return opened
