"""The join page: GET shows the time and changes nothing, POST leads to the room.

Mail scanners follow every link and some run its scripts, so only a person's button opens it.
"""

from __future__ import annotations

import functools
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

import jinja2
from aiohttp import web

from services.scheduler.domain.joining import Door, closes_at, opens_at
from services.scheduler.keys import SETTINGS
from services.scheduler.pages.moments import (
    clock_time,
    day_and_time,
    hour_in,
    hour_there,
    time_until,
)
from services.scheduler.pages.words import best_language, speak
from services.scheduler.use_cases.joining import Invitation, invitation_of
from shared.links import BadLink, Purpose, read
from shared.logs import log
from shared.web.auth import public
from shared.web.keys import CLOCK, DATABASE
from shared.web.pages import page, policy, templates_in

routes = web.RouteTableDef()

STATIC: Final = Path(__file__).parent / "static"
STATIC_FILES: Final = frozenset({"join.css", "join.js"})
# Chromium holds form-action against the redirect to the room, wherever that is.
CSP: Final = policy(form_hosts=("https:",))


@routes.get("/join/{token}")
@public
async def get_join(request: web.Request) -> web.Response:
    """Show the time and a button; 410 when it is over or cancelled, 404 for a bad link."""
    now = request.app[CLOCK].now()
    invitation = await _invitation(request, now)
    if invitation is None:
        return _unknown(request)
    if invitation.door in (Door.OVER, Door.CANCELLED):
        return _gone(invitation)
    return _waiting_room(invitation, now, HTTPStatus.OK)


@routes.post("/join/{token}")
@public
async def post_join(request: web.Request) -> web.Response:
    """Lead to the room with 303 while the door is open; else say when, or why not."""
    now = request.app[CLOCK].now()
    invitation = await _invitation(request, now)
    if invitation is None:
        return _unknown(request)
    match invitation.door:
        case Door.OVER | Door.CANCELLED:
            return _gone(invitation)
        case Door.EARLY:
            return _waiting_room(invitation, now, HTTPStatus.CONFLICT)
    if invitation.room_url is None:
        return _message(invitation.locale, "no_room", HTTPStatus.CONFLICT)
    log.info("join.let_in", session_id=str(invitation.session.id))
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": invitation.room_url})


@routes.get("/static/{name}")
@public
async def get_static(request: web.Request) -> web.StreamResponse:
    """Serve the page's own style and script, and nothing else."""
    name = request.match_info["name"]
    if name not in STATIC_FILES:
        raise web.HTTPNotFound
    return web.FileResponse(STATIC / name, headers={"Cache-Control": "public, max-age=3600"})


async def _invitation(request: web.Request, now: datetime) -> Invitation | None:
    secret = request.app[SETTINGS].serving.secret_key
    try:
        link = read(request.match_info["token"], secret, purpose=Purpose.JOIN)
    except BadLink:
        return None
    return await request.app[DATABASE].read(lambda conn: invitation_of(conn, now, link))


def _waiting_room(invitation: Invitation, now: datetime, status: HTTPStatus) -> web.Response:
    locale, words = speak(invitation.locale)
    session, own = invitation.session, invitation.timezone
    opens = opens_at(session)
    return page(
        _templates(),
        "join.html",
        status=status,
        csp=CSP,
        lang=str(locale).replace("_", "-"),
        words=words,
        hour=hour_in(session.slot, own, locale),
        there=hour_there(session.slot, session.timezone, own, locale),
        refused=words.early.format(moment=day_and_time(opens, own, locale))
        if status is HTTPStatus.CONFLICT
        else None,
        opens=words.opens.format(time=clock_time(opens, own, locale)),
        is_open=invitation.door is Door.OPEN,
        has_begun=session.slot.starts_at <= now,
        until=time_until(session.slot.starts_at, now, locale),
        now=now.isoformat(),
        opens_at=opens.isoformat(),
        starts_at=session.slot.starts_at.isoformat(),
        closes_at=closes_at(session).isoformat(),
    )


def _gone(invitation: Invitation) -> web.Response:
    said = "cancelled" if invitation.door is Door.CANCELLED else "over"
    return _message(invitation.locale, said, HTTPStatus.GONE)


def _unknown(request: web.Request) -> web.Response:
    """One page for every reason, so that it tells nothing of what exists."""
    tag = best_language(request.headers.get("Accept-Language", ""))
    return _message(tag, "unknown", HTTPStatus.NOT_FOUND)


def _message(tag: str, said: str, status: HTTPStatus) -> web.Response:
    locale, words = speak(tag)
    return page(
        _templates(),
        "message.html",
        status=status,
        lang=str(locale).replace("_", "-"),
        title=words.unknown_title if said == "unknown" else words.title,
        said=getattr(words, said),
    )


@functools.cache
def _templates() -> jinja2.Environment:
    return templates_in("services.scheduler.pages")
