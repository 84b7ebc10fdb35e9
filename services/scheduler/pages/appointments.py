"""The appointment's page: what a client does about it by link, each thing by a button.

GET changes nothing, whoever follows which link; only a form that a person sends does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from http import HTTPStatus

from aiohttp import web
from yarl import URL

from services.scheduler.domain.self_service import LONGEST_TEXT
from services.scheduler.keys import SETTINGS
from services.scheduler.pages.appointment_pages import (
    Frame,
    ask_page,
    calendar_page,
    late_page,
    main_page,
    move_page,
    times_page,
    words_of,
)
from services.scheduler.pages.busy import for_visitors
from services.scheduler.pages.messages import elsewhere_page, paced_page, unknown_page
from services.scheduler.pages.own_forms import (
    came_from_elsewhere,
    day_in,
    form_of,
    id_in,
    moment_in,
    written_in,
)
from services.scheduler.use_cases import self_service
from services.scheduler.use_cases.appointments import Appointment, appointment_of, times_near
from services.scheduler.use_cases.attempts import Attempt, Outcome
from services.scheduler.use_cases.undoing import undo
from shared.links import BadLink, Link, Purpose, calendar_of, read, sign
from shared.store.database import Connection
from shared.web.keys import CLOCK, DATABASE

routes = web.RouteTableDef()

Deed = Callable[[Connection, Attempt], Awaitable[Outcome | None]]
DeedAt = Callable[[Connection, Attempt, datetime], Awaitable[Outcome | None]]
Render = Callable[[Frame], web.Response]


@routes.get("/appointments/{token}")
@for_visitors
async def get_appointment(request: web.Request) -> web.Response:
    """Show the time and the buttons; 410 when it is over or cancelled, 404 for a bad link."""
    return await _look(request, main_page)


@routes.get("/appointments/{token}/cancel")
@for_visitors
async def get_cancel(request: web.Request) -> web.Response:
    """Ask whether to cancel late all the same, if it would be late."""
    return await _look(
        request,
        lambda frame: (late_page if _would_be_late(frame.shown) else main_page)(frame),
    )


@routes.get("/appointments/{token}/ask")
@for_visitors
async def get_ask(request: web.Request) -> web.Response:
    """Show the form to ask for another time."""
    return await _look(
        request, lambda frame: (ask_page if frame.shown.choices.ask else main_page)(frame)
    )


@routes.get("/appointments/{token}/times")
@for_visitors
async def get_times(request: web.Request) -> web.Response:
    """Show the hours of one week that can be picked: of `week`, else of the appointment's."""
    frame = await _frame(request)
    if frame is None:
        return unknown_page(request)
    if not frame.shown.choices.move:
        return main_page(frame)
    return await _times(request, frame, day_in(request.query.get("week", "")))


@routes.get("/appointments/{token}/move")
@for_visitors
async def get_move(request: web.Request) -> web.Response:
    """Show the hour that is kept while the client decides; else those that can be picked."""
    frame = await _frame(request)
    if frame is None:
        return unknown_page(request)
    if not frame.shown.choices.move:
        return main_page(frame)
    if frame.shown.chosen is None:
        alert = words_of(frame.shown).run_out
        return await _times(request, replace(frame, alert=alert))
    return move_page(frame, frame.shown.chosen)


@routes.get("/appointments/{token}/calendar")
@for_visitors
async def get_calendar(request: web.Request) -> web.Response:
    """Show the ways to have all of one's appointments in one's own calendar."""
    return await _look(
        request,
        lambda frame: calendar_page(frame, frame.calendar) if frame.calendar else main_page(frame),
    )


@routes.post("/appointments/{token}/confirm")
@for_visitors
async def post_confirm(request: web.Request) -> web.Response:
    """Say that the client will come."""
    return await _press(request, lambda _: self_service.confirm)


@routes.post("/appointments/{token}/cancel")
@for_visitors
async def post_cancel(request: web.Request) -> web.Response:
    """Cancel; if that is late and the page had not said so, ask first."""
    return await _press(
        request, lambda form: partial(self_service.cancel, knows=form.get("late") == "yes")
    )


@routes.post("/appointments/{token}/hold")
@for_visitors
async def post_hold(request: web.Request) -> web.Response:
    """Keep an hour for ten minutes, and ask whether to take it."""
    return await _press(request, lambda form: _at_start(self_service.choose, form), then="/move")


@routes.post("/appointments/{token}/release")
@for_visitors
async def post_release(request: web.Request) -> web.Response:
    """Let the hour go that was kept."""
    return await _press(request, lambda _: self_service.release)


