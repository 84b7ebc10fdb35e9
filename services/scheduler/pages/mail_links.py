"""Pages about mail: GET shows what a button would do and changes nothing, POST does it.

A mail provider's server may be who posts (RFC 8058): it has no cookie, follows no redirect,
and the link is all that it needs.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from services.scheduler.domain.mail_wishes import MailKind
from services.scheduler.keys import SETTINGS
from services.scheduler.pages.busy import for_visitors
from services.scheduler.pages.mail_words import mail_words
from services.scheduler.pages.messages import (
    elsewhere_page,
    message_page,
    paced_page,
    templates,
    unknown_page,
)
from services.scheduler.pages.own_forms import came_from_elsewhere, form_of
from services.scheduler.pages.words import speak
from services.scheduler.use_cases.mail_links import (
    Pressed,
    Reader,
    confirm_address,
    opt_in,
    opt_out,
    reader_of,
)
from shared.links import BadLink, Link, Purpose, read
from shared.web.keys import CLOCK, DATABASE
from shared.web.pages import page

routes = web.RouteTableDef()


@routes.get("/unsubscribe/{token}")
@for_visitors
async def get_unsubscribe(request: web.Request) -> web.Response:
    """Show which messages the button stops, or how to get them again; 404 for a bad link."""
    reader = await _reader(request, _link(request, Purpose.MAIL))
    if reader is None or reader.kind is None:
        return unknown_page(request)
    words = mail_words(speak(reader.locale)[0].language)
    said = words.stopped if reader.has_opted_out else words.asks
    return _wish_page(reader, reader.kind, said)


@routes.post("/unsubscribe/{token}")
@for_visitors
async def post_unsubscribe(request: web.Request) -> web.Response:
    """Stop these messages, whoever asks and however often; `answer=undo` takes it back."""
    link, now = _link(request, Purpose.MAIL), request.app[CLOCK].now()
    if link is None:
        return unknown_page(request)
    wanted = (await form_of(request)).get("answer") == "undo"
    deed = opt_in if wanted else opt_out
    pressed = await request.app[DATABASE].write(lambda conn: deed(conn, now, link))
    reader = await _reader(request, link)
    if pressed is None or reader is None or reader.kind is None:
        return unknown_page(request)
    if pressed is Pressed.PACED:
        return paced_page(reader.locale)
    words = mail_words(speak(reader.locale)[0].language)
    return _wish_page(reader, reader.kind, words.resumed if wanted else words.stopped)


@routes.get("/addresses/{token}")
@for_visitors
async def get_address(request: web.Request) -> web.Response:
    """Show the button, or that nothing is left to do; 410 for an address of before."""
    reader = await _reader(request, _link(request, Purpose.ADDRESS))
    return unknown_page(request) if reader is None else _address(reader)


@routes.post("/addresses/{token}")
@for_visitors
async def post_address(request: web.Request) -> web.Response:
    """Note that mail arrives at the address; 410 if the person has another one by now."""
    link, now = _link(request, Purpose.ADDRESS), request.app[CLOCK].now()
    if link is None:
        return unknown_page(request)
    if came_from_elsewhere(request):
        return elsewhere_page(request)
    pressed = await request.app[DATABASE].write(lambda conn: confirm_address(conn, now, link))
    reader = await _reader(request, link)
    if pressed is None or reader is None:
        return unknown_page(request)
    return paced_page(reader.locale) if pressed is Pressed.PACED else _address(reader)


def _link(request: web.Request, purpose: Purpose) -> Link | None:
    secret = request.app[SETTINGS].serving.secret_key
    try:
        return read(request.match_info["token"], secret, purpose=purpose)
    except BadLink:
        return None


async def _reader(request: web.Request, link: Link | None) -> Reader | None:
    if link is None:
        return None
    now = request.app[CLOCK].now()
    return await request.app[DATABASE].read(lambda conn: reader_of(conn, now, link))


def _wish_page(reader: Reader, kind: MailKind, said: str) -> web.Response:
    locale, _ = speak(reader.locale)
    words = mail_words(locale.language)
    return page(
        templates(),
        "unsubscribe.html",
        status=HTTPStatus.OK,
        lang=str(locale).replace("_", "-"),
        words=words,
        kind=words.kinds[kind],
        said=said,
        stopped=reader.has_opted_out,
    )


def _address(reader: Reader) -> web.Response:
    locale, _ = speak(reader.locale)
    words = mail_words(locale.language)
    if reader.has_another_address:
        return message_page(locale, words.address_title, words.address_changed, HTTPStatus.GONE)
    if reader.has_vouched_address:
        return message_page(locale, words.address_title, words.confirmed, HTTPStatus.OK)
    return page(
        templates(),
        "address.html",
        status=HTTPStatus.OK,
        lang=str(locale).replace("_", "-"),
        words=words,
    )
