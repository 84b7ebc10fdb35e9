"""Join links: signed here, with nothing stored, and checked by whoever serves the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.notifier.domain.people import Person
from services.notifier.domain.sessions import Session
from shared.links import Link, Purpose, sign


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLinks:
    """Where the pages are, without a last slash, and the secret that signs."""

    public_url: str
    secret: str = field(repr=False)

    def for_(self, session: Session, person: Person) -> str:
        """Return the address at which `person` alone joins `session`."""
        link = Link(
            purpose=Purpose.JOIN,
            session_id=session.id,
            person_id=person.id,
            generation=person.link_generation,
            expires_at=session.links_expire_at,
        )
        return f"{self.public_url}/join/{sign(link, self.secret)}"
