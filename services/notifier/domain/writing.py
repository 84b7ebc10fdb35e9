"""From a decision to a letter: which kind, which dates, which links."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from services.notifier.domain.decide import (
    Say,
    SayDay,
    Saying,
    SayNews,
    SayOffer,
    SayPlainly,
    SayTrouble,
)
from services.notifier.domain.letters import Date, Letter, Move
from services.notifier.domain.links import Links
from services.notifier.domain.news import Booked, Cancelled, Moved
from services.notifier.domain.people import Person, Role
from services.notifier.domain.sessions import Session
from services.notifier.domain.states import Kind

ANSWERABLE_FOR: Final = timedelta(days=400)  # links that belong to no appointment


_NEEDED: Final = frozenset({Kind.ADDRESS, Kind.TASK})  # one can do without the others


def write_letter(kind: Kind, say: Saying, person: Person, links: Links, now: datetime) -> Letter:
    """Return the letter that says `say` to `person`; what is cancelled has no link."""
    letter = _written(kind, say, person, links, now)
    if kind in _NEEDED:
        return letter
    # By the kind that was planned, which is what an opt-out is held against.
    return replace(letter, unsubscribe=links.unsubscribing(kind, person, now + ANSWERABLE_FOR))


def _written(kind: Kind, say: Saying, person: Person, links: Links, now: datetime) -> Letter:
    zone, locale = person.timezone, person.locale
    match say:
        case Say():
            return _changes(say, person, links)
        case SayOffer():
            return _offer(say, person, links)
        case SayDay(sessions=sessions):
            dates = tuple(_date(session, person, links) for session in sessions)
            return Letter(kind=kind, dates=dates, timezone=zone, locale=locale)
        case SayNews(session=session, confirmed=confirmed):
            date = Date(starts_at=session.starts_at, timezone=session.timezone)
            return Letter(
                kind=kind, dates=(date,), confirmed=confirmed, timezone=zone, locale=locale
            )
        case SayTrouble(count=count):
            return Letter(kind=kind, count=count, timezone=zone, locale=locale)
        case SayPlainly():
            asks = kind is Kind.ADDRESS
            link = links.confirming(person, now + ANSWERABLE_FOR) if asks else None
            return Letter(kind=kind, link=link, timezone=zone, locale=locale)


def _changes(say: Say, person: Person, links: Links) -> Letter:
    dates, moves, cancelled = [], [], []
    for item in say.items:
        session = item.session
        match item.what:
            case Moved(left):
                before = Date(starts_at=left, timezone=session.timezone)
                moves.append(Move(before=before, now=_date(session, person, links)))
            case Cancelled(expected):
                cancelled.append(Date(starts_at=expected, timezone=session.timezone))
            case _:
                dates.append(_date(session, person, links))
    return Letter(
        kind=_kind(say),
        dates=tuple(dates),
        moves=tuple(moves),
        cancelled=tuple(cancelled),
        timezone=person.timezone,
        locale=person.locale,
    )


def _kind(say: Say) -> Kind:
    """One thing is said as what it is; several of one booking are one confirmation."""
    if all(isinstance(item.what, Booked) for item in say.items):
        return Kind.CONFIRMATION
    if len(say.items) > 1:
        return Kind.CHANGED
    match say.items[0].what:
        case Moved():
            return Kind.MOVED
        case Cancelled():
            return Kind.CANCELLED
    return Kind.REMINDER


def _date(session: Session, person: Person, links: Links) -> Date:
    """Return the date with the links that are this person's: a guardian comes in nowhere."""
    comes = person.role in (Role.CLIENT, Role.CLINICIAN)
    decides = person.role is Role.CLIENT
    return Date(
        starts_at=session.starts_at,
        timezone=session.timezone,
        link=links.joining(session, person) if comes else None,
        change=links.changing(session, person) if decides else None,
    )


def _offer(say: SayOffer, person: Person, links: Links) -> Letter:
    offer = say.offer
    link = links.taking(offer, person)
    return Letter(
        kind=Kind.OFFER,
        dates=(Date(starts_at=offer.starts_at, timezone=offer.timezone, link=link),),
        until=Date(starts_at=offer.expires_at, timezone=offer.timezone),
        weekly=offer.weekly,
        timezone=person.timezone,
        locale=person.locale,
    )
