"""From a decision to a letter: which kind, which dates, which links, whose name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from services.notifier.domain.decide import (
    Say,
    SayDay,
    SayHowItStands,
    Saying,
    SayOffer,
    SayPlainly,
    SayTrouble,
)
from services.notifier.domain.letters import Date, Letter, Move
from services.notifier.domain.links import Links
from services.notifier.domain.names import Names, shown
from services.notifier.domain.news import Booked, Cancelled, Confirmed, Moved
from services.notifier.domain.people import Person, Role
from services.notifier.domain.sessions import Session
from services.notifier.domain.states import Kind

ANSWERABLE_FOR: Final = timedelta(days=400)  # links that belong to no appointment
_NEEDED: Final = frozenset({Kind.ADDRESS, Kind.TASK})  # one can do without the others

Sheet = Callable[..., Letter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """What a letter is written with; without `names` it names nobody."""

    links: Links
    now: datetime
    names: Names | None = None


def write_letter(kind: Kind, say: Saying, person: Person, pen: Pen) -> Letter:
    """Return the letter that says `say` to `person`; what is cancelled has no link."""
    sheet = _sheet(kind, person, pen)
    match say:
        case Say():
            return _changes(sheet, kind, say, person, pen)
        case SayOffer():
            return _offer(sheet, say, person, pen)
        case SayDay(sessions=sessions):
            return sheet(kind=kind, dates=tuple(_date(each, person, pen) for each in sessions))
        case SayHowItStands(session=session):
            date = (_bare(session, session.starts_at),)
            return sheet(kind=kind, **{"dates" if session.takes_place else "cancelled": date})
        case SayTrouble(count=count):
            return sheet(kind=kind, count=count)
        case SayPlainly():
            ends = pen.now + ANSWERABLE_FOR
            asks = kind is Kind.ADDRESS
            return sheet(kind=kind, link=pen.links.confirming(person, ends) if asks else None)


def _sheet(kind: Kind, person: Person, pen: Pen) -> Sheet:
    """Return what makes a letter for `person`, of the kind that was planned.

    An opt-out is held against that kind, whatever the letter turns out to be.
    """
    ends = pen.now + ANSWERABLE_FOR
    return partial(
        Letter,
        timezone=person.timezone,
        locale=person.locale,
        signed=None if pen.names is None else shown(pen.names.practice),
        unsubscribe=None if kind in _NEEDED else pen.links.unsubscribing(kind, person, ends),
    )


def _changes(sheet: Sheet, kind: Kind, say: Say, person: Person, pen: Pen) -> Letter:
    def there(session: Session) -> Date:
        plain = kind is Kind.NEWS  # no link: it says what has changed, not where to go
        return _bare(session, session.starts_at) if plain else _date(session, person, pen)

    dates, moves, cancelled, confirmed = [], [], [], []
    for item in say.items:
        session = item.session
        match item.what:
            case Moved(left):
                moves.append(Move(before=_bare(session, left), now=there(session)))
            case Cancelled(expected):
                whom = _with_whom(session, person, pen)
                cancelled.append(_bare(session, expected, whom))
            case Confirmed():
                confirmed.append(there(session))
            case _:
                dates.append(there(session))
    return sheet(
        kind=Kind.NEWS if kind is Kind.NEWS else _kind(say),
        dates=tuple(dates),
        moves=tuple(moves),
        cancelled=tuple(cancelled),
        confirmed=tuple(confirmed),
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


def _date(session: Session, person: Person, pen: Pen) -> Date:
    """Return the date with the links that are this person's: a guardian comes in nowhere."""
    comes = person.role in (Role.CLIENT, Role.CLINICIAN)
    decides = person.role is Role.CLIENT
    return Date(
        starts_at=session.starts_at,
        timezone=session.timezone,
        link=pen.links.joining(session, person) if comes else None,
        change=pen.links.changing(session, person) if decides else None,
        with_whom=_with_whom(session, person, pen),
    )


def _bare(session: Session, starts_at: datetime, with_whom: str | None = None) -> Date:
    """Return a date of the session that has no link."""
    return Date(starts_at=starts_at, timezone=session.timezone, with_whom=with_whom)


def _with_whom(session: Session, person: Person, pen: Pen) -> str | None:
    """Return the clinician's name where names may be said, to those who come for it."""
    if pen.names is None or person.role not in (Role.CLIENT, Role.GUARDIAN):
        return None
    name = pen.names.clinicians.get(session.clinician_id)
    return shown(name) or None if name else None


def _offer(sheet: Sheet, say: SayOffer, person: Person, pen: Pen) -> Letter:
    offer = say.offer
    link = pen.links.taking(offer, person)
    return sheet(
        kind=Kind.OFFER,
        dates=(Date(starts_at=offer.starts_at, timezone=offer.timezone, link=link),),
        until=Date(starts_at=offer.expires_at, timezone=offer.timezone),
        weekly=offer.weekly,
    )
