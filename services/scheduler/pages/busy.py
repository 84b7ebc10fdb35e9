"""What a person reads when too many changed the same rows at once: a page, never a document."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web

from services.scheduler.keys import SETTINGS
from services.scheduler.pages.messages import asked_for, templates
from services.scheduler.pages.words import speak
from services.scheduler.use_cases.answering_offers import shown_by
from services.scheduler.use_cases.joining import invitation_of
from services.scheduler.use_cases.mail_links import reader_of
from shared.links import BadLink, Purpose, read
from shared.store.database import Contention
from shared.web.auth import public
from shared.web.keys import CLOCK, DATABASE
from shared.web.pages import page

PageHandler = Callable[[web.Request], Awaitable[web.Response]]

_READERS: Final = {
    Purpose.JOIN: invitation_of,
    Purpose.APPOINTMENT: invitation_of,
    Purpose.OFFER: shown_by,
    Purpose.MAIL: reader_of,
    Purpose.ADDRESS: reader_of,
}


def for_visitors(handler: PageHandler) -> PageHandler:
    """Declare a page that needs no key, and answer a page too when the database is too busy."""

    @public
    @functools.wraps(handler)
    async def visited(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Contention:
            return await _busy(request)

    return visited


async def _busy(request: web.Request) -> web.Response:
    locale, words = speak(await _language(request))
    response = page(
        templates(),
        "busy.html",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        lang=str(locale).replace("_", "-"),
        words=words,
        back="/".join(request.rel_url.raw_path.split("/")[:3]),
    )
    response.headers["Retry-After"] = "1"
    return response


async def _language(request: web.Request) -> str:
    """Return the language of the page that was asked for; reading waits for no writer."""
    secret, now = request.app[SETTINGS].serving.secret_key, request.app[CLOCK].now()
    for purpose, reader in _READERS.items():
        try:
            link = read(request.match_info["token"], secret, purpose=purpose)
        except BadLink:
            continue
        found = await request.app[DATABASE].read(functools.partial(reader, now=now, link=link))
        if found is not None:
            return found.locale
    return asked_for(request)
