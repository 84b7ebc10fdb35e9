"""Links in mail: signed here, with nothing stored, and checked by whoever serves the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.notifier.domain.offers import Offer
from services.notifier.domain.people import Person
from services.notifier.domain.sessions import Session
from shared.links import Link, Purpose, about_address, about_kind, sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where the pages are, without a last slash, and the secret that signs."""

    public_url: str
    secret: str = field(repr=False)

    def joining(self, session: Session, person: Person) -> str:
        """Return the address at which `person` alone joins `session`."""
        token = self._token(Purpose.JOIN, session.id, person, session.links_expire_at)
        return f"{self.public_url}/join/{token}"

    def changing(self, session: Session, person: Person) -> str:
        """Return the address at which `person` confirms, cancels, or finds another time."""
        token = self._token(Purpose.APPOINTMENT, session.id, person, session.links_expire_at)
        return f"{self.public_url}/appointments/{token}"

    def taking(self, offer: Offer, person: Person) -> str:
        """Return the address at which `person` takes or declines `offer`."""
        token = self._token(Purpose.OFFER, offer.id, person, offer.expires_at)
        return f"{self.public_url}/offers/{token}"

    def confirming(self, person: Person, ends: datetime) -> str:
        """Return the address at which `person` says that mail to their address arrives."""
        token = self._token(Purpose.ADDRESS, about_address(person.email), person, ends)
        return f"{self.public_url}/addresses/{token}"

    def unsubscribing(self, kind: str, person: Person, ends: datetime) -> str:
        """Return the address at which `person` ends mail of this kind, by one POST (RFC 8058)."""
        token = self._token(Purpose.MAIL, about_kind(kind), person, ends)
        return f"{self.public_url}/unsubscribe/{token}"

    def _token(self, purpose: Purpose, about: UUID, person: Person, ends: datetime) -> str:
        link = Link(
            purpose=purpose,
            session_id=about,
            person_id=person.id,
            generation=person.link_generation,
            expires_at=ends,
        )
        return sign(link, self.secret)
