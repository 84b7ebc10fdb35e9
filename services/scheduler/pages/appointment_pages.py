"""How an appointment and what can be done about it look, in the person's zone and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import groupby
from typing import Final

from aiohttp import web
from babel import Locale
from babel.dates import format_date, format_timedelta
from markupsafe import Markup
from yarl import URL

from services.scheduler.domain.holds import Hold
from services.scheduler.domain.self_service import LONGEST_TEXT, Act, Action
from services.scheduler.domain.slots import Slot
from services.scheduler.pages.appointment_words import AppointmentWords, appointment_words
from services.scheduler.pages.messages import templates
from services.scheduler.pages.moments import clock_time, hour_in, hour_there
from services.scheduler.pages.words import speak
from services.scheduler.use_cases.appointments import Appointment, Times
from shared.subscribing import qr_svg, ways_to
from shared.web.pages import page, policy
from shared.zones import zone

_HOURS: Final = 10_000  # from how many on they would be told in days


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Whose page it is, at which address, at what time, and an alert on top of it.

    `calendar` is the address at which a calendar program finds all of the client's appointments.
    """

    shown: Appointment
    path: str
    now: datetime
    alert: str | None = None
    calendar: URL | None = None
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What the client has just done, and whether it can be undone."""

    said: str
    hint: str | None = None
    undo: str | None = None
    undo_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeHour:
    """An hour that can be had: its time on the client's clock, and when that is."""

    time: str
    starts_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeDay:
    """A day on the client's calendar with the hours that can be had."""

    name: str
    hours: Sequence[FreeHour]


def main_page(frame: Frame) -> web.Response:
    """Return the appointment and its buttons; 410 when it is over, or cancelled for good."""
    shown, words = frame.shown, words_of(frame.shown)
    standing, choices = shown.standing, shown.choices
    news = _news(frame, words)
    over = standing.session.slot.ends_at <= frame.now
    gone = (over or not standing.takes_place) and choices.undo is None
    return _page(
        frame,
        "appointment.html",
        status=HTTPStatus.GONE if gone and frame.status is HTTPStatus.OK else frame.status,
        said=_state(frame, news, words),
        news=news,
        void=not standing.takes_place,
        choices=choices,
        late=_late(frame, words),
        subscribes=frame.calendar is not None,
        cancel_word=words.absent if standing.in_group else words.cancel,
    )


def late_page(frame: Frame) -> web.Response:
    """Return the question whether to cancel late all the same."""
    return _page(frame, "appointment_cancel.html", late=_late(frame, words_of(frame.shown)))


def times_page(frame: Frame, times: Times) -> web.Response:
    """Return the hours of one week that can be picked."""
    locale, timezone = _locale(frame.shown), frame.shown.client.timezone
    earlier, later = times.weeks.before(times.monday), times.weeks.after(times.monday)
    return _page(
        frame,
        "appointment_times.html",
        zone=hour_in(times.slots[0], timezone, locale).zone if times.slots else None,
        days=_days(times.slots, timezone, locale),
        earlier=earlier.isoformat() if earlier else None,
        later=later.isoformat() if later else None,
    )


def move_page(frame: Frame, chosen: Hold) -> web.Response:
    """Return the hour that is kept, and the question whether to take it."""
    shown, words = frame.shown, words_of(frame.shown)
    locale, own, slot = _locale(shown), shown.client.timezone, chosen.slots[0]
    return _page(
        frame,
        "appointment_move.html",
        chosen=hour_in(slot, own, locale),
        chosen_there=hour_there(slot, shown.standing.session.timezone, own, locale),
        held=words.held.format(time=clock_time(chosen.expires_at, own, locale)),
        starts_at=slot.starts_at.isoformat(),
        week=slot.starts_at.astimezone(zone(own)).date().isoformat(),
    )


def ask_page(frame: Frame, written: str = "") -> web.Response:
    """Return the form to ask for another time, with what was `written` already."""
    return _page(frame, "appointment_ask.html", longest=LONGEST_TEXT, written=written)


