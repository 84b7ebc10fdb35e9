"""From what is to be said to the one mail that says it, in the claim's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.decide import Say, Saying
from services.notifier.domain.invitations import Place, Series, course_of, invitation, invites
from services.notifier.domain.links import Links
from services.notifier.domain.mail import Calendar, CannotBeWritten, Mail, plain_address
from services.notifier.domain.names import Letterhead, Names
from services.notifier.domain.people import Person, Role
from services.notifier.domain.sessions import Matter
from services.notifier.domain.writing import Pen, write_letter
from services.notifier.rendering.dates import locale_of
from services.notifier.rendering.render import render
from services.notifier.store import people, sessions
from services.notifier.store.claims import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is at hand for one attempt; `repeatable` as the channel says, `now` in UTC."""

    links: Links
    letterhead: Letterhead
    repeatable: bool
    now: datetime


async def compose(
    conn: AsyncConnection, claim: Claim, say: Saying, person: Person, desk: Desk
) -> Mail:
    """Return the mail of `claim` to `person`, or raise `BadAddress` or `CannotBeWritten`.

    What is read comes first: an error of the database is worth another try, and none other is.
    """
    to = plain_address(person.email)
    names = await _names(conn, say, desk)
    series = await _series(conn, say, person)
    try:
        letter = write_letter(
            claim.kind, say, person, Pen(links=desk.links, now=desk.now, names=names)
        )
        words = render(letter)
        return Mail(
            delivery_id=claim.id,
            to=to,
            subject=words.subject,
            text=words.text,
            html=words.html,
            unsubscribe=letter.unsubscribe,
            from_name=letter.signed,
            calendar=_calendar(say, person, series, to, desk),
        )
    except Exception as error:
        raise CannotBeWritten from error


async def _names(conn: AsyncConnection, say: Saying, desk: Desk) -> Names | None:
    """Return who may be named; where nobody may, no name is even read."""
    if desk.letterhead.practice is None:
        return None
    held = {item.session.clinician_id for item in say.items} if isinstance(say, Say) else set()
    known = await people.known_people(conn, held) if held else {}
    return Names(
        practice=desk.letterhead.practice,
        clinicians={each.id: each.name for each in known.values() if each.role is Role.CLINICIAN},
    )


async def _series(conn: AsyncConnection, say: Saying, person: Person) -> Series | None:
    """Return the course that goes into the reader's calendar as one entry, if it does."""
    if not isinstance(say, Say) or not invites(say, person):
        return None
    course_id = course_of(say)
    if course_id is None:
        return None
    return Series(
        course_id=course_id,
        revisions=await sessions.revision_of(conn, Matter(course_id=course_id)),
        sessions=tuple(await sessions.hold_course(conn, course_id, person.client_id)),
    )


def _calendar(
    say: Saying, person: Person, series: Series | None, to: str, desk: Desk
) -> Calendar | None:
    """Return what goes into the reader's calendar, if they want that and there is something."""
    if not isinstance(say, Say) or not invites(say, person):
        return None
    # Only here: most people want none, and the library costs memory and a tenth of a second.
    from services.notifier.ics.invitation import Envelope, icalendar

    held = [item.session for item in say.items] if series is None else series.sessions
    comes = person.role is Role.CLIENT
    places = [
        Place(session=each, link=desk.links.joining(each, person) if comes else None)
        for each in held
    ]
    wanted = invitation(say, person, series, places)
    envelope = Envelope(
        organizer=desk.letterhead.address,
        attendee=to,
        language=locale_of(person.locale).language,
        written_at=desk.now,
    )
    return Calendar(method=wanted.method.value, content=icalendar(wanted, envelope))