@routes.post("/appointments/{token}/move")
@for_visitors
async def post_move(request: web.Request) -> web.Response:
    """Give the appointment the hour that was chosen."""
    return await _press(request, lambda form: _at_start(self_service.move, form))


@routes.post("/appointments/{token}/ask")
@for_visitors
async def post_ask(request: web.Request) -> web.Response:
    """Pass a few words on to the practice."""
    frame, words = await _frame(request), written_in((await form_of(request)).get("words", ""))
    if frame is not None and len(words) > LONGEST_TEXT:
        alert = words_of(frame.shown).too_long.format(count=LONGEST_TEXT)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return ask_page(replace(frame, alert=alert, status=status), words)
    return await _press(request, lambda _: partial(self_service.ask, words=words))


@routes.post("/appointments/{token}/undo")
@for_visitors
async def post_undo(request: web.Request) -> web.Response:
    """Bring back what was before the action that the form names."""
    return await _press(
        request, lambda form: partial(undo, action_id=id_in(form.get("action", "")))
    )


async def _look(request: web.Request, render: Render) -> web.Response:
    frame = await _frame(request)
    return unknown_page(request) if frame is None else render(frame)


async def _press(
    request: web.Request, deed_of: Callable[[Mapping[str, str]], Deed], *, then: str = ""
) -> web.Response:
    """Do it in one transaction and lead to the page that shows it, or say what is in the way."""
    if came_from_elsewhere(request):
        return elsewhere_page(request)
    link, form, now = _link(request), await form_of(request), request.app[CLOCK].now()
    if link is None:
        return unknown_page(request)
    attempt, deed = Attempt(link=link, seen=form.get("seen", ""), now=now), deed_of(form)
    outcome = await request.app[DATABASE].write(lambda conn: deed(conn, attempt))
    if outcome is Outcome.DONE:
        return web.Response(
            status=HTTPStatus.SEE_OTHER, headers={"Location": f"{_path(request)}{then}"}
        )
    return await _not_done(request, outcome)


def _at_start(deed: DeedAt, form: Mapping[str, str]) -> Deed:
    starts_at = moment_in(form.get("starts_at", ""))
    if starts_at is None:
        return _nothing
    return lambda conn, attempt: deed(conn, attempt, starts_at)


async def _nothing(conn: Connection, attempt: Attempt) -> Outcome:
    """No button of ours says this."""
    return Outcome.STALE


async def _not_done(request: web.Request, outcome: Outcome | None) -> web.Response:
    found = await _frame(request)
    if found is None or outcome is None:
        return unknown_page(request)
    if outcome is Outcome.PACED:
        return paced_page(found.shown.client.locale)
    frame = replace(found, status=HTTPStatus.CONFLICT)
    if outcome is Outcome.LATE:
        return late_page(frame)
    alert = getattr(words_of(frame.shown), outcome.value)
    frame = replace(frame, alert=alert)
    if outcome is Outcome.TAKEN:
        chosen = moment_in((await form_of(request)).get("starts_at", ""))
        return await _times(request, frame, chosen.date() if chosen else None)
    return main_page(frame)


async def _times(request: web.Request, frame: Frame, day: date | None = None) -> web.Response:
    times = await request.app[DATABASE].read(
        lambda conn: times_near(conn, frame.now, frame.shown, day)
    )
    return times_page(frame, times)


async def _frame(request: web.Request) -> Frame | None:
    link, now = _link(request), request.app[CLOCK].now()
    if link is None:
        return None
    shown = await request.app[DATABASE].read(lambda conn: appointment_of(conn, now, link))
    if shown is None:
        return None
    return Frame(shown=shown, path=_path(request), now=now, calendar=_calendar(request, link))


def _calendar(request: web.Request, link: Link) -> URL | None:
    """Return where all of the client's appointments can be subscribed to, None if nowhere."""
    settings = request.app[SETTINGS]
    if settings.feed_url is None:
        return None
    own = calendar_of(link.person_id, link.generation)
    return settings.feed_url / "feeds" / f"{sign(own, settings.serving.secret_key)}.ics"


def _link(request: web.Request) -> Link | None:
    secret = request.app[SETTINGS].serving.secret_key
    try:
        return read(request.match_info["token"], secret, purpose=Purpose.APPOINTMENT)
    except BadLink:
        return None


def _path(request: web.Request) -> str:
    return f"/appointments/{request.match_info['token']}"


def _would_be_late(shown: Appointment) -> bool:
    return shown.choices.cancel and shown.choices.late
