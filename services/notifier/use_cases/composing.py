"""From what is to be said to the one mail that says it, in the claim's own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.domain.decide import Say, Saying
from services.notifier.domain.links import Links
from services.notifier.domain.mail import Mail, plain_address
from services.notifier.domain.names import Letterhead, Names
from services.notifier.domain.people import Person, Role
from services.notifier.domain.writing import Pen, write_letter
from services.notifier.rendering.render import render
from services.notifier.store import people
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
    """Return the mail of `claim` to `person`, or raise `BadAddress`."""
    to = plain_address(person.email)
    names = await _names(conn, say, desk)
    letter = write_letter(claim.kind, say, person, Pen(links=desk.links, now=desk.now, names=names))
    words = render(letter)
    return Mail(
        delivery_id=claim.id,
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        unsubscribe=letter.unsubscribe,
        from_name=letter.signed,
    )


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
