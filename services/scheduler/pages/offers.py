"""The page of an offer: GET shows the hour and changes nothing, POST takes it or lets it go."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from aiohttp import web
from babel.dates import format_date

from services.scheduler.keys import SETTINGS
from services.scheduler.pages.busy import for_visitors
from services.scheduler.pages.messages import message_page, templates, unknown_page
from services.scheduler.pages.moments import day_and_time, hour_in, hour_there
from services.scheduler.pages.offer_words import offer_words
from services.scheduler.pages.own_forms import came_from_elsewhere, form_of
from services.scheduler.pages.words import speak
from services.scheduler.use_cases.answering_offers import (
    Shown,
    Standing,
    accept,
    decline,
    shown_by,
)
from shared.links import BadLink, Purpose, read
from shared.web.keys import CLOCK, DATABASE
from shared.web.pages import page
from shared.zones import zone

routes = web.RouteTableDef()


@routes.get("/offers/{token}")
@for_visitors
async def get_offer(request: web.Request) -> web.Response:
    """Show the hour, until when it is kept, and two buttons; 410 when it is over."""
    shown = await _shown(request, request.app[CLOCK].now())
    return unknown_page(request) if shown is None else _found(shown)


@routes.post("/offers/{token}")
@for_visitors
async def post_offer(request: web.Request) -> web.Response:
    """Take the hour (303 to the page, which says so) or let it go; 410 when it is over."""
    now = request.app[CLOCK].now()
    shown = await _shown(request, now)
    if shown is None:
        return unknown_page(request)
    if came_from_elsewhere(request):
        return _found(shown, HTTPStatus.FORBIDDEN)
    chosen = (await form_of(request)).get("answer")
    database = request.app[DATABASE]
    if chosen == "accept":
        taken = await accept(database, now, shown.offer)
        return _see(request) if taken else _said(shown, "over", HTTPStatus.GONE)
    if chosen == "decline" and await decline(database, now, shown.offer):
        return _said(shown, "declined", HTTPStatus.OK)
    return _found(shown, HTTPStatus.BAD_REQUEST)


async def _shown(request: web.Request, now: datetime) -> Shown | None:
    secret = request.app[SETTINGS].serving.secret_key
    try:
        link = read(request.match_info["token"], secret, purpose=Purpose.OFFER)
    except BadLink:
        return None
    return await request.app[DATABASE].read(lambda conn: shown_by(conn, now, link))


def _found(shown: Shown, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    match shown.standing:
        case Standing.OPEN:
            return _open(shown, status)
        case Standing.TAKEN:
            return _said(shown, "taken", HTTPStatus.OK)
        case Standing.OVER:
            return _said(shown, "over", HTTPStatus.GONE)


def _open(shown: Shown, status: HTTPStatus) -> web.Response:
    offer, own = shown.offer, shown.timezone
    locale, page_words = speak(shown.locale)
    words = offer_words(locale.language)
    hour = hour_in(offer.slots[0], own, locale)
    first = offer.slots[0].starts_at.astimezone(zone(own))
    weekday = format_date(first, "EEEE", locale=locale)
    return page(
        templates(),
        "offer.html",
        status=status,
        lang=str(locale).replace("_", "-"),
        words=words,
        hour=hour,
        day=words.every.format(weekday=weekday) if offer.weekly else hour.day,
        from_day=words.from_day.format(day=hour.day) if offer.weekly else None,
        there=hour_there(offer.slots[0], offer.timezone, own, locale),
        there_word=page_words.there,
        until=words.until.format(moment=day_and_time(offer.expires_at, own, locale)),
    )


def _see(request: web.Request) -> web.Response:
    """Lead back to the page, so that loading it again sends nothing again."""
    return web.Response(
        status=HTTPStatus.SEE_OTHER, headers={"Location": request.match_info["token"]}
    )


def _said(shown: Shown, said: str, status: HTTPStatus) -> web.Response:
    locale, _ = speak(shown.locale)
    words = offer_words(locale.language)
    return message_page(locale, words.title, getattr(words, said), status)
