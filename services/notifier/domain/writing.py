"""From a decision to a letter: which kind, which dates, which links."""

from __future__ import annotations

from services.notifier.domain.decide import Say
from services.notifier.domain.letters import Date, Letter
from services.notifier.domain.links import JoinLinks
from services.notifier.domain.news import Booked, Cancelled, Moved, Told
from services.notifier.domain.people import Person
from services.notifier.domain.states import Kind


def write_letter(say: Say, person: Person, links: JoinLinks) -> Letter:
    """Return the letter that says `say` to `person`; what is cancelled has no link."""
    first = say.sessions[0]
    kind, before = Kind.REMINDER, None
    dates = tuple(
        Date(starts_at=s.starts_at, timezone=s.timezone, link=links.for_(s, person))
        for s in say.sessions
    )
    match say.what:
        case Booked():
            kind = Kind.CONFIRMATION
        case Moved(left):
            kind, before = Kind.MOVED, Date(starts_at=left, timezone=first.timezone)
        case Cancelled(expected):
            kind, dates = Kind.CANCELLED, (Date(starts_at=expected, timezone=first.timezone),)
    return Letter(
        kind=kind, dates=dates, before=before, timezone=person.timezone, locale=person.locale
    )


def says(say: Say) -> tuple[Told, ...]:
    """Return what the person knows of each session once this has arrived.

    A reminder is no news: it changes nothing of what a notice has to say.
    """
    if say.what is None:
        return ()
    return tuple(
        Told(session_id=s.id, starts_at=s.starts_at, status=s.status) for s in say.sessions
    )
