"""The join page: GET shows the time and changes nothing, POST leads to the room.

Mail scanners follow every link and some run its scripts, so only a person's button opens it.
"""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web

from services.scheduler.domain.joining import Door, closes_at, opens_at
from services.scheduler.keys import DOORWAY, SETTINGS
from services.scheduler.pages.busy import for_visitors
from services.scheduler.pages.messages import message_page, templates, unknown_page
from services.scheduler.pages.moments import (
    clock_time,
    day_and_time,
    hour_in,
    hour_there,
    time_until,
)
from services.scheduler.pages.words import Words, speak
from services.scheduler.use_cases.entering import enter
from services.scheduler.use_cases.joining import Invitation, invitation_of
from shared.links import BadLink, Link, Purpose, read
from shared.web.answers import answer
from shared.web.auth import public
from shared.web.keys import CLOCK, DATABASE
from shared.web.pages import page, policy

routes = web.RouteTableDef()

STATIC: Final = Path(__file__).parent / "static"
STATIC_FILES: Final = frozenset({"join.css", "join.js", "appointments.css", "appointments.js"})
# Chromium holds form-action against the redirect to the room, wherever that is.
CSP: Final = policy(form_hosts=("https:",), fetches=True)
# Without scripts the page loads itself again; with them it asks for its state instead.
RELOAD_SECONDS: Final = {Door.OPEN: 15, Door.EARLY: 300}


@routes.get("/join/{token}")
@for_visitors
async def get_join(request: web.Request) -> web.Response:
    """Show the time and a button; 410 when it is over or cancelled, 404 for a bad link."""
    now = request.app[CLOCK].now()
    invitation = await _invitation(request, now)
    if invitation is None:
        return unknown_page(request)
    if invitation.door in (Door.OVER, Door.CANCELLED):
        return _gone(invitation)
    return _waiting_room(invitation, now, HTTPStatus.OK)


@routes.get("/join/{token}/state")
@public
async def get_state(request: web.Request) -> web.Response:
    """Answer how the door stands and who has come, in words, for the page's own script."""
    invitation = await _invitation(request, request.app[CLOCK].now())
    if invitation is None:
        raise web.HTTPNotFound
    _, words = speak(invitation.locale)
    starts_at = invitation.session.slot.starts_at.isoformat()
    said = _company(invitation, words)
    return answer({"door": invitation.door.value, "starts_at": starts_at, "said": said})


@routes.post("/join/{token}")
@for_visitors
async def post_join(request: web.Request) -> web.Response:
    """Lead to the room with 303 while the door is open; else say when, or why not."""
    now, link = request.app[CLOCK].now(), _link(request)
    entry = await enter(request.app[DOORWAY], now, link) if link else None
    if entry is None:
        return unknown_page(request)
    invitation = entry.invitation
    match invitation.door:
        case Door.OVER | Door.CANCELLED:
            return _gone(invitation)
        case Door.EARLY:
            return _waiting_room(invitation, now, HTTPStatus.CONFLICT)
    if entry.way is not None:
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": entry.way})
    if entry.retry_after is not None:
        return _not_ready(invitation, entry.retry_after)
    return _message(invitation.locale, "no_room", HTTPStatus.CONFLICT)


@routes.get("/static/{name}")
@public
async def get_static(request: web.Request) -> web.StreamResponse:
    """Serve the page's own style and script, and nothing else."""
    name = request.match_info["name"]
    if name not in STATIC_FILES:
        raise web.HTTPNotFound
    return web.FileResponse(STATIC / name, headers={"Cache-Control": "public, max-age=3600"})


def _link(request: web.Request) -> Link | None:
    secret = request.app[SETTINGS].serving.secret_key
    try:
        return read(request.match_info["token"], secret, purpose=Purpose.JOIN)
    except BadLink:
        return None


async def _invitation(request: web.Request, now: datetime) -> Invitation | None:
    link = _link(request)
    if link is None:
        return None
    return await request.app[DATABASE].read(lambda conn: invitation_of(conn, now, link))


def _waiting_room(invitation: Invitation, now: datetime, status: HTTPStatus) -> web.Response:
    locale, words = speak(invitation.locale)
    session, own = invitation.session, invitation.timezone
    opens = opens_at(session)
    return page(
        templates(),
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
        door=invitation.door.value,
        is_open=invitation.door is Door.OPEN,
        company=_company(invitation, words),
        reload_seconds=RELOAD_SECONDS[invitation.door],
        has_begun=session.slot.starts_at <= now,
        until=time_until(session.slot.starts_at, now, locale),
        now=now.isoformat(),
        opens_at=opens.isoformat(),
        starts_at=session.slot.starts_at.isoformat(),
        closes_at=closes_at(session).isoformat(),
    )


def _company(invitation: Invitation, words: Words) -> str:
    """Say who has come, while the door is open; never who it is."""
    company = invitation.company
    if invitation.door is not Door.OPEN:
        return ""
    if not invitation.is_host:
        return words.host_is_there if company.come else ""
    if company.come == 0:
        return words.nobody_waits
    if company.expected == 1:
        return words.one_waits
    return words.some_wait.format(come=company.come, expected=company.expected)


def _not_ready(invitation: Invitation, seconds: int) -> web.Response:
    locale, words = speak(invitation.locale)
    response = page(
        templates(),
        "not_ready.html",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        csp=CSP,
        lang=str(locale).replace("_", "-"),
        words=words,
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def _gone(invitation: Invitation) -> web.Response:
    said = "cancelled" if invitation.door is Door.CANCELLED else "over"
    return _message(invitation.locale, said, HTTPStatus.GONE)


def _message(tag: str, said: str, status: HTTPStatus) -> web.Response:
    locale, words = speak(tag)
    return message_page(locale, words.title, getattr(words, said), status)
