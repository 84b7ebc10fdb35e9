"""From a decision to a letter: which kind, which dates, which links."""

from __future__ import annotations

from services.notifier.domain.decide import Item, Say, SayOffer
from services.notifier.domain.letters import Date, Letter, Move
from services.notifier.domain.links import Links
from services.notifier.domain.news import Booked, Cancelled, Moved, Told
from services.notifier.domain.people import Person
from services.notifier.domain.sessions import CANCELLED
from services.notifier.domain.states import Kind


def write_letter(say: Say | SayOffer, person: Person, links: Links) -> Letter:
    """Return the letter that says `say` to `person`; what is cancelled has no link."""
    if isinstance(say, SayOffer):
        return _offer(say, person, links)
    dates, moves, cancelled = [], [], []
    for item in say.items:
        session = item.session
        match item.what:
            case Moved(left):
                before = Date(starts_at=left, timezone=session.timezone)
                moves.append(Move(before=before, now=_date(item, person, links)))
            case Cancelled(expected):
                cancelled.append(Date(starts_at=expected, timezone=session.timezone))
            case _:
                dates.append(_date(item, person, links))
    return Letter(
        kind=_kind(say),
        dates=tuple(dates),
        moves=tuple(moves),
        cancelled=tuple(cancelled),
        timezone=person.timezone,
        locale=person.locale,
    )


def says(say: Say | SayOffer) -> tuple[Told, ...]:
    """Return what the person knows of each session once this has arrived.

    A reminder is no news: it changes nothing of what a notice has to say.
    """
    if isinstance(say, SayOffer):
        return ()
    return tuple(_told(item) for item in say.items if item.what is not None)


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


def _told(item: Item) -> Told:
    status = CANCELLED if isinstance(item.what, Cancelled) else item.session.status
    return Told(session_id=item.session.id, starts_at=item.session.starts_at, status=status)


def _date(item: Item, person: Person, links: Links) -> Date:
    session = item.session
    return Date(
        starts_at=session.starts_at,
        timezone=session.timezone,
        link=links.joining(session, person),
        change=links.changing(session, person),
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