def calendar_page(frame: Frame, address: URL) -> web.Response:
    """Return the ways to subscribe to all of the client's appointments."""
    ways = ways_to(address)
    return _page(frame, "appointment_calendar.html", ways=ways, qr=Markup(qr_svg(ways.webcal_url)))


def words_of(shown: Appointment) -> AppointmentWords:
    return appointment_words(_locale(shown).language)


def _page(
    frame: Frame, name: str, *, status: HTTPStatus | None = None, **values: object
) -> web.Response:
    shown, locale = frame.shown, _locale(frame.shown)
    session, own = shown.standing.session, shown.client.timezone
    return page(
        templates(),
        name,
        status=status or frame.status,
        csp=policy(),
        lang=str(locale).replace("_", "-"),
        words=words_of(shown),
        path=frame.path,
        alert=frame.alert,
        now=frame.now.isoformat(),
        seen=shown.standing.seen,
        hour=hour_in(session.slot, own, locale),
        there=hour_there(session.slot, session.timezone, own, locale),
        **values,
    )


def _news(frame: Frame, words: AppointmentWords) -> News | None:
    """Return what to say of what the client did last, as long as it still stands."""
    shown, standing = frame.shown, frame.shown.standing
    last = standing.last
    if last is None:
        return None
    if last.undone_at is not None:
        fresh = frame.now - last.undone_at < last.undo_until - last.made_at
        return News(said=words.undone) if fresh else None
    said = _did(shown, last, words)
    if said is None or frame.now >= standing.session.slot.ends_at:
        return None
    if shown.choices.undo is None:
        return News(said=said, hint=None if frame.alert else words.undo_over)
    until = clock_time(last.undo_until, shown.client.timezone, _locale(shown))
    return News(
        said=said,
        hint=words.undo_until.format(time=until),
        undo=str(last.id),
        undo_until=last.undo_until.isoformat(),
    )


def _did(shown: Appointment, last: Action, words: AppointmentWords) -> str | None:
    standing = shown.standing
    match last.act:
        case Act.CONFIRM:
            return words.did_confirm if standing.confirmed else None
        case Act.CANCEL if standing.takes_place:
            return None
        case Act.CANCEL if standing.in_group:
            return words.did_absent
        case Act.CANCEL:
            late = standing.session.cancelled_late
            return words.did_cancel_late if late else words.did_cancel
        case Act.MOVE:
            same = standing.takes_place and standing.session.revision == last.revision
            return words.did_move if same else None
        case Act.ASK:
            return words.did_ask


def _state(frame: Frame, news: News | None, words: AppointmentWords) -> str | None:
    """Return how it stands, unless the news beside it say so already."""
    standing, slot = frame.shown.standing, frame.shown.standing.session.slot
    told = None if news is None or standing.last is None else standing.last.act
    if not standing.takes_place:
        return None if told is Act.CANCEL else words.cancelled
    if slot.starts_at <= frame.now:
        return words.over if slot.ends_at <= frame.now else words.begun
    return words.confirmed if standing.confirmed and told is not Act.CONFIRM else None


def _late(frame: Frame, words: AppointmentWords) -> str:
    shown = frame.shown
    hours = _hours(shown.late_within, _locale(shown))
    return (words.late if shown.choices.late else words.late_soon).format(hours=hours)


def _hours(span: timedelta, locale: Locale) -> str:
    return format_timedelta(span, granularity="hour", threshold=_HOURS, locale=locale)


def _days(slots: Sequence[Slot], timezone: str, locale: Locale) -> list[FreeDay]:
    there = zone(timezone)
    return [
        FreeDay(
            name=format_date(day, "full", locale=locale),
            hours=[
                FreeHour(
                    time=clock_time(slot.starts_at, timezone, locale),
                    starts_at=slot.starts_at.isoformat(),
                )
                for slot in of_day
            ],
        )
        for day, of_day in groupby(slots, lambda slot: slot.starts_at.astimezone(there).date())
    ]


def _locale(shown: Appointment) -> Locale:
    return speak(shown.client.locale)[0]
